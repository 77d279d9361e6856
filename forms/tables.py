"""Markdown tables read as the sheets of an XLSForm, each cell remembering its file and line.

A questionnaire is written in narrow tables that a person can read and edit. The first kind has a
`type` column and lays down the rows in order; the second kind has only `name` beside other columns
and adds cells to the row of that name in the same file (hints, rules, warnings). Joined, they
are the wide survey sheet that every XLSForm tool knows.

A line `{{ shared/visits.md }}` stands for the tables of that file, so that questionnaires share
blocks and choice lists.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from forms.columns import ordered
from forms.places import DefinitionError, Place

__all__ = [
    "DefinitionError",
    "Place",
    "Row",
    "Table",
    "as_sheet",
    "cell_text",
    "decode_cell",
    "encode_cell",
    "include_of",
    "join_rows",
    "read_tables",
    "row_cells",
]

_DIVIDER = re.compile(r"\|(\s*:?-+:?\s*\|)+")
_CELL_EDGE = re.compile(r"(?<!\\)\|")
_INCLUDE = re.compile(r"\s*\{\{\s*(\S+)\s*\}\}\s*")
_BREAK = re.compile(r"(\\*)<br>")
_BREAK_OR_LINE = re.compile(r"(\\*)(<br>|\n)")


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
            line = self.places[column].line
            raise place.error(
                f"this cell was given already in line {line}.",
                "Keep one of the two.",
                indonesian=f"sel ini sudah diisi pada baris {line}. Pertahankan salah satu.",
            )
        self.cells[column] = value
        self.places[column] = place


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file as written."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    place: Place


Include = Callable[[str, Place], tuple[Table, ...]]


def _no_include(name: str, place: Place) -> tuple[Table, ...]:
    raise place.error(
        f"{name} cannot be included here.",
        "Please either write its tables here, or include it from a definition's own file.",
        indonesian=f"{name} tidak dapat disertakan di sini. "
        "Tulis tabelnya di sini, atau sertakan dari berkas kuesioner itu sendiri.",
    )


def read_tables(text: str, file: str, include: Include = _no_include) -> tuple[Table, ...]:
    """Read every table of a Markdown text; prose around them is left alone.

    `include` gives the tables that a line `{{ name }}` stands for.
    """
    tables: list[Table] = []
    for block in _blocks(text):
        line, first = block[0]
        name = include_of(first)
        if name:
            tables.extend(include(name, Place(file, line)))
        else:
            tables.append(_table(block, file))
    return tuple(tables)


def include_of(line: str) -> str:
    """Name the file that a line includes; '' for an ordinary line."""
    found = _INCLUDE.fullmatch(line)
    return found[1] if found else ""


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
                indonesian=f"tidak ada pertanyaan “{name}” dalam berkas ini. "
                "Tulis nama yang ada dalam tabel pertanyaannya.",
            )
        _add(named[name], detail)
    return rows


def _add(row: Row, detail: Row) -> None:
    for column, value in detail.cells.items():
        if column != "name":
            row.put(column, value, detail.places[column])


def _blocks(text: str) -> Iterator[list[tuple[int, str]]]:
    """Tables as numbered lines, and lines that include a file, each alone."""
    block: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith("|"):
            block.append((number, line.strip()))
            continue
        if block:
            yield block
            block = []
        if include_of(line):
            yield [(number, line)]
    if block:
        yield block


def _table(block: list[tuple[int, str]], file: str) -> Table:
    line, header = block[0]
    place = Place(file, line)
    columns = tuple(row_cells(header))
    if len(block) < 2 or not _DIVIDER.fullmatch(block[1][1]):  # noqa: PLR2004 - header, divider
        raise place.error(
            "a table has no line of dashes under its header.",
            "Write |---|---| below it.",
            indonesian="tabel tanpa garis |---|---| di bawah kepalanya. Tambahkan garis itu.",
        )
    if not all(columns) or len(set(columns)) < len(columns):
        raise place.error(
            "a column has no name, or a name twice.",
            "Name each column once.",
            indonesian="ada kolom tanpa nama atau bernama sama. Beri setiap kolom nama sendiri.",
        )
    rows = tuple(_row(columns, line, Place(file, number)) for number, line in block[2:])
    return Table(columns, rows, place)


def _row(columns: tuple[str, ...], line: str, place: Place) -> Row:
    cells = row_cells(line)
    if len(cells) != len(columns):
        raise place.error(
            f"this row has {len(cells)} cells, its table has {len(columns)} columns.",
            r"Add or remove a cell; a bar inside a cell is written \|.",
            indonesian=f"baris ini berisi {len(cells)} sel, sedangkan tabelnya {len(columns)} "
            r"kolom. Tambah atau hapus sel; garis tegak di dalam sel ditulis \|.",
        )
    row = Row(place)
    for column, value in zip(columns, cells, strict=True):
        row.put(column, value, place.at(column))
    return row


def row_cells(line: str) -> list[str]:
    """Cells of one line of a table, as text."""
    line = line.strip()
    body = line[1:-1] if line.endswith("|") and not line.endswith(r"\|") else line[1:]
    return [decode_cell(cell) for cell in _CELL_EDGE.split(body)]


def decode_cell(cell: str) -> str:
    r"""Read a cell as written: blanks around it, backquotes of code, `\|` and `<br>` undone."""
    text = cell.strip().replace(r"\|", "|")
    if len(text) > 1 and text[0] == text[-1] == "`":
        text = text[1:-1]
    return cell_text(_BREAK.sub(_unbroken, text))


def encode_cell(text: str, *, code: bool = False) -> str:
    r"""Write a cell so that `decode_cell` gives the same text; `code` puts it in backquotes.

    A line break becomes `<br>`; a `<br>` that is meant as such becomes `\<br>`.
    """
    written = _BREAK_OR_LINE.sub(_broken, text).replace("|", r"\|")
    backquoted = len(text) > 1 and text[0] == text[-1] == "`"
    return f"`{written}`" if code or backquoted else written


def cell_text(text: str) -> str:
    """Text as a cell can hold it: no blanks around it, line ends as one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _unbroken(found: re.Match[str]) -> str:
    slashes = found[1]
    kept = slashes[: len(slashes) // 2]
    return kept + ("<br>" if len(slashes) % 2 else "\n")


def _broken(found: re.Match[str]) -> str:
    doubled = found[1] * 2
    return doubled + ("<br>" if found[2] == "\n" else "\\<br>")


def as_sheet(rows: Iterable[Row]) -> tuple[list[Mapping[str, str]], list[Mapping[str, None]]]:
    """Rows and header as pyxform takes them: dicts without empty cells, and one dict of columns.

    Cells come in the order of `ordered`, so that the same questions make the same XForm however
    their columns were laid out. A blank that does not break is one that does, as in a workbook.
    """
    rows = list(rows)
    columns = ordered(column for row in rows for column in row.cells)
    sheet: list[Mapping[str, str]] = [
        {
            column: row.cells[column].replace("\xa0", " ")
            for column in columns
            if column in row.cells
        }
        for row in rows
    ]
    return sheet, [dict.fromkeys(columns)] if columns else []
