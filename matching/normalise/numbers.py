"""Phones, business numbers and activity codes: digits alone, fillers as nothing."""

import re
from functools import lru_cache
from typing import Final

from matching.normalise.folding import fold

_APART: Final = re.compile(r"[/,;|&]|\bATAU\b|\bDAN\b|\bOR\b|\b(?:EXT|PES)\b.*")
_FLOAT: Final = re.compile(r"(\d+)[.,]0+")
_DIGIT: Final = re.compile(r"\D+")
_LEADING: Final = re.compile(r"^(?:0062|62|0)+")
_NATIONAL: Final = re.compile(r"8[1-9]\d{7,10}|[2-79]\d{7,10}")
_TELLING: Final = 3  # different digits; a number written with fewer is a filler
_TYPED: Final = str.maketrans("OIL", "011")
_NIB: Final = 13
_CLIMBS: Final = "01234567890123456789"
_FALLS: Final = _CLIMBS[::-1]
_RUN: Final = 7


def phone_number(text: str | None) -> str | None:
    """Give the first national number in a text, without 0 or 62; None for fillers and sentinels."""
    folded = fold(text)
    if not folded:
        return None
    whole = _FLOAT.fullmatch(folded)
    if whole:
        folded = whole[1]
    for part in _APART.split(folded) if not folded.isdigit() else (folded,):
        national = _LEADING.sub("", _DIGIT.sub("", part.translate(_TYPED)))
        if _NATIONAL.fullmatch(national) and not _is_filler(national[1:]):
            return national
    return None


def business_number(text: str | None) -> str | None:
    """Give a NIB of 13 digits; one lost leading zero is put back, fillers are None."""
    digits = _digits(text)
    if len(digits) == _NIB - 1:
        digits = f"0{digits}"
    return digits if len(digits) == _NIB and not _is_filler(digits) else None


def activity_code(text: str | None) -> str | None:
    """Give a KBLI code of two to five digits, without its section letter."""
    digits = _digits(text)
    sentinel = len(set(digits)) == 1 and (len(digits) > 3 or digits[0] in "09")  # noqa: PLR2004
    return digits if 2 <= len(digits) <= 5 and not sentinel else None  # noqa: PLR2004


@lru_cache(maxsize=1 << 14)
def area_code(text: str | None) -> str | None:
    """Give an SLS code of 14 digits out of 14 or 16; fewer digits, down to a regency, stay."""
    digits = _digits(text)
    return digits[:14] if len(digits) >= 4 and len(set(digits)) > 1 else None  # noqa: PLR2004


def _digits(text: str | None) -> str:
    folded = fold(text)
    if folded.isdigit():
        return folded
    whole = _FLOAT.fullmatch(folded)
    return whole[1] if whole else _DIGIT.sub("", folded)


def _is_filler(digits: str) -> bool:
    run = digits[:_RUN]
    return len(set(digits)) < _TELLING or (
        run in _CLIMBS and digits in _CLIMBS * 2
    ) or (run in _FALLS and digits in _FALLS * 2)  # fmt: skip
