"""Numbers: conversion, rounding, powers and angles."""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Context, Decimal

from forms.xpath.operand import Function, Functions, eager
from forms.xpath.values import NAN, Value, to_number

_PLACES = 30  # a double has no more; keeps a hostile argument from building a huge number
_WIDE = Context(prec=400)  # every double and every digit of it


def _round(value: Value, places: Value = 0.0) -> float:
    """Half up; a negative half goes towards zero, as in JavaRosa."""
    number, digits = to_number(value), to_number(places)
    if not math.isfinite(number) or not math.isfinite(digits):
        return number
    step = Decimal(1).scaleb(-max(-_PLACES, min(_PLACES, int(digits))))
    rule = ROUND_HALF_UP if number >= 0 else ROUND_HALF_DOWN
    return float(Decimal(repr(number)).quantize(step, rule, _WIDE))


def _whole(value: Value) -> float:
    """Cut off towards zero."""
    number = to_number(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def _power(base: Value, exponent: Value) -> float:
    try:
        result = math.pow(to_number(base), to_number(exponent))
    except OverflowError:
        return math.inf
    except ValueError:
        return NAN
    return result


def _of(function: Callable[[float], float]) -> Function:
    """Declare a function of one number: NaN outside its domain, infinity where it overflows."""

    def call(value: Value) -> float:
        try:
            return function(to_number(value))
        except OverflowError:
            return math.inf
        except ValueError:
            return NAN

    return eager(call, 1)


def _logarithm(function: Callable[[float], float]) -> Function:
    return _of(lambda number: -math.inf if number == 0 else function(number))


FUNCTIONS: Functions = {
    "number": eager(to_number, 1),
    "int": eager(_whole, 1),
    "round": eager(_round, 1, 2),
    "pow": eager(_power, 2),
    "abs": _of(abs),
    "sqrt": _of(math.sqrt),
    "exp": _of(math.exp),
    "exp10": _of(lambda number: math.pow(10.0, number)),
    "log": _logarithm(math.log),
    "log10": _logarithm(math.log10),
    "sin": _of(math.sin),
    "cos": _of(math.cos),
    "tan": _of(math.tan),
    "asin": _of(math.asin),
    "acos": _of(math.acos),
    "atan": _of(math.atan),
    "atan2": eager(lambda y, x: math.atan2(to_number(y), to_number(x)), 2),
    "pi": eager(lambda: math.pi, 0),
}
