"""BPS area codes: text of 2, 4, 7, 10, 14 or 16 digits, each level a prefix of the next."""

import re
from enum import StrEnum
from typing import ClassVar, Self

from app.areas.errors import BadCode


class Level(StrEnum):
    """The levels of the region tree, from above."""

    PROVINCE = "province"
    REGENCY = "regency"
    DISTRICT = "district"  # kecamatan
    KELURAHAN = "kelurahan"
    SLS = "sls"
    SUB_SLS = "sub_sls"


LENGTHS = {
    Level.PROVINCE: 2,
    Level.REGENCY: 4,
    Level.DISTRICT: 7,
    Level.KELURAHAN: 10,
    Level.SLS: 14,
    Level.SUB_SLS: 16,
}
LEVEL_NAMES = {
    Level.PROVINCE: ("Provinsi", "Province"),
    Level.REGENCY: ("Kabupaten/Kota", "Regency or city"),
    Level.DISTRICT: ("Kecamatan", "District"),
    Level.KELURAHAN: ("Kelurahan/Desa", "Village"),
    Level.SLS: ("SLS", "SLS"),
    Level.SUB_SLS: ("Sub-SLS", "Sub-SLS"),
}
_LEVELS = {length: level for level, length in LENGTHS.items()}
_ABOVE = {4: 2, 7: 4, 10: 7, 14: 10, 16: 14}
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_SPREADSHEET_NUMBER = re.compile(r"[0-9]+([.,][0-9]+)?[eE][+]?[0-9]+|[0-9]+[.,]0*")


class AreaCode(str):
    """An area code of any level: a text, because spreadsheets destroy long numbers."""

    __slots__ = ()
    lengths: ClassVar[tuple[int, ...]] = tuple(_LEVELS)
    named: ClassVar[tuple[str, str]] = ("Kode wilayah", "An area code")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code; raises BadCode with what was expected."""
        code = text.strip()
        if _SPREADSHEET_NUMBER.fullmatch(code):
            raise _spreadsheet(code)
        if not _DIGITS.fullmatch(code) or len(code) not in cls.lengths:
            raise cls._unreadable(code)
        return cls(code)

    @classmethod
    def _unreadable(cls, code: str) -> BadCode:
        *most, last = (str(length) for length in cls.lengths)
        digits_id = f"{', '.join(most)} atau {last}" if most else last
        digits_en = f"{', '.join(most)} or {last}" if most else last
        shown = repr(code[:40])
        return BadCode(
            f"{cls.named[0]} terdiri dari {digits_id} angka, bukan {shown} "
            f"({len(code)} karakter): periksa angka yang kurang, berlebih, atau nol di depan.",
            f"{cls.named[1]} has {digits_en} digits, not {shown} "
            f"({len(code)} characters): look for missing or extra digits and lost zeros.",
        )

    @property
    def level(self) -> Level:
        """Give the level that the length tells."""
        return _LEVELS[len(self)]

    @property
    def parent(self) -> "AreaCode | None":
        """Give the area above, None for a province."""
        above = _ABOVE.get(len(self))
        return None if above is None else AreaCode(self[:above])

    @property
    def path(self) -> "tuple[AreaCode, ...]":
        """Give the areas from the province down to this one."""
        return tuple(AreaCode(self[:length]) for length in _LEVELS if length <= len(self))

    @property
    def lane(self) -> str:
        """Give the regency, the unit of ordering; a province's own code where it is wider."""
        return self[:4]


class KelurahanCode(AreaCode):
    """A kelurahan or desa: 10 digits."""

    __slots__ = ()
    lengths = (10,)
    named = ("Kode kelurahan", "A kelurahan code")


class SubSlsId(AreaCode):
    """A sub-SLS, `idsubsls`: 16 digits."""

    __slots__ = ()
    lengths = (16,)
    named = ("Kode sub-SLS", "A sub-SLS code")

    @property
    def kelurahan(self) -> KelurahanCode:
        """Give the kelurahan that it lies in."""
        return KelurahanCode(self[:10])


def _spreadsheet(code: str) -> BadCode:
    return BadCode(
        f"{code[:40]!r} adalah angka hasil Excel, digit kodenya sudah hilang. Kode adalah teks: "
        "format kolom itu sebagai Teks, isi lagi dari sumbernya, lalu simpan sebagai CSV.",
        f"{code[:40]!r} is a number written by Excel, the code's digits are lost. Codes are text: "
        "format the column as Text, fill it again from the source, then save as CSV.",
    )
