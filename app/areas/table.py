"""Reading a table of areas: bytes → rows, with everything that is wrong, line by line."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.areas.codes import AreaCode
from app.areas.rules import NEEDED, READERS, BadField, check_together
from app.areas.schemas import RowError

DELIMITERS = (",", ";", "\t", "|")
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
    text = _decoded(body, table)
    if text is None:
        return table
    lines = _records(text, table)
    _, header = next(lines, (1, []))
    columns = _columns(header, table)
    if columns is None:
        return table
    for line, record in lines:
        if any(cell.strip() for cell in record):
            _read_row(table, line, columns, record)
    if not table.rows and not table.errors:
        table.wrong(1, "berkas ini tidak berisi wilayah", "this file holds no areas")
    _check_repeats(table)
    return table


def _decoded(body: bytes, table: AreaTable) -> str | None:
    if body.startswith(b"PK\x03\x04"):
        table.wrong(
            1,
            "ini buku kerja Excel: simpan sebagai 'CSV UTF-8', dengan kolom kode berformat Teks",
            "this is an Excel workbook: save it as 'CSV UTF-8', with the code column as Text",
        )
        return None
    try:
        if body.startswith((b"\xff\xfe", b"\xfe\xff")):
            return body.decode("utf-16")
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        line = body.count(b"\n", 0, bad.start) + 1
        table.wrong(
            line,
            "ada huruf yang bukan UTF-8: simpan berkas sebagai 'CSV UTF-8'",
            "a letter here is not UTF-8: save the file as 'CSV UTF-8'",
        )
        return None


def _records(text: str, table: AreaTable) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the line on which it starts."""
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as bad:
        table.wrong(
            line,
            f"baris ini bukan CSV ({bad}): periksa tanda kutip yang tidak ditutup",
            f"this line is not CSV ({bad}): look for a quotation mark that is not closed",
        )


def _columns(header: Sequence[str], table: AreaTable) -> list[str] | None:
    plain = [cell.strip().lower().replace(" ", "_") for cell in header]
    columns = [_ALIASES.get(name, name) for name in plain]
    known = ", ".join(READERS)
    for name in dict.fromkeys(columns):
        if name not in READERS:
            table.wrong(
                1,
                f"kolom {name[:40]!r} tidak dikenal: hapus atau ganti namanya. Yang ada: {known}",
                f"unknown column {name[:40]!r}: remove or rename it. There are: {known}",
            )
        elif columns.count(name) > 1:
            table.wrong(1, f"kolom {name} ada dua kali", f"the column {name} is there twice")
    for name in NEEDED:
        if name not in columns:
            table.wrong(
                1,
                f"kolom {name} tidak ada: baris pertama berisi nama kolom, misalnya code,name",
                f"the column {name} is missing: the first line names the columns, as code,name",
            )
    return None if table.errors else columns


def _read_row(table: AreaTable, line: int, columns: Sequence[str], record: Sequence[str]) -> None:
    if len(record) != len(columns):
        table.wrong(
            line,
            f"ada {len(record)} kolom, seharusnya {len(columns)}: nama yang berisi tanda pemisah "
            "ditulis di antara tanda kutip",
            f"{len(record)} columns instead of {len(columns)}: write a name that holds the "
            "separator between quotation marks",
        )
        return
    before = len(table.errors)
    fields = {
        name: _read_field(table, line, name, cell.strip())
        for name, cell in zip(columns, record, strict=True)
    }
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
