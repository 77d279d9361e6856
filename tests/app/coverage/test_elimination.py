"""Several sums together give no small cell away, told by an elimination of the tests' own."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.coverage.elimination import worked_out
from app.coverage.rules import CELLS, DOCUMENT_PARTS, PRELIST_PARTS, withheld

Cell = tuple[str, str]
Row = dict[str, int]
Vector = dict[Cell, Fraction]

FREE = (*PRELIST_PARTS, "new")


def counts(**some: int) -> Row:
    return some


# One sum at a time gave the approved of the first kelurahan away in this town.
GIVEN_AWAY: list[list[Row]] = [
    [
        counts(new=1, found=1, closed=2, duplicate=2, submitted=4, approved=2),
        counts(new=2, not_found=2, found=1, closed=1, non_response=2, approved=2, rejected=6),
    ],
    [counts(closed=2, non_response=1, submitted=3)],
]


def whole(given_counts: Row) -> Row:
    row = dict.fromkeys(CELLS, 0) | given_counts
    row["prelist"] = sum(row[name] for name in PRELIST_PARTS)
    row["target"] = row["prelist"] + row["new"]
    row["visited"] = row["target"] - row["not_visited"]
    return row


def added(rows: Sequence[Row]) -> Row:
    return {name: sum(row[name] for row in rows) for name in CELLS}


@st.composite
def kelurahan(draw: st.DrawFn) -> Row:
    row = {name: draw(st.sampled_from((0, 0, 0, 1, 2, 3, 5))) for name in FREE}
    visited = sum(row.values()) - row["not_visited"]
    row["submitted"] = draw(st.integers(0, visited))
    row["approved"] = draw(st.integers(0, visited - row["submitted"]))
    row["rejected"] = visited - row["submitted"] - row["approved"]
    return row


def town(kecamatan: Sequence[Sequence[Row]]) -> tuple[dict[str, Row], list[list[str]]]:
    """Give the table of a city and its families: kecamatan to city and kelurahan to both."""
    table: dict[str, Row] = {}
    families: list[list[str]] = []
    for number, rows in enumerate(kecamatan):
        parts = {f"{number}{place}": whole(row) for place, row in enumerate(rows)}
        table |= parts | {str(number): added(list(parts.values()))}
        families.append([str(number), *parts])
    codes = [str(number) for number in range(len(kecamatan))]
    smallest = [code for code in table if code not in codes]
    table["all"] = added([table[code] for code in codes])
    return table, [*families, ["all", *codes], ["all", *smallest]]


def known_sums(table: Mapping[str, Row], families: list[list[str]]) -> Iterator[Vector]:
    """Give what every reader knows to add up to nothing."""
    for code in table:
        for total, *parts in (
            ("prelist", *PRELIST_PARTS),
            ("target", "prelist", "new"),
            ("target", "visited", "not_visited"),
            ("visited", *DOCUMENT_PARTS),
        ):
            yield {(code, total): Fraction(-1)} | {(code, name): Fraction(1) for name in parts}
    for total, *members in families:
        for name in CELLS:
            yield {(total, name): Fraction(-1)} | {(code, name): Fraction(1) for code in members}


def remainder(vector: Vector, basis: Mapping[Cell, Vector]) -> Vector:
    """Give what the basis, in the order in which it grew, leaves of a vector; empty: nothing."""
    rest = dict(vector)
    for lead, other in basis.items():
        if times := rest.get(lead):
            for cell, part in other.items():
                rest[cell] = rest.get(cell, Fraction(0)) - times * part
    return {cell: part for cell, part in rest.items() if part}


def determined(
    table: Mapping[str, Row], families: list[list[str]], hidden: frozenset[Cell]
) -> set[Cell]:
    """Give the hidden cells that are a combination of sums: they add no rank to those."""
    basis: dict[Cell, Vector] = {}
    for known in known_sums(table, families):
        rest = remainder({cell: part for cell, part in known.items() if cell in hidden}, basis)
        if rest:
            lead = min(rest)
            basis[lead] = {cell: part / rest[lead] for cell, part in rest.items()}
    return {cell for cell in hidden if not remainder({cell: Fraction(1)}, basis)}


@settings(max_examples=60)
@given(st.lists(st.lists(kelurahan(), min_size=1, max_size=3), min_size=1, max_size=3))
@example(GIVEN_AWAY)
def test_no_small_cell_follows_from_all_sums_together(kecamatan: list[list[Row]]) -> None:
    table, families = town(kecamatan)
    hidden = withheld(table, families)
    small = {(code, name) for code in table for name in CELLS if 0 < table[code][name] < 3}
    assert small <= hidden
    assert not small & determined(table, families, hidden)


@settings(max_examples=60)
@given(
    st.lists(st.lists(kelurahan(), min_size=1, max_size=2), min_size=1, max_size=3),
    st.sets(st.integers(0, 139), min_size=30),
)
def test_what_is_worked_out_is_what_adds_no_rank(
    kecamatan: list[list[Row]], places: set[int]
) -> None:
    table, families = town(kecamatan)
    cells = [(code, name) for code in table for name in CELLS]
    hidden = frozenset(cell for place, cell in enumerate(cells) if place in places)
    sums = [list(known) for known in known_sums(table, families)]
    assert set(worked_out(sums, hidden)) == determined(table, families, hidden)


def test_a_cell_is_worked_out_from_the_cells_that_stay() -> None:
    a, b, c, d, e = [(code, "found") for code in "abcde"]
    assert worked_out([[a, b, c], [d, b, c, e]], {b, c, e}) == {e: (d, a)}


def test_cells_weighed_twice_are_worked_out_exactly() -> None:
    """Sums of b + c, c + d and b + d give each of the three, at half of what they come to."""
    b, c, d = [(code, "found") for code in "bcd"]
    totals = [(code, "found") for code in "xyz"]
    sums = [[totals[0], b, c], [totals[1], c, d], [totals[2], b, d]]
    found = worked_out(sums, {b, c, d})
    assert set(found) == {b, c, d}
    assert all(sorted(told) == totals for told in found.values())


@pytest.mark.parametrize("hidden", [set(), {("a", "found"), ("b", "found")}])
def test_nothing_is_worked_out_of_what_one_sum_leaves_open(hidden: set[Cell]) -> None:
    assert worked_out([[("a", "found"), ("b", "found"), ("c", "found")]], hidden) == {}


def test_a_table_that_does_not_hold_its_own_sums_is_withheld_all_the_same() -> None:
    """The levels are read by statements of their own: an arrival between them breaks a sum."""
    table = {code: whole(counts(found=1)) for code in ("all", "a", "b")}
    hidden = withheld(table, [["all", "a"], ["all", "a", "b"]])
    assert {(code, "found") for code in table} <= hidden
