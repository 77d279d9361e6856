"""The body of an XForm: which nodes are asked, how, and with which choices."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from forms.errors import UnsupportedForm
from forms.references import References
from forms.safexml import local_name
from forms.xpath.shape import Shape

_CONTROLS = frozenset(
    ["input", "select", "select1", "rank", "upload", "trigger", "range", "secret"]
)
_DECORATION = frozenset(["label", "hint", "help", "alert", "value", "item", "itemset"])
ACTIONS = frozenset(["setvalue", "setgeopoint", "recordaudio"])
_JR = "{http://openrosa.org/javarosa}"


@dataclass(frozen=True, slots=True)
class Control:
    """One control or group of the body."""

    kind: str  # the element's name
    element: etree._Element


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repeat, and the node that its count is seen from."""

    element: etree._Element
    around: Shape


@dataclass(frozen=True, slots=True)
class Placed:
    """An action with the node it stands at, and the control whose change sets it off, if any."""

    element: etree._Element
    base: Shape
    trigger: str | None


@dataclass(slots=True)
class Body:
    """Controls, groups and repeats by the path they are about; actions with their trigger."""

    controls: dict[str, Control] = field(default_factory=dict)
    groups: dict[str, etree._Element] = field(default_factory=dict)
    repeats: dict[str, Repeat] = field(default_factory=dict)
    actions: list[Placed] = field(default_factory=list)


def read_body(root: etree._Element, references: References) -> Body:
    """Walk the body once, and let the nodes that repeat know it. Raises UnsupportedForm."""
    element = root.find("{*}body")
    if element is None:
        raise UnsupportedForm("The form has no <h:body>: is it an XForm made by pyxform?")
    reader = _Reader(references)
    reader.inside(element, references.root)
    return reader.body


class _Reader:
    """Gathers what the body says, element by element."""

    def __init__(self, references: References) -> None:
        self.references = references
        self.body = Body()

    def inside(self, element: etree._Element, around: Shape) -> None:
        for child in element:
            self.visit(child, around)

    def visit(self, element: etree._Element, around: Shape) -> None:
        name = local_name(element)
        if name in _CONTROLS:
            self.control(name, element, around)
        elif name == "group":
            self.group(element, around)
        elif name == "repeat":
            self.repeat(element, around)
        elif name in ACTIONS:
            self.body.actions.append(Placed(element, around, None))
        elif name not in _DECORATION:
            self.inside(element, around)  # what JavaRosa does not know, it looks through

    def control(self, name: str, element: etree._Element, around: Shape) -> None:
        target = self.references.of(element, around)
        if target is None:
            if name == "trigger":
                return
            raise UnsupportedForm(f'<{name}> needs ref="/…", the path of its node')
        self.body.controls[target.path] = Control(name, element)
        for child in element:
            if local_name(child) in ACTIONS:
                self.body.actions.append(Placed(child, target, target.path))

    def group(self, element: etree._Element, around: Shape) -> None:
        target = self.references.of(element, around)
        if target is None:
            target = self.references.of(element, around, "nodeset")
        if target is not None:
            self.body.groups[target.path] = element
        self.inside(element, target or around)

    def repeat(self, element: etree._Element, around: Shape) -> None:
        target = self.references.of(element, around, "nodeset")
        if target is None:
            raise UnsupportedForm('<repeat> needs nodeset="/…", the path of its node')
        if target.parent is None:
            raise UnsupportedForm(f"<repeat> is about {target.path}, the form's root")
        target.repeat = True
        self.body.repeats[target.path] = Repeat(element, around)
        self.inside(element, target)


def written_items(element: etree._Element) -> Iterator[tuple[str, etree._Element | None]]:
    """Choices written inside a control: value and label element."""
    for item in element.iterfind("{*}item"):
        yield (item.findtext("{*}value") or "").strip(), item.find("{*}label")


def jr(name: str) -> str:
    """Return an attribute name in JavaRosa's namespace."""
    return f"{_JR}{name}"
