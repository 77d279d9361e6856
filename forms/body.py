"""The body of an XForm: which nodes are asked, how, and with which choices."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from forms.errors import UnsupportedForm
from forms.safexml import local_name

_CONTROLS = frozenset(
    ["input", "select", "select1", "rank", "upload", "trigger", "range", "secret"]
)
_DECORATION = frozenset(
    ["label", "hint", "value", "item", "itemset", "setgeopoint", "help", "alert"]
)
_JR = "{http://openrosa.org/javarosa}"


@dataclass(frozen=True, slots=True)
class Control:
    """One control or group of the body."""

    kind: str  # the element's name
    element: etree._Element


@dataclass(slots=True)
class Body:
    """Controls, groups and repeats by the path they are about; actions with their trigger."""

    controls: dict[str, Control] = field(default_factory=dict)
    groups: dict[str, etree._Element] = field(default_factory=dict)
    repeats: dict[str, etree._Element] = field(default_factory=dict)
    actions: list[tuple[etree._Element, str | None]] = field(default_factory=list)


def read_body(root: etree._Element) -> Body:
    """Walk the body once. Raises UnsupportedForm for a control we do not know."""
    body = Body()
    element = root.find("{*}body")
    if element is None:
        raise UnsupportedForm("The form has no <h:body>: is it an XForm made by pyxform?")
    for child in element:
        _visit(child, body)
    return body


def _visit(element: etree._Element, body: Body) -> None:
    name = local_name(element)
    if name == "group":
        if element.get("ref"):
            body.groups[element.get("ref", "")] = element
        _inside(element, body)
    elif name == "repeat":
        body.repeats[_reference(element, "nodeset")] = element
        _inside(element, body)
    elif name in _CONTROLS:
        path = _reference(element, "ref")
        body.controls[path] = Control(name, element)
        for action in element.iterfind("{*}setvalue"):
            body.actions.append((action, path))
    elif name == "setvalue":
        body.actions.append((element, None))
    elif name not in _DECORATION:
        raise UnsupportedForm(f"The control <{name}> is not supported")


def _inside(element: etree._Element, body: Body) -> None:
    for child in element:
        _visit(child, body)


def _reference(element: etree._Element, attribute: str) -> str:
    path = element.get(attribute, "")
    if not path.startswith("/"):
        raise UnsupportedForm(
            f'<{local_name(element)}> needs {attribute}="/…", the full path of its node'
        )
    return path


def written_items(element: etree._Element) -> Iterator[tuple[str, etree._Element | None]]:
    """Choices written inside a control: value and label element."""
    for item in element.iterfind("{*}item"):
        yield (item.findtext("{*}value") or "").strip(), item.find("{*}label")


def jr(name: str) -> str:
    """Return an attribute name in JavaRosa's namespace."""
    return f"{_JR}{name}"
