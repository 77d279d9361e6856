"""Relevance and calculations of a whole submission, each node once, in the order of need."""

from collections.abc import Callable

from forms.answers import Answers, put_aside, put_item_aside, read_value
from forms.plan import Step
from forms.schema import Node
from forms.xpath.context import Item, Unknown, World
from forms.xpath.operand import Evaluator, Here
from forms.xpath.values import Value, to_bool

# (world, node, where it is, text that is stored there) → the value of a calculation
Recalculate = Callable[[World, Node, Here, str], Value]


def evaluate(
    answers: Answers,
    world: World,
    recalculate: Recalculate,
    before: Callable[[Node], None] | None = None,
) -> None:
    """Set relevance and values of answers that were all relevant, as read.

    `recalculate` answers the value of a calculation; `before` runs as the turn of each node with a
    rule comes. What is not relevant takes all below it along, so that the many nodes without a
    rule need no turn.
    """
    relevant, values, texts = answers.relevant, answers.values, answers.texts
    for step in answers.plan.steps:
        if before is not None:
            before(step.node)
        index = step.index
        if not step.alone:
            _evaluate_items(step, answers, world, recalculate)
        elif relevant[index]:
            if step.relevant is not None and not _holds(step.relevant, world, index):
                put_aside(step.part, answers)
            elif step.calculated:
                values[index] = recalculate(world, step.node, index, texts[index])


def _evaluate_items(step: Step, answers: Answers, world: World, recalculate: Recalculate) -> None:
    for item in answers.items[step.index]:
        if item.relevant:
            if step.relevant is not None and not _holds(step.relevant, world, item):
                put_item_aside(item)
            elif step.calculated:
                item.value = recalculate(world, step.node, item, item.text)


def own_relevance(node: Node, world: World, item: Item) -> bool:
    """Whether a node is relevant by its own rule, leaving aside the groups around it."""
    return node.relevant is None or _holds(node.relevant.evaluate, world, item)


def _holds(rule: Evaluator, world: World, here: Here) -> bool:
    world.here = here
    try:
        holds = rule(world, here)
    except Unknown:
        return has_answer(world.at(here))  # what cannot be known here is as the device says
    return holds if type(holds) is bool else to_bool(holds)


def has_answer(item: Item) -> bool:
    """Whether an answer is stored in a node or below it."""
    if item.text:
        return True
    for child in item.kids.values():
        if any(map(has_answer, child)) if type(child) is list else has_answer(child):
            return True
    return False


def calculated(world: World, node: Node, here: Here, text: str) -> Value:
    """Return the calculation's value; what was stored where it cannot be known here."""
    assert node.calculate is not None
    try:
        value = node.calculate(world, here)
    except Unknown:
        return read_value(node, text)
    return "" if value != value else value  # noqa: PLR0124 - NaN, which makes an empty node
