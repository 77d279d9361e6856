"""What each type of question accepts, and the value an expression sees."""

import re
from collections.abc import Callable, Mapping
from datetime import time

from forms.xpath.values import Value, read_date, read_moment, to_number

_INT = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?")
_TIME = re.compile(r"(\d{2}:\d{2}(?::\d{2})?)(\.\d{1,9})?(?:Z|[+-]\d{2}(?::?\d{2})?)?", re.ASCII)
_FILE = re.compile(r"[^/\\\x00-\x1f]{1,255}")
_BOOLEANS = frozenset(["true", "false", "1", "0"])


def _number(text: str) -> Value:
    number = to_number(text)
    return number if number == number else text  # noqa: PLR0124 - NaN: keep what was written


def _day(text: str) -> Value:
    return read_date(text) or text


def _moment(text: str) -> Value:
    return read_moment(text) or text


def _boolean(text: str) -> Value:
    return text in ("true", "1") if text in _BOOLEANS else text


READERS: Mapping[str, Callable[[str], Value]] = {
    "int": _number,
    "decimal": _number,
    "date": _day,
    "dateTime": _moment,
    "boolean": _boolean,
}


def _is_short_whole(text: str) -> bool:
    """Whether a text is at most 18 digits and nothing else: most numbers are."""
    return len(text) < 19 and text.isdigit() and text.isascii()  # noqa: PLR2004 - see above


def _is_time(text: str) -> bool:
    match = _TIME.fullmatch(text)
    if match is None:
        return False
    try:
        time.fromisoformat(match[1])
    except ValueError:
        return False
    return True


def _is_point(text: str) -> bool:
    """Latitude and longitude in degrees, then height and accuracy in metres where given."""
    cells = text.split()
    if not 2 <= len(cells) <= 4 or not all(map(_DECIMAL.fullmatch, cells)):  # noqa: PLR2004 - see above
        return False
    latitude, longitude = float(cells[0]), float(cells[1])
    accurate = len(cells) < 4 or float(cells[3]) >= 0  # noqa: PLR2004 - the fourth cell
    return abs(latitude) <= 90 and abs(longitude) <= 180 and accurate  # noqa: PLR2004 - degrees


def _is_trace(text: str) -> bool:
    points = [point for point in text.split(";") if point.strip()]
    return bool(points) and all(map(_is_point, points))


def _is_shape(text: str) -> bool:
    points = [point.split() for point in text.split(";") if point.strip()]
    return len(points) > 3 and points[0][:2] == points[-1][:2] and _is_trace(text)  # noqa: PLR2004 - a closed triangle


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "int": lambda text: _is_short_whole(text) or _INT.fullmatch(text) is not None,
    "decimal": lambda text: _is_short_whole(text) or _DECIMAL.fullmatch(text) is not None,
    "date": lambda text: len(text) == len("2026-01-31") and read_date(text) is not None,
    "dateTime": lambda text: read_moment(text) is not None,
    "time": _is_time,
    "geopoint": _is_point,
    "geotrace": _is_trace,
    "geoshape": _is_shape,
    "binary": lambda text: _FILE.fullmatch(text) is not None and text not in (".", ".."),
    "boolean": lambda text: text in _BOOLEANS,
}
KINDS = frozenset([*CHECKS, "string", "barcode", "select1", "select", "rank"])
