"""The simplest rival: records are one where their written keys are equal."""

from collections.abc import Sequence
from typing import Final

from matching.evaluation.components import joined_by_keys
from matching.record import Record

_DIGITS: Final = 9  # of a telephone number that is one
_NIB: Final = 13


def exact_units(records: Sequence[Record]) -> list[int]:
    """Join records of one NIB, one telephone, or one name in one SLS, as they are written."""
    return joined_by_keys([_keys(each) for each in records])


def _keys(record: Record) -> list[str]:
    keys = []
    phone = _digits(record.phone)
    if len(phone) >= _DIGITS:
        keys.append(f"phone {phone[-_DIGITS:]}")
    nib = _digits(record.nib)
    if len(nib) == _NIB and len(set(nib)) > 1:
        keys.append(f"nib {nib}")
    if record.name and record.sls:
        keys.append(f"name {' '.join(record.name.upper().split())} {record.sls}")
    return keys


def _digits(text: str | None) -> str:
    return "".join(filter(str.isdigit, text or ""))
