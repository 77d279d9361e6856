"""Sets of nodes: counting, summing, positions, repeats."""

import hashlib
import math
from collections.abc import Callable, Sequence
from typing import Any

from forms.xpath.context import Item, Unknown, World
from forms.xpath.operand import (
    Context,
    Evaluator,
    Function,
    Functions,
    Here,
    Operand,
)
from forms.xpath.shape import Shape
from forms.xpath.syntax import Expr
from forms.xpath.values import NAN, Value, to_number, to_text

_MODULUS = 2**31 - 1  # Park and Miller's minimal standard generator, as ODK specifies
_MULTIPLIER = 16807
_NEARLY_NOTHING = math.ulp(0.0)


def _count(context: Context, operands: Sequence[Operand]) -> Evaluator:
    nodes = operands[0].nodes
    if nodes is None:
        raise context.refuse("count() takes a path;")
    return lambda world, here: float(len(nodes(world, here)))


def _count_non_empty(context: Context, operands: Sequence[Operand]) -> Evaluator:
    """Count answers, and groups whatever they hold."""
    nodes, values = operands[0].nodes, operands[0].values
    if nodes is None or values is None:
        raise context.refuse("count-non-empty() takes a path;")
    target = operands[0].target
    if target is not None and target.children:
        return lambda world, here: float(len(nodes(world, here)))
    return lambda world, here: float(sum(value != "" for value in values(world, here)))


def _over(fold: Callable[[list[float]], float], least: int = 0) -> Function:
    """Make a number from all numbers among the nodes; what is not a number is skipped.

    Sums go from node to node without correction, so that the last digits are JavaRosa's.
    """

    def build(_: Context, operands: Sequence[Operand]) -> Evaluator:
        parts = [operand.all_values() for operand in operands]

        def evaluate(world: World, here: Here) -> float:
            numbers = [to_number(v) for part in parts for v in part(world, here)]
            return fold([number for number in numbers if not math.isnan(number)])

        return evaluate

    return Function(build, least, None)


def _largest(numbers: list[float]) -> float:
    """Return the largest number; as in JavaRosa, none of it is below the smallest positive one."""
    return max(*numbers, _NEARLY_NOTHING) if numbers else NAN


def _position(context: Context, operands: Sequence[Operand]) -> Evaluator:
    """Return the place of a repeat instance, or of the node being filtered; counted from 1."""
    if not operands:
        if context.filtering:
            return lambda world, _here: float(world.index)
        return lambda world, here: float(world.at(here).position)
    nodes = operands[0].nodes
    if nodes is None:
        raise context.refuse("position() takes the path of a repeat;")

    def evaluate(world: World, here: Here) -> float:
        items = nodes(world, here)
        return float(getattr(items[0], "position", 1)) if items else 0.0

    return evaluate


def _indexed_repeat(context: Context, operands: Sequence[Operand]) -> Evaluator:
    """Return the value of a node in the n-th instance of each repeat named."""
    target = operands[0].target
    if target is None or len(operands) % 2 == 0:
        raise context.refuse("indexed-repeat() takes a node, then repeats each with a number;")
    numbers: dict[str, Evaluator] = {}
    lineage = {shape.path for shape in target.lineage() if shape.repeat}
    for repeat, number in zip(operands[1::2], operands[2::2], strict=True):
        if repeat.target is None or repeat.target.path not in lineage:
            raise context.refuse("indexed-repeat() takes repeats that hold its node;")
        numbers[repeat.target.path] = number.value
    return _walk(target, numbers)


def _walk(target: Shape, numbers: dict[str, Evaluator]) -> Evaluator:
    steps = [(s.name, s.repeat, numbers.get(s.path)) for s in target.lineage()[1:]]

    def evaluate(world: World, here: Here) -> Value:
        item: Any = world.root
        for name, repeat, number in steps:
            item = item.kids[name]
            if not repeat:
                continue
            at = _own(world.current, item) if number is None else number(world, here)
            place = to_number(at)
            index = int(place) if 1 <= place <= len(item) + 1.0 else int(not place > 1)
            if not 1 <= index <= len(item):
                return ""
            item = item[index - 1]
        return item.value  # type: ignore[no-any-return] # an Item

    return evaluate


def _own(current: Item, instances: Sequence[Item]) -> float:
    """Return the instance around the current node, or the first one when it is elsewhere."""
    node: Item | None = current
    while node is not None:
        if any(node is one for one in instances):
            return float(node.position)
        node = node.parent
    return 1.0


def _randomize(context: Context, operands: Sequence[Operand], tree: Expr) -> Operand:
    """Reorder nodes: by a seed as ODK does it, else by the device's chance."""
    source = operands[0]
    if source.nodes is None or source.values is None:
        raise context.refuse("randomize() takes a path;")
    seed = operands[1].value if len(operands) > 1 else None
    if seed is None:
        context.facts.volatile = True
    nodes, values = source.nodes, source.values

    def shuffled(world: World, here: Here) -> Sequence[Value]:
        return _shuffle(values(world, here), _seed(world, here, seed))

    def first(world: World, here: Here) -> Value:
        return next(iter(shuffled(world, here)), "")

    return Operand(tree, first, shuffled, nodes, plural=True)


def _seed(world: World, here: Here, seed: Evaluator | None) -> int:
    if seed is not None:
        given = seed(world, here)
        number = to_number(given)
        return int(number) if math.isfinite(number) else _hashed(to_text(given))
    if world.chance is None:
        raise Unknown
    return int(world.chance() * _MODULUS)


def _hashed(text: str) -> int:
    """Make a seed of a text that is no number; an empty one counts as 0."""
    if not text:
        return 0
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def _shuffle(values: Sequence[Value], seed: int) -> list[Value]:
    """Fisher and Yates, inside out, as ODK does it."""
    state = math.fmod(seed, _MODULUS)
    state = int(state if state > 0 else state + _MODULUS - 1)
    found: list[Value] = []
    for end, value in enumerate(values):
        state = state * _MULTIPLIER % _MODULUS
        other = int((state - 1) / (_MODULUS - 1) * (end + 1))
        found.append(found[other] if other < end else value)
        found[other] = value
    return found


FUNCTIONS: Functions = {
    "count": Function(_count, 1, 1),
    "count-non-empty": Function(_count_non_empty, 1, 1),
    "sum": _over(lambda numbers: sum(numbers, 0.0), 1),
    "min": _over(lambda numbers: min(numbers, default=NAN)),
    "max": _over(_largest),
    "position": Function(_position, 0, 1),
    "indexed-repeat": Function(_indexed_repeat, 3, 11),
    "randomize": Function(_count, 1, 2, many=_randomize),
}
