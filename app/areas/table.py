"""Reading a table of areas: bytes → rows, with everything that is wrong, line by line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.areas.codes import AreaCode
from app.areas.rules import NEEDED, READERS, BadField, check_together
from app.areas.schemas import RowError
from app.core.csv_file import read_csv

_ALIASES = {
    "kode": "code",
    "nama": "name",
    "induk": "parent",
    "parent_code": "parent",
    "kode_kemendagri": "kemendagri_code",
    "nama_kemendagri": "kemendagri_name",
    "kode_pos": "postal_code",
    "lintang": "latitude",
    "bujur": "longitude",
    "luas_km2": "area_km2",
    "muatan": "expected_load",
}


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One row: its line, its code, and the other fields that the table has a column for."""

    line: int
    code: AreaCode
    fields: dict[str, Any]


@dataclass(slots=True)
class AreaTable:
    """The good rows of a file in its order, the codes of all rows, and all errors."""

    rows: list[AreaRow] = field(default_factory=list)
    named: set[AreaCode] = field(default_factory=set)
    errors: list[RowError] = field(default_factory=list)

    def wrong(self, line: int, message_id: str, message_en: str) -> None:
        """Note what is wrong in a line."""
        self.errors.append(RowError(line, message_id, message_en))


def read_table(body: bytes) -> AreaTable:
    """Read a CSV with a header; every wrong row is in `errors`, never only the first."""
    table = AreaTable()
    file = read_csv(body, READERS, [[name] for name in NEEDED], _ALIASES)
    unknown = [name for name in dict.fromkeys(file.names) if name not in READERS]
    _check_known(table, unknown)
    for line, told in () if unknown else file.lines:
        _read_row(table, line, told)
    for fault in file.faults:
        table.wrong(fault.line, fault.message_id, fault.message_en)
    if not table.rows and not table.errors:
        table.wrong(1, "berkas ini tidak berisi wilayah", "this file holds no areas")
    _check_repeats(table)
    table.errors.sort(key=lambda each: each.place)
    return table


def _check_known(table: AreaTable, unknown: Iterable[str]) -> None:
    known = ", ".join(READERS)
    for name in unknown:
        table.wrong(
            1,
            f"kolom {name[:40]!r} tidak dikenal: hapus atau ganti namanya. Yang ada: {known}",
            f"unknown column {name[:40]!r}: remove or rename it. There are: {known}",
        )


def _read_row(table: AreaTable, line: int, told: Mapping[str, str]) -> None:
    before = len(table.errors)
    fields = {name: _read_field(table, line, name, cell) for name, cell in told.items()}
    if isinstance(fields["code"], AreaCode):
        table.named.add(fields["code"])
    if len(table.errors) > before:
        return
    try:
        check_together(fields)
    except BadField as bad:
        table.wrong(line, bad.message_id, bad.message_en)
        return
    fields.pop("parent", None)
    table.rows.append(AreaRow(line, fields.pop("code"), fields))


def _read_field(table: AreaTable, line: int, name: str, text: str) -> Any:  # noqa: ANN401 - typed by its reader
    if not text and name not in NEEDED:
        return None
    try:
        return READERS[name](text)
    except BadField as bad:
        table.wrong(line, bad.message_id, bad.message_en)
        return None


def _check_repeats(table: AreaTable) -> None:
    seen: dict[str, int] = {}
    for row in table.rows:
        for code in (row.code, row.fields.get("kemendagri_code")):
            if code is None:
                continue
            first = seen.setdefault(f"{type(code).__name__} {code}", row.line)
            if first != row.line:
                table.wrong(
                    row.line,
                    f"kode {code} sudah ada di baris {first}: hapus salah satunya",
                    f"the code {code} is already on line {first}: remove one of them",
                )
