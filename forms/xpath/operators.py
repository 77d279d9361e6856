"""Operators as closures, with shortcuts for the comparisons that forms are made of."""

import math
import operator
from collections.abc import Callable, Sequence

from forms.xpath.context import World
from forms.xpath.operand import Evaluator, Here, Operand
from forms.xpath.values import NAN, Value, equal, to_bool, to_number

_BLANK = ("",)

Compare = Callable[[Value, Value], bool]


def logic(name: str, parts: Sequence[Evaluator]) -> Evaluator:
    """`and` / `or`, stopping at the first part that decides."""
    decisive = name == "or"
    tests = tuple(parts)

    def evaluate(world: World, here: Here) -> bool:
        for test in tests:
            result = test(world, here)
            if (result if type(result) is bool else to_bool(result)) is decisive:
                return decisive
        return not decisive

    return evaluate


def binary(name: str, left: Operand, right: Operand) -> Evaluator:
    """Compile one binary operator."""
    compare = _COMPARISONS.get(name)
    if compare is None:
        return _arithmetic(_ARITHMETIC[name], left.value, right.value)
    if left.plural or right.plural:
        return _any_pair(compare, left, right)
    if name in ("=", "!=") and type(right.constant) is str:
        return _against_text(left.value, right.constant, wanted=name == "=")
    one, other = left.value, right.value
    return lambda world, here: compare(one(world, here), other(world, here))


def _against_text(left: Evaluator, text: str, *, wanted: bool) -> Evaluator:
    def evaluate(world: World, here: Here) -> bool:
        value = left(world, here)
        same = value == text if type(value) is str else equal(value, text)
        return same is wanted

    return evaluate


def _any_pair(compare: Compare, left: Operand, right: Operand) -> Evaluator:
    """XPath 1.0: a node set compares when any of its nodes does; an empty one compares as ''."""
    ones, others = left.all_values(), right.all_values()

    def evaluate(world: World, here: Here) -> bool:
        choices = others(world, here) or _BLANK
        return any(compare(one, other) for one in ones(world, here) or _BLANK for other in choices)

    return evaluate


def _arithmetic(
    apply: Callable[[float, float], float], left: Evaluator, right: Evaluator
) -> Evaluator:
    def evaluate(world: World, here: Here) -> float:
        one, other = left(world, here), right(world, here)
        return apply(
            one if type(one) is float else to_number(one),
            other if type(other) is float else to_number(other),
        )

    return evaluate


def _divide(one: float, other: float) -> float:
    if other:
        return one / other
    if one == 0 or math.isnan(one):
        return NAN
    return math.copysign(math.inf, one) * math.copysign(1.0, other)


def _remainder(one: float, other: float) -> float:
    """With the sign of the dividend, as XPath and Java have it."""
    if not other or math.isinf(one) or math.isnan(one) or math.isnan(other):
        return NAN
    return math.fmod(one, other)


def _different(one: Value, other: Value) -> bool:
    return not equal(one, other)


def _ordered(apply: Callable[[float, float], bool]) -> Compare:
    def compare(one: Value, other: Value) -> bool:
        return apply(
            one if type(one) is float else to_number(one),
            other if type(other) is float else to_number(other),
        )

    return compare


_COMPARISONS: dict[str, Compare] = {
    "=": equal,
    "!=": _different,
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
}
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": _divide,
    "mod": _remainder,
}
