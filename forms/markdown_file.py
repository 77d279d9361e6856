"""A questionnaire in one Markdown text: our own tables, or those that pyxform reads.

Ours are ordinary tables with a line of dashes; which sheet a table belongs to follows from its
columns. pyxform's begin with the sheet's name in the first cell, and every row leaves that cell
empty.
"""

import re
from pathlib import PurePath

from forms.columns import SHEETS, canonical, plain_header
from forms.places import DefinitionError, Place
from forms.source import HOME, Source, file_tables, joined
from forms.tables import Row, Table

_EDGE = re.compile(r"(?<!\\)\|")
_DASHES = re.compile(r"[\s|:-]+")
_SETTINGS = frozenset(["form_id", "form_title", "version", "default_language"])
_ENTITIES = frozenset(["entity_id", "create_if", "update_if"])


def read_markdown(body: bytes, filename: str) -> Source:
    """Read a questionnaire from one text. Raises DefinitionError."""
    name = PurePath(filename).name
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DefinitionError(
            f"{name}: byte {error.start} is not UTF-8 text. Save the file as UTF-8.",
            indonesian=f"{name}: bita {error.start} bukan teks UTF-8. Simpan sebagai UTF-8.",
        ) from error
    stem = PurePath(filename).stem or "form"
    if _sheet_named(text.split("\n")):
        return Source(stem, _by_first_cell(text, name), strict=False)
    return Source(stem, _by_columns(text, name))


def _by_columns(text: str, name: str) -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Table]] = {}
    for table in file_tables(HOME, name, text):
        found.setdefault(_sheet_of(table), []).append(table)
    return {sheet: tuple(joined(sheet, tuple(tables))) for sheet, tables in found.items()}


def _sheet_of(table: Table) -> str:
    columns = {canonical(column) for column in table.columns}
    if "type" in columns:
        return "survey"
    if columns & _SETTINGS:
        return "settings"
    if "list_name" in columns:
        return "choices" if "name" in columns and not columns & _ENTITIES else "entities"
    if "name" in columns:
        return "survey"
    raise table.place.error(
        "this table belongs to no sheet.",
        "Please either give it a column type or name (questions), list_name (choices) or "
        "form_id (settings), or remove it.",
        indonesian="tabel ini tidak termasuk lembar mana pun. Beri kolom type atau name "
        "(pertanyaan), list_name (pilihan), atau form_id (pengaturan), atau hapus.",
    )


# -- pyxform's layout --------------------------------------------------------------------------
def _sheet_named(lines: list[str]) -> bool:
    first = next((line for line in lines if line.lstrip().startswith("|")), "")
    cells = _cells(first)
    return bool(cells) and cells[0].lower() in SHEETS and not any(cells[1:])


def _by_first_cell(text: str, name: str) -> dict[str, tuple[Row, ...]]:
    sheets: dict[str, list[Row]] = {}
    sheet = ""
    header: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.lstrip().startswith("|") or _DASHES.fullmatch(line):
            continue
        first, *cells = _cells(line)
        if first:
            sheet, header = first.lower(), []
        elif not header:
            header = [plain_header(sheet, cell) for cell in cells]
        elif sheet in SHEETS:
            row = _row(header, cells, Place(name, number))
            if row.cells:
                sheets.setdefault(sheet, []).append(row)
    return {sheet: tuple(rows) for sheet, rows in sheets.items()}


def _row(header: list[str], cells: list[str], place: Place) -> Row:
    row = Row(place)
    for column, value in zip(header, cells, strict=False):
        if column:
            row.put(column, value, place.at(column))
    return row


def _cells(line: str) -> list[str]:
    body = line.strip().removeprefix("|").removesuffix("|")
    return [cell.strip().replace(r"\|", "|") for cell in _EDGE.split(body)]
