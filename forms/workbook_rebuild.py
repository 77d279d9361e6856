"""Edited rows of a sheet brought back into the tables of its files.

A row stays in the table in which it stood, a new row goes where the row above it is, a cell goes
back to the small table that held it. What did not change is not written anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from forms.columns import canonical, ordered
from forms.markdown_layout import Grid, Included, Line, Page, table_of
from forms.workbook_match import increasing, match

Cells = Mapping[str, str]

_NEW_TABLES = (
    ("Petunjuk / Hints", ("hint", "guidance_hint")),
    ("Syarat jawaban / Constraints", ("constraint", "constraint_message")),
    ("Peringatan / Warnings", ("bind::se:warning", "bind::se:warningMsg")),
    ("Aturan / Rules", ()),
)


@dataclass(slots=True)
class _Slot:
    """A table that lays down rows, the definition's own file it belongs to, and what it becomes."""

    grid: Grid
    host: Page
    rows: "list[_Row]" = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    """A row of the sheet, the one it was, and what of it no table holds yet."""

    cells: Cells
    old: "_Old | None"
    left: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Old:
    """A row as it stood: its table and line, and the small tables that added to it."""

    slot: int
    grid: Grid
    line: Line
    cells: dict[str, str]
    homes: dict[str, Grid] = field(default_factory=dict)  # column → small table


def rebuild(
    sheet: str, pages: Sequence[Page], parts: Mapping[str, Page], rows: Sequence[Cells]
) -> None:
    """Change `pages`, and `parts` that they include, so that they lay down exactly `rows`."""
    slots = list(_slots(sheet, pages, parts))
    if not slots:
        _append_table(pages[-1], "", rows)
        return
    olds = _olds(sheet, pages, parts, slots)
    matched = match(sheet, [old.cells for old in olds], rows)
    made = [
        _Row(cells, None if place is None else olds[place])
        for cells, place in zip(rows, matched, strict=True)
    ]
    fresh = _seat(sheet, slots, made)
    columns = {column for cells in rows for column in cells}
    for slot in slots:
        _lay(slot, columns)
    if sheet == "survey":
        for page in pages:
            _fill_details(
                page, _small_tables(page, parts), [s for s in slots if s.host is page], columns
            )
    for slot in slots:
        _widen(slot)
    for name, members in fresh.items():
        _append_table(pages[-1], name, [row.cells for row in members])


def _slots(sheet: str, pages: Sequence[Page], parts: Mapping[str, Page]) -> Iterator[_Slot]:
    """Tables that lay down rows, in the order in which their rows come."""
    for host in pages:
        for piece in host.pieces:
            if isinstance(piece, Grid) and _lays(sheet, piece):
                yield _Slot(piece, host)
            elif isinstance(piece, Included):
                part = parts[piece.name]
                yield from (_Slot(grid, host) for grid in part.grids() if _lays(sheet, grid))


def _lays(sheet: str, grid: Grid) -> bool:
    return sheet != "survey" or grid.lays_rows


def _olds(
    sheet: str, pages: Sequence[Page], parts: Mapping[str, Page], slots: Sequence[_Slot]
) -> list[_Old]:
    """Rows as they were, joined with what the small tables of their files add."""
    olds = [
        _Old(place, slot.grid, line, dict(line.cells))
        for place, slot in enumerate(slots)
        for line in slot.grid.lines
    ]
    if sheet != "survey":
        return olds
    for page in pages:
        named = {
            old.cells["name"]: old
            for old in olds
            if "name" in old.cells and slots[old.slot].host is page
        }
        for grid in _small_tables(page, parts):
            for line in grid.lines:
                old = named.get(line.cells.get("name", ""))
                if old is not None:
                    _add(old, grid, line)
    return olds


def _add(old: _Old, grid: Grid, line: Line) -> None:
    for column, value in line.cells.items():
        if column != "name":
            old.cells[column] = value
            old.homes[column] = grid


def _small_tables(page: Page, parts: Mapping[str, Page]) -> list[Grid]:
    """Tables that add cells by name: a file's own, then those of the files it includes."""
    included = [parts[piece.name] for piece in page.pieces if isinstance(piece, Included)]
    return [grid for each in (page, *included) for grid in each.grids() if not grid.lays_rows]


# -- rows --------------------------------------------------------------------------------------
def _seat(sheet: str, slots: Sequence[_Slot], rows: list[_Row]) -> dict[str, list[_Row]]:
    """Give every row its table; return choices of lists that are new, by the list's name."""
    fresh: dict[str, list[_Row]] = {}
    if sheet == "choices":
        fresh = _new_lists(rows)
        gone = {id(row) for members in fresh.values() for row in members}
        rows = _beside_mates([row for row in rows if id(row) not in gone])
    places = [None if row.old is None else row.old.slot for row in rows]
    kept = increasing(places)
    at = next((place for index, place in enumerate(places) if index in kept), 0) or 0
    for index, row in enumerate(rows):
        place = places[index]
        if index in kept and place is not None:
            at = place
        slots[at].rows.append(row)
    return fresh


def _new_lists(rows: Sequence[_Row]) -> dict[str, list[_Row]]:
    known = {row.cells.get("list_name", "") for row in rows if row.old is not None}
    fresh: dict[str, list[_Row]] = {}
    for row in rows:
        name = row.cells.get("list_name", "")
        if name not in known:
            fresh.setdefault(name, []).append(row)
    return fresh


