"""What each type of question accepts, and the value an expression sees: as JavaRosa reads them.

A text that is not of its type is taken as it is written; what is not a number reads as empty.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time

from forms.xpath.compile import Expression
from forms.xpath.context import World
from forms.xpath.functions.dates import localised
from forms.xpath.operand import Evaluator, Here
from forms.xpath.values import (
    NAN,
    WHOLE,
    Value,
    java_double,
    read_clock,
    read_date,
    read_moment,
    to_bool,
    to_text,
)

_INT = re.compile(r"[+-]?[0-9]{1,30}")
_DECIMAL = re.compile(
    r"[+-]?(?:(?:[0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?|NaN|Infinity)"
    r"[fFdD]?"
)
_BOOLEANS = frozenset(["true", "false", "1", "0"])
_INT_END, _LONG_END = 2**31, 2**63
_SOME_DAY = date(1970, 1, 1)  # a time of day is a moment of some day: times compare as equal days

# types by their names in binds, without prefix; any other is read as text
_KINDS: Mapping[str, str] = {
    "int": "int",
    "integer": "int",
    "long": "long",
    "decimal": "decimal",
    "double": "decimal",
    "float": "decimal",
    "date": "date",
    "dateTime": "dateTime",
    "time": "time",
    "boolean": "boolean",
    "geopoint": "geopoint",
    "geotrace": "geotrace",
    "geoshape": "geoshape",
    "barcode": "barcode",
    "binary": "binary",
    "select1": "select1",
    "select": "select",
    "rank": "rank",
}


def kind_of(name: str | None) -> str:
    """Return our name of a bind's type; 'string' for none and for one that is not known."""
    return _KINDS.get((name or "").strip().rpartition(":")[2], "string")


# -- reading ------------------------------------------------------------------------------------
def _is_short_whole(text: str) -> bool:
    """Whether a text is at most 9 digits and nothing else: most numbers are."""
    return len(text) < 10 and text.isdigit() and text.isascii()  # noqa: PLR2004 - see above


def _whole(text: str, end: int) -> float | None:
    if _is_short_whole(text):
        return float(text)
    if _INT.fullmatch(text) is None:
        return None
    number = int(text)
    return float(number) if -end <= number < end else None


def _decimal(text: str) -> float | None:
    if _is_short_whole(text):
        return float(text)
    return float(text.rstrip("fFdD")) if _DECIMAL.fullmatch(text) else None


def _moment(text: str) -> datetime | None:
    found = read_moment(text)
    if found is not None or "T" in text:
        return found
    day = read_date(text)
    return None if day is None else datetime.combine(day, time())


def _clock(text: str) -> datetime | None:
    found = read_clock(text)
    return None if found is None else datetime.combine(_SOME_DAY, found)


def _day(text: str) -> date | None:
    return None if "T" in text else read_date(text)


def _point(text: str) -> str | None:
    """Up to four numbers: latitude and longitude in degrees, height and accuracy in metres."""
    cells = text.split()
    numbers = [_decimal(cell) for cell in cells]
    if not 1 <= len(cells) <= 4 or None in numbers:  # noqa: PLR2004 - see above
        return None
    parts = [number or 0.0 for number in numbers] + [0.0] * (4 - len(numbers))
    return " ".join(map(java_double, parts)) if any(parts) else ""


def _line(text: str) -> str | None:
    points = [_point(point) for point in text.split(";") if point.strip()]
    if None in points:
        return None
    return "; ".join([point or "" for point in points])


def _or_text(read: Callable[[str], Value | None]) -> Callable[[str], Value]:
    def value(text: str) -> Value:
        found = read(text)
        return text if found is None else found

    return value


def _number_or_text(read: Callable[[str], float | None]) -> Callable[[str], Value]:
    """Read a number; plain digits, which most are, without asking any further."""

    def value(text: str) -> Value:
        if len(text) < 10 and text.isdigit() and text.isascii():  # noqa: PLR2004 - as above
            return float(text)
        found = read(text)
        if found is None:
            return text
        return "" if found != found else found  # noqa: PLR0124 - NaN, which makes an empty node

    return value


def _truth(text: str) -> bool | None:
    return text in ("true", "1") if text in _BOOLEANS else None


_NUMBERS: Mapping[str, Callable[[str], float | None]] = {
    "int": lambda text: _whole(text, _INT_END),
    "long": lambda text: _whole(text, _LONG_END),
    "decimal": _decimal,
}
_PARSERS: Mapping[str, Callable[[str], Value | None]] = {
    **_NUMBERS,
    "boolean": _truth,
    "date": _day,
    "dateTime": _moment,
    "time": _clock,
    "geopoint": _point,
    "geotrace": _line,
    "geoshape": _line,
}
READERS: Mapping[str, Callable[[str], Value]] = {
    **{kind: _or_text(read) for kind, read in _PARSERS.items()},
    **{kind: _number_or_text(read) for kind, read in _NUMBERS.items()},
}


def _check(read: Callable[[str], Value | None]) -> Callable[[str], bool]:
    return lambda text: read(text) is not None


CHECKS: Mapping[str, Callable[[str], bool]] = {
    kind: _check(read) for kind, read in _PARSERS.items()
}


# -- calculating --------------------------------------------------------------------------------
def wrapping(rule: Expression | None, kind: str) -> Expression | None:
    """Let a calculation give what a node of this type holds in JavaRosa."""
    if rule is None:
        return None
    return replace(rule, evaluate=_wrapped(rule.evaluate, _WRAPPERS.get(kind, _plain)))


def _wrapped(evaluate: Evaluator, wrap: Callable[[World, Value], Value]) -> Evaluator:
    def calculate(world: World, here: Here) -> Value:
        value = evaluate(world, here)
        return value if type(value) is str and wrap is _plain else wrap(world, value)

    return calculate


def _plain(world: World, value: Value) -> Value:
    """Numbers close to a whole one become that; a day becomes the moment it begins."""
    kind = type(value)
    if kind is float:
        whole = float(int(value)) if abs(value) < _LONG_END else NAN  # type: ignore[arg-type] # a float
        return whole if abs(value - whole) < WHOLE else value  # type: ignore[operator] # as above
    if kind is date:
        return localised(datetime.combine(value, time()), world)  # type: ignore[arg-type] # a date
    return value


def _to_int(world: World, value: Value) -> Value:
    if type(value) is not float or value != value:  # noqa: PLR0124 - NaN stays
        return _plain(world, value)
    return float(int(max(-_INT_END, min(_INT_END - 1, value))))


def _to_boolean(_: World, value: Value) -> Value:
    empty = value == "" or value != value  # noqa: PLR0124 - NaN is empty
    return "" if empty else to_bool(value)


def _to_day(world: World, value: Value) -> Value:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else _plain(world, value)


def _to_place(world: World, value: Value) -> Value:
    if type(value) is float or type(value) is bool:
        return _plain(world, value)
    text = to_text(value)
    place = _line(text)
    return text if place is None else place


_WRAPPERS: Mapping[str, Callable[[World, Value], Value]] = {
    "int": _to_int,
    "boolean": _to_boolean,
    "date": _to_day,
    "geopoint": _to_place,
    "geotrace": _to_place,
    "geoshape": _to_place,
}
