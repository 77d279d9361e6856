"""Numbers: conversion, rounding, powers and angles."""

import math
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Context, Decimal

from forms.xpath.operand import Function, Functions, eager
from forms.xpath.values import EPOCH, NAN, Value, to_number

_PLACES = 30  # a double has no more; beyond it JavaRosa gives NaN
_WIDE = Context(prec=400)  # every double and every digit of it


def _round(value: Value, places: Value = 0.0) -> float:
    """Half up; a negative half goes towards zero, as in JavaRosa."""
    number, asked = to_number(value), to_number(places)
    if not math.isfinite(number):
        return number
    digits = 0 if math.isnan(asked) else int(max(-99.0, min(99.0, asked)))
    if abs(digits) > _PLACES:
        return NAN
    if digits < 0:  # to tens, hundreds …: half a unit is added and the rest cut off
        scaled = Decimal(repr(number)).scaleb(digits, _WIDE)
        return float(Decimal(math.trunc(float(scaled) + 0.5)).scaleb(-digits, _WIDE))
    rule = ROUND_HALF_UP if number >= 0 else ROUND_HALF_DOWN
    return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-digits), rule, _WIDE))


def _exact(value: Value) -> float:
    """Return a number; a moment counts with its share of the day."""
    if not isinstance(value, datetime):
        return to_number(value)
    clock = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    return value.toordinal() - EPOCH + clock / 86_400


def _whole(value: Value) -> float:
    """Cut off towards zero."""
    number = to_number(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def _power(base: Value, exponent: Value) -> float:
    one, other = _exact(base), _exact(exponent)
    try:
        return NAN if abs(one) == 1 and math.isinf(other) else math.pow(one, other)
    except OverflowError:
        return -math.inf if one < 0 and other % 2 == 1 else math.inf
    except ValueError:
        return NAN if one else math.inf


def _of(function: Callable[[float], float]) -> Function:
    """Declare a function of one number: NaN outside its domain, infinity where it overflows."""

    def call(value: Value) -> float:
        try:
            return function(_exact(value))
        except OverflowError:
            return math.inf
        except ValueError:
            return NAN

    return eager(call, 1)


def _logarithm(function: Callable[[float], float]) -> Function:
    return _of(lambda number: -math.inf if number == 0 else function(number))


def _angle(y: Value, x: Value) -> float:
    return math.atan2(_exact(y), _exact(x))


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
    "atan2": eager(_angle, 2),
    "pi": eager(lambda: math.pi, 0),
}
