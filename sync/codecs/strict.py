"""Strict JSON: what is read has the expected shape, or the caller's code tells that it has not."""

import json
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

from sync.envelope import is_identifier
from sync.errors import Unreadable

Json = dict[str, object]

_MAX_SAFE_INTEGER: Final = 2**53 - 1


def dump(document: Mapping[str, object]) -> bytes:
    """Write compact JSON in UTF-8."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def load(body: bytes) -> object:
    """Read JSON; raises Unreadable (not_json), also for NaN and for nesting without end."""
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unreadable("not_json") from None


def an_object(told: object, code: str) -> Json:
    """Give `told` as an object; raises Unreadable with `code`."""
    if not isinstance(told, dict):
        raise Unreadable(code)
    return told


def a_list(told: object, code: str) -> Sequence[object]:
    """Give `told` as a list; raises Unreadable with `code`."""
    if not isinstance(told, list):
        raise Unreadable(code)
    return told


def a_text(told: object, code: str) -> str:
    """Give `told` as a text that a database key or a log can hold; raises Unreadable."""
    if not isinstance(told, str) or not is_identifier(told):
        raise Unreadable(code)
    return told


def a_number(told: object, code: str) -> int:
    """Give `told` as a whole number from 0 that JavaScript can hold; raises Unreadable."""
    if type(told) is not int or not 0 <= told <= _MAX_SAFE_INTEGER:
        raise Unreadable(code)
    return told


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")
