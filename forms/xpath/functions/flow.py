"""Logic, choice between branches, and what only the device knows."""

from collections.abc import Sequence

from forms.xpath.context import Unknown, World
from forms.xpath.operand import Build, Context, Evaluator, Function, Functions, Here, Operand, eager
from forms.xpath.values import Value, to_bool, to_number, to_text


def _if(_: Context, operands: Sequence[Operand]) -> Evaluator:
    """Lazy: the branch not taken is not evaluated."""
    test, then, other = (operand.value for operand in operands)
    return lambda world, here: (
        then(world, here) if to_bool(test(world, here)) else other(world, here)
    )


def _coalesce(_: Context, operands: Sequence[Operand]) -> Evaluator:
    one, other = (operand.value for operand in operands)

    def evaluate(world: World, here: Here) -> Value:
        value = one(world, here)
        return value if value != "" else other(world, here)

    return evaluate


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


def _checked(lowest: Value, highest: Value, score: float) -> bool:
    """-1 stands for no limit."""
    least, most = to_number(lowest), to_number(highest)
    return (least < 0 or score >= least) and (most < 0 or score <= most)


def _checklist(lowest: Value, highest: Value, *ticks: Value) -> bool:
    return _checked(lowest, highest, float(sum(map(to_bool, ticks))))


def _weighted(lowest: Value, highest: Value, *pairs: Value) -> bool:
    ticks, weights = pairs[::2], pairs[1::2]
    score = sum(to_number(w) for tick, w in zip(ticks, weights, strict=False) if to_bool(tick))
    return _checked(lowest, highest, score)


def _weighted_checklist(context: Context, operands: Sequence[Operand]) -> Evaluator:
    if len(operands) % 2:
        raise context.refuse("weighted-checklist() takes its ticks and weights in pairs;")
    return eager(_weighted, 2, None).build(context, operands)


def _version(_: Context, __: Sequence[Operand]) -> Evaluator:
    return lambda world, _here: world.version


def _constant(value: Value) -> Build:
    return lambda _context, _operands: lambda _world, _here: value


FUNCTIONS: Functions = {
    "if": Function(_if, 3, 3),
    "coalesce": Function(_coalesce, 2, 2),
    "once": Function(_once, 1, 1),
    "random": Function(_random, 0, 0),
    "uuid": Function(_uuid, 0, 0),
    "property": Function(_property, 1, 1),
    "version": Function(_version, 0, 0),
    "not": eager(lambda value: not to_bool(value), 1),
    "true": Function(_constant(value=True), 0, 0),
    "false": Function(_constant(value=False), 0, 0),
    "boolean": eager(to_bool, 1),
    "boolean-from-string": eager(lambda value: to_text(value).lower() in ("1", "true"), 1),
    "checklist": eager(_checklist, 2, None),
    "weighted-checklist": Function(_weighted_checklist, 2, None),
}
