"""The primary instance of a form: which nodes there are, and what they hold at first."""

import re
from dataclasses import dataclass, field

from lxml import etree

from forms.body import jr
from forms.errors import UnsupportedForm
from forms.safexml import local_name
from forms.xpath.shape import Shape

_OWNER = re.compile(r"([\w.\-]+)\s*/\s*(?:@|attribute::)")


@dataclass(slots=True)
class Primary:
    """The tree of the instance; texts of its leaves and attributes, and copies, by path.

    `copies` counts how often a node stands beside another of its name, templates left aside.
    """

    element: etree._Element
    root: Shape
    defaults: dict[str, str] = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)
    twice: dict[str, Shape] = field(default_factory=dict)

    def settle(self) -> None:
        """See that only what repeats stands more than once, now that this is known."""
        for path, shape in self.twice.items():
            if not shape.repeat:
                if not shape.children:
                    raise UnsupportedForm(f"{path} stands twice in the instance, and is no repeat")
                shape.repeat = True


def read_primary(model: etree._Element) -> Primary:
    """Read the first instance of a model. Raises UnsupportedForm."""
    instance = model.find("{*}instance")
    if instance is None or len(instance) != 1:
        raise UnsupportedForm("The first <instance> must hold one root element")
    element = instance[0]
    primary = Primary(element, Shape(local_name(element)))
    _plant(primary, element, primary.root, _owners(model))
    return primary


def _owners(model: etree._Element) -> set[str]:
    """Return the names of nodes whose attributes some path of the form leads to; mostly none."""
    return {
        owner
        for element in model.iter()
        for value in element.values()
        if "@" in value or "::" in value
        for owner in _OWNER.findall(str(value))
    }


def _plant(primary: Primary, element: etree._Element, shape: Shape, owners: set[str]) -> None:
    """Grow the shape from the instance; a template and its copies are one node.

    A leaf with a text of its own keeps that, and has no attributes.
    """
    if shape.name in owners and (len(element) or not (element.text or "").strip()):
        _plant_attributes(primary, element, shape)
    met: set[str] = set()
    for child in element:
        name = local_name(child)
        path = f"{shape.path}/{name}"
        template = child.get(jr("template")) is not None
        primary.copies[path] = primary.copies.get(path, 0) + (not template)
        below = shape.children.get(name) or Shape(name, shape)
        if name in met:
            primary.twice[path] = below
        met.add(name)
        _plant(primary, child, below, owners)
        if not len(child) and not below.children:
            primary.defaults.setdefault(path, (child.text or "").strip())


def _plant_attributes(primary: Primary, element: etree._Element, shape: Shape) -> None:
    for name, value in element.items():
        if name != jr("template"):
            local = f"@{str(name).rpartition('}')[2]}"
            below = shape.children.get(local) or Shape(local, shape)
            primary.defaults.setdefault(below.path, str(value).strip())
