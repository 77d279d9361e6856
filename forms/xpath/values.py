"""XPath values as Python values, and JavaRosa's conversions between them.

A value is `str`, `float`, `bool`, `date` or `datetime`; an empty node is `''`, and so is NaN once
stored in a node. Dates compare as whole days.
"""

import math
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache

Value = str | float | bool | date

NAN = math.nan
EPOCH = date(1970, 1, 1).toordinal()
_INT, _LONG = 2.0**31, 2.0**63  # bounds of Java's integers
SAME = 1e-12  # numbers closer than this are equal, as in JavaRosa
WHOLE = 1e-9  # a calculated number closer than this to a whole one becomes that
# no exponent and no plus sign, but a comma for the point: as JavaRosa reads numbers
_NUMBER = re.compile(r"[\0- ]*(-?(?:\d+[.,]?\d*|[.,]\d+))[\0- ]*", re.ASCII)
_DATE = re.compile(r"(\d{1,4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_CLOCK_PARTS = (
    r"(\d{1,2}):(\d{1,2})(?::(\d{1,30}\.?\d{0,30}|\.\d{1,30})?[^Z+:-]*)?"
    r"(Z|[+-]\d{1,2}(?::\d{1,4}|\d{2})?)?"
)
_CLOCK = re.compile(_CLOCK_PARTS, re.ASCII)
_MOMENT = re.compile(_DATE.pattern + "T" + _CLOCK_PARTS, re.ASCII)


def to_number(value: Value) -> float:
    """NaN when it is not a number; a date counts whole days since 1970."""
    kind = type(value)
    if kind is float:
        return value  # type: ignore[return-value] # the line above knows, mypy does not
    if kind is str:
        if value.isdigit() and value.isascii():  # type: ignore[union-attr] # as above
            return float(value)  # type: ignore[arg-type] # as above
        written = _NUMBER.fullmatch(value)  # type: ignore[arg-type] # as above
        return float(written[1].replace(",", ".")) if written else NAN
    if isinstance(value, date):
        return float(value.toordinal() - EPOCH)
    return float(value)


def to_text(value: Value) -> str:
    """Return what a node would hold: whole numbers without a point, booleans as true/false."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value] # the line above knows, mypy does not
    if kind is bool:
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return number_text(float(value))


def number_text(number: float) -> str:
    """As JavaRosa writes a number within a text: 1.0 → '1', and from 2**31 on as Java does."""
    if -_INT <= number < _INT and abs(number - int(number)) < SAME:
        return str(int(number))
    return java_double(number)


def java_double(number: float) -> str:
    """Java's `Double.toString`: 0.1, 3.0E9, 1.0E-4, NaN, Infinity."""
    if number == 0 or 1e-3 <= abs(number) < 1e7:  # noqa: PLR2004 - Java's bounds
        return repr(number)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    digits, _, exponent = f"{Decimal(repr(number)).normalize():E}".partition("E")
    return f"{digits}{'' if '.' in digits else '.0'}E{int(exponent)}"


def to_bool(value: Value) -> bool:
    """Numbers other than 0 and NaN, texts that are not empty, dates."""
    kind = type(value)
    if kind is bool:
        return value  # type: ignore[return-value] # the line above knows, mypy does not
    if kind is float:
        return not math.isnan(value) and abs(value) > SAME  # type: ignore[arg-type] # as above
    return bool(value) if kind is str else True


def stored(value: Value) -> str:
    """How a calculated value is written into the submission."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value] # the line above knows, mypy does not
    if kind is bool:
        return "1" if value else "0"
    if isinstance(value, date):
        return moment_text(value) if isinstance(value, datetime) else value.isoformat()
    number = float(value)
    if -_LONG <= number < _LONG and abs(number - int(number)) < WHOLE:
        return str(int(number))
    return "" if math.isnan(number) else java_double(number)


def moment_text(moment: datetime) -> str:
    """ISO 8601 with milliseconds and the zone it carries."""
    return moment.isoformat(timespec="milliseconds")


def read_date(text: str) -> date | None:
    """Return a day from `YYYY-MM-DD` or from a date with time; None when it is neither."""
    match = _DATE.match(text)
    if match is None or (match.end() < len(text) and text[match.end()] != "T"):
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def read_moment(text: str) -> datetime | None:
    """Return a point in time from ISO 8601 text, with its zone when it names one."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hours, minutes, rest, zone = match.groups()
    seconds, micros = _seconds(rest)
    try:
        return datetime(
            int(year), int(month), int(day), int(hours), int(minutes), seconds, micros,
            read_zone(zone),
        )  # fmt: skip
    except ValueError:
        return None


def read_clock(text: str) -> time | None:
    """Return a time of day, with its zone when it names one: `10:30`, `10:30:15.250+07:00`."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hours, minutes, rest, zone = match.groups()
    seconds, micros = _seconds(rest)
    try:
        return time(int(hours), int(minutes), seconds, micros, read_zone(zone))
    except ValueError:
        return None


def _seconds(text: str | None) -> tuple[int, int]:
    """Return seconds and microseconds, of which JavaRosa keeps whole milliseconds, cut off."""
    seconds = float(text or 0)
    whole = int(seconds)
    return whole, int(1000.0 * seconds - 1000.0 * whole) * 1000


@lru_cache(maxsize=64)
def read_zone(text: str | None) -> tzinfo | None:
    """Return the offset that `Z`, `+07` or `+07:00` name; raises ValueError beyond a day."""
    if not text:
        return None
    if text == "Z":
        return UTC
    hours, _, minutes = text[1:].partition(":")
    if len(hours) > 2:  # noqa: PLR2004 - hhmm
        hours, minutes = hours[:-2], hours[-2:]
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-offset if text[0] == "-" else offset)


def divide(one: float, other: float) -> float:
    """`div`: by zero it is infinite, or NaN."""
    if other:
        return one / other
    if one == 0 or math.isnan(one):
        return NAN
    return math.copysign(math.inf, one) * math.copysign(1.0, other)


def remainder(one: float, other: float) -> float:
    """With the sign of the dividend, as XPath and Java have it."""
    if not other or math.isinf(one) or math.isnan(one) or math.isnan(other):
        return NAN
    return math.fmod(one, other)


def equal(left: Value, right: Value) -> bool:
    """`=`: as booleans when one is, as numbers when one is, else as texts."""
    one, other = type(left), type(right)
    if one is str and other is str:
        return left == right
    if one is bool or other is bool:
        return to_bool(left) == to_bool(right)
    if one is float or other is float:
        return abs(to_number(left) - to_number(right)) < SAME  # infinities differ, as in JavaRosa
    return to_text(left) == to_text(right)
