"""A Markdown file taken apart and put together again: prose as it stands, tables row by row.

What was not changed is written byte for byte as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from forms.columns import canonical
from forms.tables import encode_cell, include_of, row_cells

CODE = frozenset(
    (
        *("relevant", "constraint", "calculation", "choice_filter", "repeat_count"),
        *("bind::se:warning", "entity_id", "create_if", "update_if", "instance_name"),
    )
)


@dataclass(slots=True)
class Line:
    """One row of a table: its text as written, '' for a row to be written; cells by column."""

    raw: str
    cells: dict[str, str]


@dataclass(slots=True)
class Grid:
    """One table. `head` is the header and the dashes as written, empty once the columns change."""

    columns: tuple[str, ...]
    lines: list[Line]
    head: tuple[str, ...] = ()
    ending: str = "\n"

    @property
    def lays_rows(self) -> bool:
        """Whether it lays down questions, rather than adding cells to them by name."""
        return "type" in self.columns

    def text(self) -> str:
        """Write the table."""
        head = self.head or (
            _row(self.columns, self.ending),
            "|" + "---|" * len(self.columns) + self.ending,
        )
        rows = [*head, *(self._line(line) for line in self.lines)]
        return (
            "".join(row if row.endswith("\n") else row + self.ending for row in rows[:-1])
            + rows[-1]
        )

    def _line(self, line: Line) -> str:
        if line.raw and self.head:
            return line.raw
        cells = (
            encode_cell(line.cells[column], code=canonical(column) in CODE)
            if column in line.cells
            else ""
            for column in self.columns
        )
        return _row(cells, self.ending)


@dataclass(frozen=True, slots=True)
class Prose:
    """Lines between tables, as written."""

    raw: str


@dataclass(frozen=True, slots=True)
class Included:
    """A line that stands for the tables of a shared file."""

    raw: str
    name: str


Piece = Grid | Prose | Included


@dataclass(slots=True)
class Page:
    """One file of a definition; `shared` when it is not the definition's own."""

    name: str
    pieces: list[Piece] = field(default_factory=list)
    shared: bool = False

    def grids(self) -> list[Grid]:
        """Tables in order, without those of included files."""
        return [piece for piece in self.pieces if isinstance(piece, Grid)]

    def text(self) -> str:
        """Write the file."""
        return "".join(
            piece.text() if isinstance(piece, Grid) else piece.raw for piece in self.pieces
        )

    def append(self, heading: str, grid: Grid) -> None:
        """Add a table under a heading at the end."""
        text = self.text()
        gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
        title = f"{gap}## {heading}\n\n" if heading else gap
        if title:
            self.pieces.append(Prose(title))
        self.pieces.append(grid)


def take_apart(name: str, text: str, *, shared: bool = False) -> Page:
    """Take a file apart; its tables must be sound."""
    page = Page(name, shared=shared)
    block: list[str] = []
    for line in _lines(text):
        if line.lstrip().startswith("|"):
            block.append(line)
            continue
        if block:
            page.pieces.append(_grid(block))
            block = []
        included = include_of(line)
        page.pieces.append(Included(line, included) if included else Prose(line))
    if block:
        page.pieces.append(_grid(block))
    return page


def table_of(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> Grid:
    """Lay rows out as a new table."""
    return Grid(tuple(columns), [Line("", dict(row)) for row in rows])


def _grid(block: list[str]) -> Grid:
    columns = tuple(row_cells(block[0]))
    lines = [
        Line(
            raw,
            {c: v for c, v in zip(columns, row_cells(raw), strict=True) if v},
        )
        for raw in block[2:]
    ]
    ending = "\r\n" if block[0].endswith("\r\n") else "\n"
    return Grid(columns, lines, (block[0], block[1]), ending)


def _row(cells: Iterable[str], ending: str) -> str:
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells) + ending


def _lines(text: str) -> list[str]:
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
