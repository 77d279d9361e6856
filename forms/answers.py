"""The answers of one submission as a tree of Items that expressions can walk."""

from dataclasses import dataclass, field
from itertools import chain

from lxml import etree

from forms.datatypes import READERS
from forms.plan import Part, Plan
from forms.safexml import local_name
from forms.schema import Node
from forms.xpath.context import NO_KIDS, Item
from forms.xpath.values import Value

MAX_INSTANCES = 1_000  # of one repeat within its parent; sums over repeats stay affordable


@dataclass(slots=True)
class Answers:
    """`items` holds, by the index of its node, every Item in document order.

    `strangers` are paths of elements that the form does not have; `surplus` are paths of repeats
    with more instances than MAX_INSTANCES, the rest of which was left out. `named` keeps what has
    been told of either, because once is enough.
    """

    root: Item
    plan: Plan
    items: list[list[Item]]
    strangers: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)

    def release(self) -> None:
        """Let go of the tree, whose Items hold each other, without waiting for the collector."""
        for part in self.plan.parts:
            if not part.leaf:
                for item in self.items[part.index]:
                    item.kids = NO_KIDS


def read_answers(plan: Plan, element: etree._Element) -> Answers:
    """Lay a submission over its form; what is missing becomes empty."""
    answers = _blank(plan)
    if local_name(element) != plan.root.name:
        answers.strangers.append(f"/{local_name(element)}")
    _read(answers.root, plan.root, element, answers)
    return answers


def empty_answers(plan: Plan) -> Answers:
    """Return an unanswered form: its static defaults, and one instance of each repeat."""
    answers = _blank(plan)
    _add_missing(answers.root, plan.root, answers, defaults=True)
    return answers


def _blank(plan: Plan) -> Answers:
    item = Item(plan.root.node, None)
    answers = Answers(item, plan, [[] for _ in plan.parts])
    answers.items[plan.root.index].append(item)
    return answers


def read_value(node: Node, text: str) -> Value:
    """Return the value an expression sees for a stored text."""
    reader = READERS.get(node.type)
    return reader(text) if reader is not None and text else text


def set_text(item: Item, text: str) -> None:
    """Give a leaf an answer."""
    item.text = text
    item.value = read_value(item.node, text)


def put_aside(item: Item, part: Part, answers: Answers) -> None:
    """Let a node and all below it be irrelevant: they read as empty."""
    if part.leaf or item.kids is part.absent:
        item.relevant = False
        item.value = ""
    elif part.alone:
        for one in chain.from_iterable(answers.items[part.index : part.end]):
            one.relevant = False
            one.value = ""
    else:
        _put_aside(item)


def _put_aside(item: Item) -> None:
    item.relevant = False
    item.value = ""
    for kid in item.kids.values():
        for one in kid if type(kid) is list else (kid,):
            _put_aside(one)


# -- what is not there --------------------------------------------------------------------------
def fetch_absent(item: Item, part: Part, answers: Answers) -> None:
    """Give a group that turns out to be relevant the children that nobody sent."""
    if item.kids is part.absent:
        _add_missing(item, part, answers)


def add_instance(parent: Item, node: Node, answers: Answers) -> Item:
    """Append one more instance of a repeat, with its static defaults."""
    return _instance(parent, answers.plan.parts[node.index], answers)


def _instance(parent: Item, part: Part, answers: Answers) -> Item:
    instances = parent.kids[part.name]
    item = Item(part.node, parent, len(instances) + 1)
    instances.append(item)
    answers.items[part.index].append(item)
    _add_missing(item, part, answers, defaults=True)
    if not parent.relevant:
        put_aside(item, part, answers)
    return item


def _add_missing(item: Item, part: Part, answers: Answers, *, defaults: bool = False) -> None:
    """Give an Item every child that its node has: nothing answered, no instance of a repeat.

    With `defaults`, leaves hold their static default and repeats have their first instance.
    """
    kids = part.blank()
    item.kids = kids
    for name, below in part.parts.items():
        if not below.repeats:
            kids[name] = _missing(item, below, answers, defaults=defaults)
        elif defaults:
            _instance(item, below, answers)


def _missing(parent: Item, part: Part, answers: Answers, *, defaults: bool) -> Item:
    item = Item(part.node, parent)
    answers.items[part.index].append(item)
    if part.leaf:
        if defaults and part.node.default:
            set_text(item, part.node.default)
    elif part.absent is not None and not defaults:
        item.kids = part.absent
    else:
        _add_missing(item, part, answers, defaults=defaults)
    return item


# -- what is there ------------------------------------------------------------------------------
def _read(item: Item, part: Part, element: etree._Element, answers: Answers) -> None:
    """Read the children of a group or an instance, in one pass over what was sent."""
    kids = part.blank()
    item.kids = kids
    parts, missing, items = part.parts, part.single, answers.items
    for child in element:
        leaf = parts.get(child.tag) or parts.get(local_name(child))
        if leaf is None or not leaf.leaf or kids[leaf.name] is not None:
            group = _read_other(item, leaf, child, answers)
            if group is not None:
                missing -= 1
                kids[group.node.name] = group
            continue
        missing -= 1
        kids[leaf.name] = one = Item(leaf.node, item)
        items[leaf.index].append(one)
        text = child.text
        if text and (text := text.strip()):
            one.text = text
            one.value = text if leaf.read is None else leaf.read(text)
        if len(child):
            answers.strangers += [f"{path_of(one)}/{local_name(below)}" for below in child]
    if missing:
        for name in [name for name, kid in kids.items() if kid is None]:
            kids[name] = _missing(item, parts[name], answers, defaults=False)


def _read_other(
    item: Item, part: Part | None, element: etree._Element, answers: Answers
) -> Item | None:
    """Read what is not the first leaf of its name; returns the Item of a group."""
    if part is None:
        _meet_stranger(item, local_name(element), answers)
    elif part.repeats:
        _read_instance(item, part, element, answers)
    elif item.kids[part.name] is not None:
        answers.strangers.append(path_of(item.kids[part.name]))
    else:
        group = Item(part.node, item)
        answers.items[part.index].append(group)
        _read(group, part, element, answers)
        return group
    return None


def _read_instance(parent: Item, part: Part, element: etree._Element, answers: Answers) -> None:
    instances = parent.kids[part.name]
    if len(instances) < MAX_INSTANCES:
        item = Item(part.node, parent, len(instances) + 1)
        instances.append(item)
        answers.items[part.index].append(item)
        _read(item, part, element, answers)
    else:
        _name(f"{path_of(parent)}/{part.name}", answers.surplus, answers)


def _meet_stranger(item: Item, name: str, answers: Answers) -> None:
    """Note an element that the form does not have, once for each name."""
    if not _is_meta(item, name):
        _name(f"{path_of(item)}/{name}", answers.strangers, answers)


def _name(path: str, among: list[str], answers: Answers) -> None:
    if path not in answers.named:
        answers.named.add(path)
        among.append(path)


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
