"""Reading one field of an area table: a value, or what is wrong with it."""

import re
from collections.abc import Callable
from typing import Any

from app.areas.codes import LENGTHS, AreaCode, Level
from app.areas.errors import BadCode

LATITUDES = (-11.5, 6.5)  # Indonesia, with its seas
LONGITUDES = (94.5, 141.5)
LONGEST_NAME = 200
INDONESIA_KM2 = 1_950_000
_KEMENDAGRI = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?", re.ASCII)
_KEMENDAGRI_LENGTHS = {
    LENGTHS[Level.PROVINCE]: 2,
    LENGTHS[Level.REGENCY]: 5,
    LENGTHS[Level.DISTRICT]: 8,
    LENGTHS[Level.KELURAHAN]: 13,
}


class BadField(ValueError):  # noqa: N818 - says what it is
    """A field that cannot be read; both sentences say what was expected."""

    def __init__(self, message_id: str, message_en: str) -> None:
        super().__init__(message_en)
        self.message_id = message_id
        self.message_en = message_en


def name_of(text: str) -> str:
    """Read a name."""
    if not text or len(text) > LONGEST_NAME or not text.isprintable():
        raise BadField(
            f"nama harus diisi, paling panjang {LONGEST_NAME} huruf, tanpa baris baru atau tab",
            f"a name is needed, of at most {LONGEST_NAME} letters, without line breaks or tabs",
        )
    return text


def code_of(text: str) -> AreaCode:
    """Read an area code."""
    try:
        return AreaCode.parse(text)
    except BadCode as bad:
        raise BadField(bad.message_id, bad.message_en) from bad


def kemendagri_code_of(text: str) -> str:
    """Read a Kemendagri code."""
    if not _KEMENDAGRI.fullmatch(text):
        raise BadField(
            f"kode Kemendagri ditulis seperti 33.75.01.1002, bukan {text[:40]!r}",
            f"a Kemendagri code is written like 33.75.01.1002, not {text[:40]!r}",
        )
    return text


def postal_code_of(text: str) -> str:
    """Read a postcode."""
    if not re.fullmatch(r"[1-9][0-9]{4}", text, re.ASCII):
        raise BadField(
            f"kode pos terdiri dari 5 angka, bukan {text[:40]!r}",
            f"a postcode has 5 digits, not {text[:40]!r}",
        )
    return text


def number_of(text: str) -> float:
    """Read a number with a decimal point or comma, without separators of thousands."""
    if not re.fullmatch(r"-?[0-9]+([.,][0-9]+)?", text, re.ASCII):
        raise BadField(
            f"angka ditulis seperti 109.665824, bukan {text[:40]!r}",
            f"a number is written like 109.665824, not {text[:40]!r}",
        )
    return float(text.replace(",", "."))


def _degrees_of(text: str, bounds: tuple[float, float], names: tuple[str, str]) -> float:
    value = number_of(text)
    if not bounds[0] <= value <= bounds[1]:
        raise BadField(
            f"{names[0]} {value:g} di luar Indonesia ({bounds[0]:g} sampai {bounds[1]:g}): "
            "apakah lintang dan bujur tertukar, atau bukan derajat?",
            f"{names[1]} {value:g} lies outside Indonesia ({bounds[0]:g} to {bounds[1]:g}): "
            "are latitude and longitude swapped, or not in degrees?",
        )
    return value


def latitude_of(text: str) -> float:
    """Read a latitude in Indonesia, degrees."""
    return _degrees_of(text, LATITUDES, ("lintang", "latitude"))


def longitude_of(text: str) -> float:
    """Read a longitude in Indonesia, degrees."""
    return _degrees_of(text, LONGITUDES, ("bujur", "longitude"))


def area_km2_of(text: str) -> float:
    """Read an extent in km²."""
    value = number_of(text)
    if not 0 < value < INDONESIA_KM2:
        raise BadField(
            f"luas dalam km² lebih dari 0, bukan {text[:40]!r}",
            f"an area in km² is more than 0, not {text[:40]!r}",
        )
    return value


def expected_load_of(text: str) -> int:
    """Read an expected number of units."""
    if not re.fullmatch(r"[0-9]{1,7}", text, re.ASCII):
        raise BadField(
            f"muatan adalah bilangan bulat tanpa titik atau koma, bukan {text[:40]!r}",
            f"an expected load is a whole number without points or commas, not {text[:40]!r}",
        )
    return int(text)


READERS: dict[str, Callable[[str], Any]] = {
    "code": code_of,
    "name": name_of,
    "parent": code_of,
    "kemendagri_code": kemendagri_code_of,
    "kemendagri_name": name_of,
    "postal_code": postal_code_of,
    "latitude": latitude_of,
    "longitude": longitude_of,
    "area_km2": area_km2_of,
    "expected_load": expected_load_of,
}
NEEDED = ("code", "name")


def check_together(fields: dict[str, Any]) -> None:
    """Raise BadField where the fields of one row contradict each other."""
    code: AreaCode = fields["code"]
    parent, kemendagri = fields.get("parent"), fields.get("kemendagri_code")
    if parent is not None and parent != code.parent:
        raise BadField(
            f"wilayah di atas {code} adalah {code.parent or '(tidak ada)'}, bukan {parent}",
            f"the area above {code} is {code.parent or '(none)'}, not {parent}",
        )
    if kemendagri is not None and len(kemendagri) != _KEMENDAGRI_LENGTHS.get(len(code)):
        raise BadField(
            f"kode Kemendagri {kemendagri} bukan tingkat yang sama dengan kode BPS {code}",
            f"the Kemendagri code {kemendagri} is of another level than the BPS code {code}",
        )
    if (fields.get("latitude") is None) != (fields.get("longitude") is None):
        raise BadField(
            "lintang dan bujur diisi dua-duanya atau tidak sama sekali",
            "latitude and longitude are given both or not at all",
        )
