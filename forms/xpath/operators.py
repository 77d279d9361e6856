"""Operators as closures, with shortcuts for the comparisons that forms are made of."""

import math
import operator
from collections.abc import Callable, Sequence

from forms.xpath.context import World
from forms.xpath.operand import Evaluator, Here, Operand
from forms.xpath.values import NAN, SAME, Value, equal, to_bool, to_number

_BLANK = ("",)

Compare = Callable[[Value, Value], bool]
OfNumbers = Callable[[float, float], float | bool]


def logic(name: str, parts: Sequence[Evaluator]) -> Evaluator:
    """`and` / `or`, stopping at the first part that decides."""
    decisive = name == "or"
    *tests, last = parts
    if len(tests) == 1:
        return _either(tests[0], last, decisive=decisive)

    def evaluate(world: World, here: Here) -> bool:
        for test in tests:
            result = test(world, here)
            if (result if type(result) is bool else to_bool(result)) is decisive:
                return decisive
        result = last(world, here)
        return result if type(result) is bool else to_bool(result)

    return evaluate


def _either(one: Evaluator, other: Evaluator, *, decisive: bool) -> Evaluator:
    def evaluate(world: World, here: Here) -> bool:
        result = one(world, here)
        if (result if type(result) is bool else to_bool(result)) is decisive:
            return decisive
        result = other(world, here)
        return result if type(result) is bool else to_bool(result)

    return evaluate


def binary(name: str, left: Operand, right: Operand) -> Evaluator:
    """Compile one binary operator."""
    compare = _COMPARISONS.get(name)
    if compare is None:
        return _of_numbers(_ARITHMETIC[name], left, right)
    if left.plural or right.plural:
        return _any_pair(compare, left, right)
    if name in _ORDERS:
        return _of_numbers(_ORDERS[name], left, right)
    if type(right.constant) is str:
        return _against_text(left, right.constant, wanted=name == "=")
    if type(right.constant) is float:
        return _against_number(left.value, right.constant, wanted=name == "=")
    one, other = left.value, right.value
    return lambda world, here: compare(one(world, here), other(world, here))


def _against_text(left: Operand, text: str, *, wanted: bool) -> Evaluator:
    column, read = left.column, left.value
    if column is not None:

        def evaluate_column(world: World, _: Here) -> bool:
            value = world.values[column]
            return (value == text if type(value) is str else equal(value, text)) is wanted

        return evaluate_column

    def evaluate(world: World, here: Here) -> bool:
        value = read(world, here)
        return (value == text if type(value) is str else equal(value, text)) is wanted

    return evaluate


def _against_number(read: Evaluator, number: float, *, wanted: bool) -> Evaluator:
    def evaluate(world: World, here: Here) -> bool:
        value = read(world, here)
        same = abs(value - number) < SAME if type(value) is float else equal(value, number)
        return same is wanted

    return evaluate


def _any_pair(compare: Compare, left: Operand, right: Operand) -> Evaluator:
    """XPath 1.0: a node set compares when any of its nodes does; an empty one compares as ''."""
    ones, others = left.all_values(), right.all_values()

    def evaluate(world: World, here: Here) -> bool:
        choices = others(world, here) or _BLANK
        return any(compare(one, other) for one in ones(world, here) or _BLANK for other in choices)

    return evaluate


def _of_numbers(apply: OfNumbers, left: Operand, right: Operand) -> Evaluator:
    """Apply an operator to two numbers; an answer beside a number is what forms are made of."""
    column, read, other = left.column, left.value, right.value
    if type(right.constant) is float and column is not None:
        number = right.constant

        def evaluate_column(world: World, _: Here) -> Value:
            one = world.values[column]
            return apply(one if type(one) is float else to_number(one), number)

        return evaluate_column

    def evaluate(world: World, here: Here) -> Value:
        one, two = read(world, here), other(world, here)
        return apply(
            one if type(one) is float else to_number(one),
            two if type(two) is float else to_number(two),
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


def _ordered(apply: OfNumbers) -> Compare:
    return lambda one, other: bool(apply(to_number(one), to_number(other)))


_ORDERS: dict[str, OfNumbers] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPARISONS: dict[str, Compare] = {
    "=": equal,
    "!=": _different,
    **{name: _ordered(apply) for name, apply in _ORDERS.items()},
}
_ARITHMETIC: dict[str, OfNumbers] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": _divide,
    "mod": _remainder,
}
