"""Days and times. `today()` and `now()` are those of the interview, never of this machine.

A moment is shown and counted in the zone of the device; one that names no zone is in it already.
A text that is no date makes '' or NaN here where JavaRosa refuses to go on.
"""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from forms.xpath.context import World
from forms.xpath.operand import Context, Evaluator, Function, Functions, Here, Operand
from forms.xpath.values import EPOCH, NAN, Value, read_date, read_moment, to_text

_DAY_MS = 86_400_000
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = 2**31  # JavaRosa's bound on days since 1970
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_NAMED = frozenset("abBW")  # in the device's language and habits: not to be checked elsewhere
_PARTS: dict[str, Callable[[datetime], str]] = {
    "%": lambda _: "%",
    "Y": lambda t: f"{t.year:04d}",
    "y": lambda t: f"{t.year % 100:02d}",
    "m": lambda t: f"{t.month:02d}",
    "n": lambda t: str(t.month),
    "B": lambda t: _MONTHS[t.month - 1],
    "b": lambda t: _MONTHS[t.month - 1],
    "d": lambda t: f"{t.day:02d}",
    "e": lambda t: str(t.day),
    "W": lambda t: str(_week(t)),
    "H": lambda t: f"{t.hour:02d}",
    "h": lambda t: str(t.hour),
    "M": lambda t: f"{t.minute:02d}",
    "S": lambda t: f"{t.second:02d}",
    "3": lambda t: f"{t.microsecond // 1000:03d}",
    "a": lambda t: _WEEKDAYS[t.weekday()],
}
Piece = str | Callable[[datetime], str]


def _week(moment: datetime) -> int:
    """Weeks begin on Sunday; the first one holds 1 January."""
    saturday = moment.toordinal() + (5 - moment.weekday()) % 7
    if saturday > date.max.toordinal():
        return 1
    return (saturday - date(date.fromordinal(saturday).year, 1, 1).toordinal()) // 7 + 1


def _today(context: Context, _: Sequence[Operand]) -> Evaluator:
    context.facts.clock = True
    return lambda world, _here: world.moment().date()


def _now(context: Context, _: Sequence[Operand]) -> Evaluator:
    context.facts.clock = True
    context.facts.volatile = True
    return lambda world, _here: world.moment()


def localised(moment: datetime, world: World) -> datetime:
    """Return a moment as the device's clock shows it."""
    zone = None if world.now is None else world.now.tzinfo
    if zone is None:
        return moment
    try:
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    except OverflowError:
        return moment


def moment_of(value: Value, world: World) -> datetime | None:
    """Return the moment a value names on the device's clock; midnight where it names only a day."""
    if isinstance(value, datetime):
        return localised(value, world)
    if isinstance(value, str):
        if "T" in value:
            found = read_moment(value)
            return None if found is None else localised(found, world)
        day = read_date(value)
    elif isinstance(value, date):
        day = value
    else:
        return _counted(float(value), world)
    return None if day is None else localised(datetime.combine(day, time()), world)


def _counted(days: float, world: World) -> datetime | None:
    """Days since 1970 in UTC, to the millisecond."""
    if not -_DAYS <= days < _DAYS:
        return None
    try:
        moment = _FIRST + timedelta(milliseconds=int(days * _DAY_MS))
        return localised(moment, world)
    except OverflowError:
        return None


def _numbered(days: float) -> date | None:
    """Whole days since 1970, cut off towards zero."""
    if not 1 - EPOCH <= days <= date.max.toordinal() - EPOCH:
        return None
    return date.fromordinal(EPOCH + int(days))


def _date(_: Context, operands: Sequence[Operand]) -> Evaluator:
    """Return the day; a text with a time keeps it, as in JavaRosa."""
    value = operands[0].value

    def evaluate(world: World, here: Here) -> Value:
        given = value(world, here)
        if isinstance(given, datetime):
            return localised(given, world).date()
        if isinstance(given, date):
            return given
        if not isinstance(given, str):
            return _or_empty(_numbered(float(given)))
        return _or_empty(moment_of(given, world) if "T" in given else read_date(given))

    return evaluate


def _or_empty(found: date | None) -> Value:
    return "" if found is None else found


def _date_time(_: Context, operands: Sequence[Operand]) -> Evaluator:
    value = operands[0].value
    return lambda world, here: _or_empty(moment_of(value(world, here), world))


def _decimal_date_time(_: Context, operands: Sequence[Operand]) -> Evaluator:
    """Days since 1970 in UTC with the share of the day; local times are in the device's zone."""
    value = operands[0].value

    def evaluate(world: World, here: Here) -> float:
        given = value(world, here)
        if isinstance(given, float):
            return given
        moment = moment_of(given, world)
        return NAN if moment is None else _millis(moment) / _DAY_MS

    return evaluate


def _millis(moment: datetime) -> int:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (aware - _FIRST) // timedelta(milliseconds=1)


def _decimal_time(_: Context, operands: Sequence[Operand]) -> Evaluator:
    """Return the share of the local day: 0.5 at noon."""
    value = operands[0].value

    def evaluate(world: World, here: Here) -> float:
        given = value(world, here)
        days = given if isinstance(given, float) else _local_days(given, world)
        return days - math.floor(days) if math.isfinite(days) else NAN

    return evaluate


def _local_days(value: Value, world: World) -> float:
    moment = moment_of(value, world)
    if moment is None:
        return NAN
    offset = moment.utcoffset() or timedelta()
    return (_millis(moment) + offset // timedelta(milliseconds=1)) / _DAY_MS


def _format(context: Context, operands: Sequence[Operand]) -> Evaluator:
    """ODK's escapes; month and day names follow the device's language, so they are not checked."""
    value, layout = operands[0].value, operands[1]
    if isinstance(layout.constant, str):
        pieces = _pieces(layout.constant)
        if pieces is None:
            raise context.refuse(f"The date format '{layout.constant}' is not supported")
        context.facts.volatile |= any(f"%{name}" in layout.constant for name in _NAMED)
        return lambda world, here: _shown(moment_of(value(world, here), world), pieces)
    context.facts.volatile = True
    style = layout.value

    def evaluate(world: World, here: Here) -> str:
        moment = moment_of(value(world, here), world)
        return _shown(moment, _pieces(to_text(style(world, here))) or ())

    return evaluate


def _shown(moment: datetime | None, pieces: Sequence[Piece]) -> str:
    if moment is None:
        return ""
    return "".join([piece if isinstance(piece, str) else piece(moment) for piece in pieces])


@lru_cache(maxsize=128)
def _pieces(layout: str) -> tuple[Piece, ...] | None:
    """Split a layout at its escapes; None when it has one that is not known."""
    found: list[Piece] = []
    rest = layout
    while rest:
        plain, escape, rest = rest.partition("%")
        found.append(plain)
        if escape:
            part = _PARTS.get(rest[:1])
            if part is None:
                return None
            found.append(part)
            rest = rest[1:]
    return tuple(found)


FUNCTIONS: Functions = {
    "today": Function(_today, 0, 0),
    "now": Function(_now, 0, 0),
    "date": Function(_date, 1, 1),
    "date-time": Function(_date_time, 1, 1),
    "decimal-date-time": Function(_decimal_date_time, 1, 1),
    "decimal-time": Function(_decimal_time, 1, 1),
    "format-date": Function(_format, 2, 2),
    "format-date-time": Function(_format, 2, 2),
}
