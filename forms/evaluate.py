"""Relevance and calculations of a whole submission, each node once, in the order of need."""

from collections.abc import Callable

from forms.answers import Answers, read_value
from forms.schema import Node, Questionnaire
from forms.xpath.context import Item, Unknown, World
from forms.xpath.values import Value, to_bool

Recalculate = Callable[[World, Item], Value]


def evaluate(
    questionnaire: Questionnaire,
    answers: Answers,
    world: World,
    recalculate: Recalculate,
    before: Callable[[Node], None] | None = None,
) -> None:
    """Set `relevant` and `value` of every Item.

    `recalculate` answers the value of a calculated Item; `before` runs as each node's turn comes.
    """
    for node in questionnaire.order:
        if before is not None:
            before(node)
        for item in answers.items[node.index]:
            parent = item.parent
            item.relevant = (parent is None or parent.relevant) and own_relevance(node, world, item)
            if not item.relevant:
                item.value = ""
            elif node.calculate is not None:
                item.value = recalculate(world, item)


def own_relevance(node: Node, world: World, item: Item) -> bool:
    """Whether a node is relevant by its own rule, leaving aside the groups around it."""
    if node.relevant is None:
        return True
    try:
        return to_bool(node.relevant(world, item))
    except Unknown:
        return has_answer(item)  # what cannot be known here is as the device says


def has_answer(item: Item) -> bool:
    """Whether an answer is stored in a node or below it."""
    if item.text:
        return True
    for child in item.kids.values():
        if any(map(has_answer, child)) if type(child) is list else has_answer(child):
            return True
    return False


def calculated(world: World, item: Item) -> Value:
    """Return the calculation's value; what was stored where it cannot be known here."""
    node = item.node
    assert node.calculate is not None
    try:
        return not_nan(node.calculate(world, item))
    except Unknown:
        return read_value(node, item.text)


def not_nan(value: Value) -> Value:
    """NaN makes an empty node."""
    return "" if value != value else value  # noqa: PLR0124 - only NaN differs from itself
