"""Relevance and calculations of a whole submission, each node once, in the order of need."""

from collections.abc import Callable

from forms.answers import Answers, fetch_absent, put_aside, read_value
from forms.schema import Node
from forms.xpath.compile import Expression
from forms.xpath.context import Item, Unknown, World
from forms.xpath.values import Value, to_bool

Recalculate = Callable[[World, Item], Value]


def evaluate(
    answers: Answers,
    world: World,
    recalculate: Recalculate,
    before: Callable[[Node], None] | None = None,
) -> None:
    """Set `relevant` and `value` of Items that were all relevant, as read.

    `recalculate` answers the value of a calculated Item; `before` runs as the turn of each node
    with a rule comes. What is not relevant takes all below it along, so that the many nodes
    without a rule need no turn.
    """
    for step in answers.plan.steps:
        if before is not None:
            before(step.part.node)
        rule, calculated = step.relevant, step.calculate is not None
        for item in answers.items[step.part.index]:
            if not item.relevant:
                continue
            if rule is not None:
                if not _holds(rule, world, item):
                    put_aside(item, step.part, answers)
                    continue
                fetch_absent(item, step.part, answers)
            if calculated:
                item.value = recalculate(world, item)


def own_relevance(node: Node, world: World, item: Item) -> bool:
    """Whether a node is relevant by its own rule, leaving aside the groups around it."""
    return node.relevant is None or _holds(node.relevant, world, item)


def _holds(rule: Expression, world: World, item: Item) -> bool:
    try:
        return to_bool(rule(world, item))
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
