"""The primary instance of a form: which nodes there are, and what they hold at first."""

from dataclasses import dataclass, field

from lxml import etree

from forms.body import jr
from forms.errors import UnsupportedForm
from forms.safexml import local_name
from forms.xpath.shape import Shape


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
    _plant(primary, element, primary.root, attributes=_asks_for_attributes(model))
    return primary


def _asks_for_attributes(model: etree._Element) -> bool:
    """Whether any path of the form may lead to an attribute; most forms have none."""
    return any(
        "@" in str(value) or "attribute::" in str(value)
        for element in model.iter()
        for name, value in element.items()
        if name not in ("id", "src")
    )


def _plant(primary: Primary, element: etree._Element, shape: Shape, *, attributes: bool) -> None:
    """Grow the shape from the instance; a template and its copies are one node."""
    if attributes:
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
        _plant(primary, child, below, attributes=attributes)
        if not len(child) and not below.children:
            primary.defaults.setdefault(path, (child.text or "").strip())


def _plant_attributes(primary: Primary, element: etree._Element, shape: Shape) -> None:
    for name, value in element.items():
        if name != jr("template"):
            local = f"@{str(name).rpartition('}')[2]}"
            below = shape.children.get(local) or Shape(local, shape)
            primary.defaults.setdefault(below.path, str(value).strip())
