"""The answers of one submission as a tree of Items that expressions can walk."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from forms.datatypes import READERS
from forms.safexml import local_name
from forms.schema import Node
from forms.xpath.context import Item
from forms.xpath.values import Value

MAX_INSTANCES = 1_000  # of one repeat within its parent; sums over repeats stay affordable


@dataclass(slots=True)
class Answers:
    """`items` holds, by the index of its node, every Item in document order.

    `strangers` are paths of elements that the form does not have; `surplus` are paths of repeats
    with more instances than MAX_INSTANCES, the rest of which was left out.
    """

    root: Item
    items: list[list[Item]]
    strangers: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)


def read_answers(root: Node, size: int, element: etree._Element) -> Answers:
    """Lay a submission over the form of `size` nodes; what is missing becomes empty."""
    item = Item(root, None)
    answers = Answers(item, [[] for _ in range(size)])
    if local_name(element) != root.name:
        answers.strangers.append(f"/{local_name(element)}")
    _fill_group(item, element, answers)
    return answers


def empty_answers(root: Node, size: int) -> Answers:
    """Return an unanswered form: its static defaults, and one instance of each repeat."""
    item = Item(root, None)
    answers = Answers(item, [[] for _ in range(size)])
    add_missing(item, answers, defaults=True)
    return answers


def read_value(node: Node, text: str) -> Value:
    """Return the value an expression sees for a stored text."""
    reader = READERS.get(node.type)
    return reader(text) if reader is not None and text else text


def set_text(item: Item, text: str) -> None:
    """Give a leaf an answer."""
    item.text = text
    item.value = read_value(item.node, text)


def add_missing(item: Item, answers: Answers, *, defaults: bool = False) -> None:
    """Give an Item the children that its node has and it lacks, and enter it in the index."""
    answers.items[item.node.index].append(item)
    for name, node in item.node.children.items():
        if node.kind != "repeat":
            child = item.kids[name] = Item(node, item)
            if defaults and node.default:
                set_text(child, node.default)
            add_missing(child, answers, defaults=defaults)
        else:
            item.kids[name] = []
            if defaults:
                add_instance(item, node, answers)


def add_instance(parent: Item, node: Node, answers: Answers) -> Item:
    """Append one more instance of a repeat, with its static defaults."""
    instances = parent.kids[node.name]
    item = Item(node, parent, len(instances) + 1)
    instances.append(item)
    add_missing(item, answers, defaults=True)
    return item


def _fill_group(item: Item, element: etree._Element, answers: Answers) -> None:
    item.present = True
    answers.items[item.node.index].append(item)
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        found.setdefault(local_name(child), []).append(child)
    for name, node in item.node.children.items():
        elements = found.pop(name, ())
        if node.kind == "repeat":
            _fill_repeat(item, node, elements, answers)
        elif elements:
            item.kids[name] = _filled(item, node, elements[0], answers)
            answers.strangers += [path_of(item.kids[name])] * (len(elements) - 1)
        else:
            item.kids[name] = Item(node, item)
            add_missing(item.kids[name], answers)
    answers.strangers += [f"{path_of(item)}/{name}" for name in found if not _is_meta(item, name)]


def _fill_repeat(
    parent: Item, node: Node, elements: Sequence[etree._Element], answers: Answers
) -> None:
    instances: list[Item] = []
    parent.kids[node.name] = instances
    if len(elements) > MAX_INSTANCES:
        answers.surplus.append(f"{path_of(parent)}/{node.name}")
    for position, element in enumerate(elements[:MAX_INSTANCES], 1):
        item = Item(node, parent, position)
        instances.append(item)
        _fill_group(item, element, answers)


def _filled(parent: Item, node: Node, element: etree._Element, answers: Answers) -> Item:
    item = Item(node, parent)
    if not node.is_leaf:
        _fill_group(item, element, answers)
        return item
    item.present = True
    answers.items[node.index].append(item)
    text = element.text
    if text and (text := text.strip()):
        set_text(item, text)
    if len(element):
        answers.strangers += [f"{path_of(item)}/{local_name(child)}" for child in element]
    return item


# what OpenRosa clients may add to the meta block whether or not the form asks for it
_META = frozenset(
    [
        "instanceID",
        "deprecatedID",
        "instanceName",
        "timeStart",
        "timeEnd",
        "userID",
        "deviceID",
        "simSerial",
        "subscriberID",
        "phoneNumber",
        "username",
        "email",
        "audit",
        "background-audio",
        "entity",
    ]
)


def _is_meta(item: Item, name: str) -> bool:
    if item.node.name == "meta":
        return name in _META
    return name == "meta" and item.parent is None


def path_of(item: Item) -> str:
    """Return the path with positions in repeats: /data/visit[2]/result."""
    if item.node.repeat is None:
        return item.node.path
    assert item.parent is not None
    step = f"{path_of(item.parent)}/{item.node.name}"
    return f"{step}[{item.position}]" if item.node.kind == "repeat" else step
