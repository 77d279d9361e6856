"""What coverage means: levels, when a leaf is finished, and what a viewer is not told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from app.coverage.elimination import Cell, worked_out

SMALLEST_TOLD = 3  # a cell resting on fewer units is withheld

# prelist is the sum of the first, target the sum of the second, visited that of the third
PRELIST_PARTS = ("not_visited", "not_found", "found", "closed", "duplicate", "non_response")
TARGET_PARTS = ("prelist", "new")
DOCUMENT_PARTS = ("submitted", "approved", "rejected")
COUNTS = (*TARGET_PARTS, *PRELIST_PARTS, *DOCUMENT_PARTS, "with_errors")
CELLS = (*COUNTS, "target", "visited")

# Cells of one row of which any one follows from the others.
_ROW_SUMS = (
    ("prelist", *PRELIST_PARTS),
    ("target", *TARGET_PARTS),
    ("target", "visited", "not_visited"),
    ("visited", *DOCUMENT_PARTS),
)


class Level(StrEnum):
    """The levels at which coverage is summed."""

    CITY = "city"
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    SLS = "sls"
    SUB_SLS = "sub_sls"

    @property
    def digits(self) -> int:
        """Give the length of this level's area codes."""
        return _DIGITS[self]

    def is_below(self, code: str) -> bool:
        """Tell whether areas of this level lie within the area `code`."""
        return self.digits > len(code)


_DIGITS = {
    Level.CITY: 4,
    Level.KECAMATAN: 7,
    Level.KELURAHAN: 10,
    Level.SLS: 14,
    Level.SUB_SLS: 16,
}
LEAF_DIGITS = Level.SUB_SLS.digits


def level_below(code: str) -> Level | None:
    """Give the widest level that lies within an area; None below a sub-SLS."""
    return next((level for level in Level if level.is_below(code)), None)


def withheld(
    table: Mapping[str, Mapping[str, int]], families: Iterable[Sequence[str]]
) -> frozenset[Cell]:
    """Give the cells that a government viewer is not told.

    `table` holds the counts of every area that the viewer may see, at all levels; a family is an
    area followed by those that sum to it. A cell of one or two units is withheld. Where it would
    follow from one sum, or from several together, the smallest told cell that it follows from is
    withheld as well, until none follows.
    """
    hidden = {
        (code, name)
        for code, row in table.items()
        for name in CELLS
        if 0 < row[name] < SMALLEST_TOLD
    }
    primary = frozenset(hidden)
    sums = [*_sums_across(table), *_sums_down(families)]
    while found := (
        {cell for group in sums for cell in _also(group, table, hidden, primary)}
        or {_smallest(cells, table) for cells in _derivations(sums, hidden, primary)}
    ):
        hidden |= found
    return frozenset(hidden)


def _also(
    group: Sequence[Cell],
    table: Mapping[str, Mapping[str, int]],
    hidden: set[Cell],
    primary: frozenset[Cell],
) -> Iterator[Cell]:
    """Give the next cell of a sum to withhold, if those withheld in it could be worked out."""
    inside = hidden.intersection(group)
    # small cells alone give themselves away: what is missing to the total is 2 only as 1 + 1
    if not inside or (len(inside) > 1 and not inside <= primary):
        return
    told = [cell for cell in group if cell not in hidden]
    if told:
        yield _smallest(told, table)


def _derivations(
    sums: Iterable[Sequence[Cell]], hidden: set[Cell], primary: frozenset[Cell]
) -> Iterator[Sequence[Cell]]:
    """Give, for each small cell that several sums give away, the told cells it follows from.

    One of those is not zero, for nothing else adds up to a small cell. Only where the table does
    not hold its own sums can there be none, and then nothing is given away.
    """
    for cell, told in worked_out(sums, hidden).items():
        if cell in primary and told:
            yield told


def _smallest(cells: Iterable[Cell], table: Mapping[str, Mapping[str, int]]) -> Cell:
    """Give the smallest that is not zero, since zero may be told; the first of equal ones."""
    return min(cells, key=lambda cell: (table[cell[0]][cell[1]] == 0, table[cell[0]][cell[1]]))


def _sums_across(table: Iterable[str]) -> Iterator[list[Cell]]:
    for code in table:
        for names in _ROW_SUMS:
            yield [(code, name) for name in names]


def _sums_down(families: Iterable[Sequence[str]]) -> Iterator[list[Cell]]:
    for family in families:
        for name in CELLS:
            yield [(code, name) for code in family]
