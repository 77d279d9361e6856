"""Markdown tables read as the sheets of an XLSForm, each cell remembering its file and line.

A questionnaire is written in narrow tables that a person can read and edit. The first kind has a
`type` column and lays down the rows in order; the second kind has only `name` beside other columns
and adds cells to the row of that name in the same file (hints, rules, warnings). Joined, they
are the wide survey sheet that every XLSForm tool knows.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from forms.errors import FormsError

_DIVIDER = re.compile(r"\|(\s*:?-+:?\s*\|)+")
_CELL_EDGE = re.compile(r"(?<!\\)\|")


class DefinitionError(FormsError):
    """A questionnaire's source that cannot be compiled: says where, what, and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands: file (relative to the definition), line from 1, column's name."""

    file: str
    line: int
    column: str = ""

    def __str__(self) -> str:
        """File, line and column for a person."""
        where = f"{self.file}, line {self.line}"
        return f"{where}, column “{self.column}”" if self.column else where

    def error(self, what: str, todo: str) -> DefinitionError:
        """Make the error for this place: what is wrong, what to do."""
        return DefinitionError(f"{self}: {what} {todo}")


@dataclass(slots=True)
class Row:
    """One row of a sheet: cells by column, and where each of them was written."""

    place: Place
    cells: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def put(self, column: str, value: str, place: Place) -> None:
        """Set one cell; an empty value leaves it unset; a second value is an error."""
        if not value:
            return
        if column in self.places:
            raise place.error(
                f"this cell was given already in line {self.places[column].line}.",
                "Keep one of the two.",
            )
        self.cells[column] = value
        self.places[column] = place


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file as written."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    place: Place


def read_tables(text: str, file: str) -> tuple[Table, ...]:
    """Read every table of a Markdown text; prose around them is left alone."""
    return tuple(_table(block, file) for block in _blocks(text))


def join_rows(tables: Iterable[Table]) -> list[Row]:
    """Join the tables of one file: rows from tables with `type`, further cells by `name`."""
    rows: list[Row] = []
    details: list[Row] = []
    for table in tables:
        (rows if "type" in table.columns else details).extend(table.rows)
    named = {row.cells["name"]: row for row in rows if "name" in row.cells}
    for detail in details:
        name = detail.cells.get("name", "")
        if name not in named:
            raise detail.place.error(
                f"no question of this file is called “{name}”.",
                "Write a name from the file's table of questions.",
            )
        _add(named[name], detail)
    return rows


def read_sheet(folder: Path, sheet: str) -> list[Row]:
    """Rows of `<sheet>.md`, or of all files in `<sheet>/` in the order of their names."""
    single = folder / f"{sheet}.md"
    files = [single] if single.is_file() else sorted((folder / sheet).glob("*.md"))
    rows: list[Row] = []
    for file in files:
        tables = read_tables(_text(file), file.relative_to(folder).as_posix())
        joined = join_rows(tables) if sheet == "survey" else [r for t in tables for r in t.rows]
        rows.extend(joined)
    return rows


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise DefinitionError(
            f"{file.name}: byte {error.start} is not UTF-8 text. Save the file as UTF-8."
        ) from error


def _add(row: Row, detail: Row) -> None:
    for column, value in detail.cells.items():
        if column != "name":
            row.put(column, value, detail.places[column])


def _blocks(text: str) -> Iterator[list[tuple[int, str]]]:
    block: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("|"):
            block.append((number, line.strip()))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _table(block: list[tuple[int, str]], file: str) -> Table:
    line, header = block[0]
    place = Place(file, line)
    columns = tuple(_cells(header))
    if len(block) < 2 or not _DIVIDER.fullmatch(block[1][1]):  # noqa: PLR2004 - header, divider
        raise place.error(
            "a table has no line of dashes under its header.", "Write |---|---| below it."
        )
    if not all(columns) or len(set(columns)) < len(columns):
        raise place.error("a column has no name, or a name twice.", "Name each column once.")
    rows = tuple(_row(columns, line, Place(file, number)) for number, line in block[2:])
    return Table(columns, rows, place)


def _row(columns: tuple[str, ...], line: str, place: Place) -> Row:
    cells = _cells(line)
    if len(cells) != len(columns):
        raise place.error(
            f"this row has {len(cells)} cells, its table has {len(columns)} columns.",
            r"Add or remove a cell; a bar inside a cell is written \|.",
        )
    row = Row(place)
    for column, value in zip(columns, cells, strict=True):
        row.put(column, value, Place(place.file, place.line, column))
    return row


def _cells(line: str) -> list[str]:
    body = line[1:-1] if line.endswith("|") and not line.endswith(r"\|") else line[1:]
    return [_clean(cell) for cell in _CELL_EDGE.split(body)]


def _clean(cell: str) -> str:
    """Strip blanks, the backquotes of a cell shown as code, and the escape before a bar."""
    text = cell.strip().replace(r"\|", "|")
    if len(text) > 1 and text[0] == text[-1] == "`":
        text = text[1:-1]
    return text


def as_sheet(rows: Iterable[Row]) -> tuple[list[Mapping[str, str]], list[Mapping[str, None]]]:
    """Rows and header as pyxform takes them: dicts without empty cells, and one dict of columns."""
    sheet: list[Mapping[str, str]] = [dict(row.cells) for row in rows]
    header: dict[str, None] = {column: None for row in sheet for column in row}
    return sheet, [header] if header else []