def _beside_mates(rows: Sequence[_Row]) -> list[_Row]:
    """Put a new choice behind the choices of its list that came before it."""
    found: list[_Row] = []
    for row in rows:
        name = row.cells.get("list_name", "")
        mates = [place for place, other in enumerate(found) if other.cells.get("list_name") == name]
        if row.old is None and mates:
            found.insert(mates[-1] + 1, row)
        else:
            found.append(row)
    return found


def _lay(slot: _Slot, columns: AbstractSet[str]) -> None:
    """Write the table of rows; note for each row what this table does not hold."""
    grid = slot.grid
    lines = []
    for row in slot.rows:
        here = {column: row.cells[column] for column in grid.columns if column in row.cells}
        old = row.old
        if old is not None:
            here = {
                column: value
                for column, value in here.items()
                if old.homes.get(column) is None or column == "name"
            }
        row.left = {column: value for column, value in row.cells.items() if column not in here}
        same = old is not None and old.grid is grid and here == old.line.cells
        lines.append(Line(old.line.raw if old is not None and same else "", here))
    _drop_columns(grid, columns)
    grid.lines = lines


def _drop_columns(grid: Grid, columns: AbstractSet[str]) -> None:
    """Leave out columns that had cells before, and that the sheet no longer has."""
    before = {column for line in grid.lines for column in line.cells}
    kept = tuple(column for column in grid.columns if column in columns or column not in before)
    if kept != grid.columns:
        grid.columns, grid.head = kept, ()


def _widen(slot: _Slot) -> None:
    """Add columns for what no small table could take."""
    missing = ordered(column for row in slot.rows for column in row.left)
    if not missing:
        return
    slot.grid.columns = (*slot.grid.columns, *missing)
    slot.grid.head = ()
    for row, line in zip(slot.rows, slot.grid.lines, strict=True):
        line.cells.update(row.left)
        row.left = {}


# -- small tables ------------------------------------------------------------------------------
def _fill_details(
    page: Page, grids: Sequence[Grid], slots: Sequence[_Slot], columns: AbstractSet[str]
) -> None:
    """Bring cells back to the small tables of one file, or to new ones at its end."""
    rows = [row for slot in slots for row in slot.rows]
    named = {row.cells["name"]: row for row in rows if "name" in row.cells}
    renamed = {
        row.old.cells["name"]: name
        for name, row in named.items()
        if row.old is not None and "name" in row.old.cells
    }
    for grid in grids:
        _drop_columns(grid, columns)
        _refill(grid, named, renamed)
    open_rows = {name: row for name, row in named.items() if row.left}
    for name, row in open_rows.items():
        _place_left(grids, list(named), name, row)
    _add_tables(page, {name: row for name, row in open_rows.items() if row.left})


def _refill(grid: Grid, named: Mapping[str, _Row], renamed: Mapping[str, str]) -> None:
    """Write a small table with what its cells are now."""
    lines = []
    for line in grid.lines:
        name = renamed.get(line.cells.get("name", ""), line.cells.get("name", ""))
        row = named.get(name)
        if row is None:
            continue
        cells = {"name": name}
        for column in grid.columns:
            home = row.old.homes.get(column) if row.old else None
            if column in row.left and (home is grid or (home is None and column in line.cells)):
                cells[column] = row.left.pop(column)
        if cells == line.cells:
            lines.append(line)
        elif len(cells) > 1:
            lines.append(Line("", cells))
    grid.lines = lines


def _place_left(grids: Sequence[Grid], order: list[str], name: str, row: _Row) -> None:
    """Put new cells of a question into the first small table that has their column."""
    for column in list(row.left):
        home = _home(grids, name, column)
        if home is None:
            continue
        line = next((one for one in home.lines if one.cells.get("name") == name), None)
        if line is None:
            line = Line("", {"name": name})
            home.lines.insert(_after(home, order, name), line)
        line.raw = ""
        line.cells[column] = row.left.pop(column)


def _home(grids: Sequence[Grid], name: str, column: str) -> Grid | None:
    fitting = [grid for grid in grids if column in grid.columns]
    holding = (g for g in fitting if any(line.cells.get("name") == name for line in g.lines))
    return next(holding, None) or next(iter(fitting), None)


def _after(grid: Grid, order: list[str], name: str) -> int:
    """Where a question's line belongs in a small table: behind those before it in the form."""
    place = {other: number for number, other in enumerate(order)}
    before = [
        number
        for number, line in enumerate(grid.lines, start=1)
        if place.get(line.cells.get("name", ""), len(order)) < place[name]
    ]
    return before[-1] if before else 0


def _add_tables(page: Page, rows: Mapping[str, _Row]) -> None:
    """Add small tables for columns that the file had none for, by what they are about."""
    for heading, wanted in _NEW_TABLES:
        members = {}
        for name, row in rows.items():
            taken = {c: v for c, v in row.left.items() if not wanted or _is_one(c, wanted)}
            if taken:
                members[name] = taken
                row.left = {c: v for c, v in row.left.items() if c not in taken}
        if members:
            cells = [{"name": name, **taken} for name, taken in members.items()]
            _append_table(page, heading, cells)


def _is_one(column: str, wanted: Sequence[str]) -> bool:
    base = canonical(column)
    return any(base == name or base.startswith(f"{name}::") for name in wanted)


def _append_table(page: Page, heading: str, rows: Sequence[Cells]) -> None:
    columns = ordered(column for row in rows for column in row)
    page.append(heading, table_of(rows, columns))
