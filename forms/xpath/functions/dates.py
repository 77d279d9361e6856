"""Days and times. `today()` and `now()` are those of the interview, never of this machine."""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from forms.xpath.context import World
from forms.xpath.operand import Context, Evaluator, Function, Functions, Here, Operand, eager
from forms.xpath.values import (
    EPOCH,
    NAN,
    Value,
    read_date,
    read_moment,
    to_text,
)

_DAY = 86_400.0
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
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
    "H": lambda t: f"{t.hour:02d}",
    "h": lambda t: str(t.hour),
    "M": lambda t: f"{t.minute:02d}",
    "S": lambda t: f"{t.second:02d}",
    "3": lambda t: f"{t.microsecond // 1000:03d}",
    "a": lambda t: _DAYS[t.weekday()],
}


def _today(context: Context, _: Sequence[Operand]) -> Evaluator:
    context.facts.clock = True
    return lambda world, _here: world.moment().date()


def _now(context: Context, _: Sequence[Operand]) -> Evaluator:
    context.facts.clock = True
    context.facts.volatile = True
    return lambda world, _here: world.moment()


def day_of(value: Value) -> date | None:
    """Return the day a value names: a date, a text, or days since 1970."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return read_date(value)
    return _day_number(float(value))


def _day_number(number: float) -> date | None:
    if not math.isfinite(number) or not 1 <= EPOCH + math.floor(number) <= date.max.toordinal():
        return None
    return date.fromordinal(EPOCH + math.floor(number))


def moment_of(value: Value) -> datetime | None:
    """Return the moment a value names; midnight where it names only a day."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and "T" in value:
        return read_moment(value)
    day = day_of(value)
    if day is None:
        return None
    moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the device's own wall clock
    if isinstance(value, float):
        moment += timedelta(seconds=round((value - math.floor(value)) * _DAY, 3))
    return moment


def _date(value: Value) -> Value:
    found = day_of(value)
    return "" if found is None else found


def _date_time(value: Value) -> Value:
    found = moment_of(value)
    return "" if found is None else found


def _clock_share(moment: datetime) -> float:
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    return seconds / _DAY


def _decimal_date_time(_: Context, operands: Sequence[Operand]) -> Evaluator:
    """Days since 1970 in UTC with the share of the day; local times are in the device's zone."""
    value = operands[0].value

    def evaluate(world: World, here: Here) -> float:
        moment = moment_of(value(world, here))
        if moment is None:
            return NAN
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=world.moment().tzinfo or UTC)
        moment = moment.astimezone(UTC)
        return moment.toordinal() - EPOCH + _clock_share(moment)

    return evaluate


def _decimal_time(value: Value) -> float:
    """Return the share of the day: 0.5 at noon."""
    text = to_text(value) if not isinstance(value, datetime) else ""
    moment = read_moment(f"1970-01-01T{text}") if text[2:3] == ":" else moment_of(value)
    return NAN if moment is None else _clock_share(moment)


def _format(context: Context, operands: Sequence[Operand]) -> Evaluator:
    """ODK's escapes; month and day names follow the device's language, so they are not checked."""
    value, layout = operands[0].value, operands[1].constant
    if not isinstance(layout, str):
        raise context.refuse("A date format is given in quotes;")
    pieces = _pieces(context, layout)

    def evaluate(world: World, here: Here) -> str:
        moment = moment_of(value(world, here))
        if moment is None:
            return ""
        return "".join([piece if isinstance(piece, str) else piece(moment) for piece in pieces])

    return evaluate


def _pieces(context: Context, layout: str) -> list[str | Callable[[datetime], str]]:
    found: list[str | Callable[[datetime], str]] = []
    rest = layout
    while rest:
        plain, escape, rest = rest.partition("%")
        found.append(plain)
        if escape:
            part = _PARTS.get(rest[:1])
            if part is None:
                raise context.refuse(f"The date format %{rest[:1]} is not supported")
            context.facts.volatile = context.facts.volatile or rest[:1] in ("a", "b", "B")
            found.append(part)
            rest = rest[1:]
    return found


FUNCTIONS: Functions = {
    "today": Function(_today, 0, 0),
    "now": Function(_now, 0, 0),
    "date": eager(_date, 1),
    "date-time": eager(_date_time, 1),
    "decimal-date-time": Function(_decimal_date_time, 1, 1),
    "decimal-time": eager(_decimal_time, 1),
    "format-date": Function(_format, 2, 2),
    "format-date-time": Function(_format, 2, 2),
}
