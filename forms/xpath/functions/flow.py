"""Logic, choice between branches, and what only the device knows."""

import math
from collections.abc import Sequence

from forms.xpath.context import Unknown, World
from forms.xpath.operand import Build, Context, Evaluator, Function, Functions, Here, Operand, eager
from forms.xpath.pieces import Piece, holding, joined, truth
from forms.xpath.values import Value, to_bool, to_number, to_text


def _if(_: Context, operands: Sequence[Operand]) -> Piece:
    """Lazy: the branch not taken is not evaluated."""
    test, then, other = (operand.piece for operand in operands)
    return joined("({} if {} else {})", then, truth(test), other)


def _coalesce(_: Context, operands: Sequence[Operand]) -> Piece:
    """Take the other where the first is empty, or NaN, which differs from itself."""
    one, other = (operand.piece for operand in operands)
    return joined('(v if (v := {}) == v and v != "" else {})', one, other)


def _not(_: Context, operands: Sequence[Operand]) -> Piece:
    return joined("(not {})", truth(operands[0].piece), kind=bool)


def _once(context: Context, operands: Sequence[Operand]) -> Evaluator:
    """Keep what the node already holds; evaluate only into an empty one."""
    context.facts.volatile = True
    fresh = operands[0].value

    def evaluate(world: World, here: Here) -> Value:
        held = world.current.value
        return held if held != "" else fresh(world, here)

    return evaluate


def _random(context: Context, _: Sequence[Operand]) -> Evaluator:
    context.facts.volatile = True

    def evaluate(world: World, _here: Here) -> float:
        if world.chance is None:
            raise Unknown
        return world.chance()

    return evaluate


def _uuid(context: Context, _: Sequence[Operand]) -> Evaluator:
    context.facts.volatile = True

    def evaluate(world: World, _here: Here) -> str:
        if world.fresh_id is None:
            raise Unknown
        return world.fresh_id()

    return evaluate


def _property(context: Context, operands: Sequence[Operand]) -> Evaluator:
    """Only the device id is known, and only on the device."""
    context.facts.volatile = True
    name = operands[0].value

    def evaluate(world: World, here: Here) -> str:
        if to_text(name(world, here)) != "deviceid" or not world.device:
            raise Unknown
        return world.device

    return evaluate


def _limit(value: Value) -> int:
    number = to_number(value)
    return 0 if math.isnan(number) else int(max(-1e9, min(1e9, number)))


def _checklist(_: Context, operands: Sequence[Operand]) -> Evaluator:
    """Count what is true; a negative limit stands for none."""
    lowest, highest = operands[0].value, operands[1].value
    ticks = [operand.all_values() for operand in operands[2:]]

    def evaluate(world: World, here: Here) -> bool:
        least, most = _limit(lowest(world, here)), _limit(highest(world, here))
        score = sum(to_bool(tick) for part in ticks for tick in part(world, here))
        return (least < 0 or score >= least) and (most < 0 or score <= most)

    return evaluate


def _weighted_checklist(context: Context, operands: Sequence[Operand]) -> Evaluator | Piece:
    """Add up the weights of what is true; both limits count."""
    if len(operands) % 2:
        raise context.refuse("weighted-checklist() takes its ticks and weights in pairs;")
    lowest, highest = operands[0].value, operands[1].value
    pairs = [
        (tick.all_values(), weight.all_values())
        for tick, weight in zip(operands[2::2], operands[3::2], strict=True)
    ]

    def evaluate(world: World, here: Here) -> bool:
        score = 0.0
        for ticks, weights in pairs:
            for tick, weight in zip(ticks(world, here), weights(world, here), strict=False):
                score += to_number(weight) if to_bool(tick) else 0.0
        return to_number(lowest(world, here)) <= score <= to_number(highest(world, here))

    return evaluate


def _depend(_: Context, operands: Sequence[Operand]) -> Evaluator:
    """Return the first argument; the others are there to be depended on."""
    return operands[0].value


def _version(_: Context, __: Sequence[Operand]) -> Evaluator:
    return lambda world, _here: world.version


def _constant(value: Value) -> Build:
    return lambda _context, _operands: holding(value, type(value))


FUNCTIONS: Functions = {
    "if": Function(_if, 3, 3),
    "coalesce": Function(_coalesce, 2, 2),
    "once": Function(_once, 1, 1),
    "random": Function(_random, 0, 0),
    "uuid": Function(_uuid, 0, 1),
    "depend": Function(_depend, 1, None),
    "property": Function(_property, 1, 1),
    "version": Function(_version, 0, 0),
    "not": Function(_not, 1, 1),
    "true": Function(_constant(value=True), 0, 0),
    "false": Function(_constant(value=False), 0, 0),
    "boolean": eager(to_bool, 1),
    "boolean-from-string": eager(lambda value: to_text(value).lower() in ("1", "true"), 1),
    "checklist": Function(_checklist, 2, None),
    "weighted-checklist": Function(_weighted_checklist, 2, None),
}
