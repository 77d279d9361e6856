"""The answers of one submission, laid over its form.

Most nodes of a form are in no repeat: a document has one of each. Their answers stand in columns,
by the index of the node, where reading, rules and findings get at them without a search. Nodes in
repeats are Items, as many as were sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forms.datatypes import READERS
from forms.plan import Part, Plan
from forms.schema import Node
from forms.xpath.context import NO_KIDS, Item
from forms.xpath.values import Value

MAX_INSTANCES = 1_000  # of one repeat within its parent; sums over repeats stay affordable


class Answers:
    """`texts`, `values` and `relevant` are of the nodes outside repeats, by index.

    `items` holds, by the index of a node in repeats, every Item in document order. `strangers` are
    paths of elements that the form does not have; `surplus` are paths of repeats with more
    instances than MAX_INSTANCES, the rest of which was left out.
    """

    __slots__ = (
        "items",
        "named",
        "plan",
        "relevant",
        "singles",
        "strangers",
        "surplus",
        "texts",
        "values",
    )

    def __init__(self, plan: Plan) -> None:
        size = len(plan.parts)
        self.plan = plan
        self.texts: list[str] = [""] * size
        self.values: list[Value] = [""] * size
        self.relevant: list[bool] = [True] * size
        self.items: dict[int, list[Item]] = {index: [] for index in plan.instanced}
        self.singles: dict[int, Item] = {}
        self.strangers: list[str] = []
        self.surplus: list[str] = []
        self.named: set[str] = set()  # what has been told of either, because once is enough

    def item(self, index: int) -> Item:
        """Return a node outside repeats as an Item."""
        found = self.singles.get(index)
        if found is None:
            found = self.singles[index] = _Single(self, self.plan.parts[index])
        return found

    def all(self, index: int) -> Sequence[Item]:
        """Return every Item of a node, in document order."""
        return (self.item(index),) if self.plan.parts[index].alone else self.items[index]

    def release(self) -> None:
        """Let go of Items, which hold each other, without waiting for the collector."""
        for index in self.plan.instanced:
            for item in self.items[index]:
                item.kids = NO_KIDS
        self.singles.clear()


class _Single(Item):
    """A node outside repeats, for whoever asks for it as an Item: the columns hold its state."""

    __slots__ = ("answers", "index")

    def __init__(self, answers: Answers, part: Part) -> None:
        self.node = part.node
        self.parent = answers.item(part.parent) if part.index else None
        self.position = 1
        self.kids = NO_KIDS if part.leaf else _Kids(answers, part.parts)
        self.answers = answers
        self.index = part.index

    @property
    def text(self) -> str:
        return self.answers.texts[self.index]

    @text.setter
    def text(self, text: str) -> None:
        self.answers.texts[self.index] = text

    @property
    def value(self) -> Value:
        return self.answers.values[self.index]

    @value.setter
    def value(self, value: Value) -> None:
        self.answers.values[self.index] = value

    @property
    def relevant(self) -> bool:
        return self.answers.relevant[self.index]

    @relevant.setter
    def relevant(self, relevant: bool) -> None:
        self.answers.relevant[self.index] = relevant


class _Kids(Mapping[str, Any]):
    """The children of a node outside repeats."""

    __slots__ = ("answers", "parts")

    def __init__(self, answers: Answers, parts: Mapping[str, Part]) -> None:
        self.answers = answers
        self.parts = parts

    def __getitem__(self, name: str) -> Item | list[Item]:
        part = self.parts[name]
        if part.repeats:
            return self.answers.items[part.index]
        return self.answers.item(part.index)

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)


def read_value(node: Node, text: str) -> Value:
    """Return the value an expression sees for a stored text."""
    reader = READERS.get(node.type)
    return reader(text) if reader is not None and text else text


def set_text(item: Item, text: str) -> None:
    """Give a leaf an answer."""
    item.text = text
    item.value = read_value(item.node, text)


def path_of(item: Item) -> str:
    """Return the path with positions in repeats: /data/visit[2]/result."""
    if item.node.repeat is None:
        return item.node.path
    assert item.parent is not None
    step = f"{path_of(item.parent)}/{item.node.name}"
    return f"{step}[{item.position}]" if item.node.kind == "repeat" else step


# -- what is not relevant -----------------------------------------------------------------------
def put_aside(part: Part, answers: Answers) -> None:
    """Let a node outside repeats, and all below it, be irrelevant: they read as empty."""
    if part.leaf:
        answers.relevant[part.index] = False
        answers.values[part.index] = ""
        return
    below = part.end - part.index
    answers.relevant[part.index : part.end] = [False] * below
    answers.values[part.index : part.end] = [""] * below
    for index in part.instanced:
        for item in answers.items[index]:
            item.relevant = False
            item.value = ""


def put_item_aside(item: Item) -> None:
    """Let a node in a repeat, and all below it, be irrelevant."""
    item.relevant = False
    item.value = ""
    for kid in item.kids.values():
        for one in kid if type(kid) is list else (kid,):
            put_item_aside(one)


# -- what is not there --------------------------------------------------------------------------
def empty_answers(plan: Plan) -> Answers:
    """Return an unanswered form: its static defaults, and one instance of each repeat."""
    answers = Answers(plan)
    for part in plan.parts:
        if part.alone and part.leaf and part.node.default:
            set_text(answers.item(part.index), part.node.default)
        elif part.repeats and plan.parts[part.parent].alone:
            add_instance(answers.item(part.parent), part, answers)
    return answers


def add_instance(parent: Item, part: Part, answers: Answers) -> Item:
    """Append one more instance of a repeat, with its static defaults."""
    item = new_instance(parent, part, answers)
    _add_missing(item, part, answers, defaults=True)
    if not parent.relevant:
        put_item_aside(item)
    return item


def new_instance(parent: Item, part: Part, answers: Answers) -> Item:
    """Append one more instance of a repeat, without children yet."""
    instances = parent.kids[part.name]
    item = Item(part.node, parent, len(instances) + 1)
    instances.append(item)
    if instances is not answers.items[part.index]:
        answers.items[part.index].append(item)
    return item


def _add_missing(item: Item, part: Part, answers: Answers, *, defaults: bool) -> None:
    """Give an Item every child that its node has: nothing answered, no instance of a repeat.

    With `defaults`, leaves hold their static default and repeats have their first instance.
    """
    kids = part.blank()
    item.kids = kids
    for name, below in part.parts.items():
        if not below.repeats:
            kids[name] = new_kid(item, below, answers, defaults=defaults)
        elif defaults:
            add_instance(item, below, answers)


def new_kid(parent: Item, part: Part, answers: Answers, *, defaults: bool) -> Item:
    """Make a child that nobody sent."""
    item = Item(part.node, parent)
    answers.items[part.index].append(item)
    if not part.leaf:
        _add_missing(item, part, answers, defaults=defaults)
    elif defaults and part.node.default:
        set_text(item, part.node.default)
    return item
