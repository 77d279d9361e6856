"""What is withheld can be worked out from nothing that is told."""

from itertools import product

from hypothesis import example, given
from hypothesis import strategies as st

from app.coverage.rules import CELLS, Level, level_below, withheld

FREE = ("not_visited", "not_found", "found", "closed", "duplicate", "non_response", "new")


def row(**counts: int) -> dict[str, int]:
    full = dict.fromkeys(CELLS, 0) | counts
    full["prelist"] = sum(full[name] for name in FREE if name != "new")
    full["target"] = full["prelist"] + full["new"]
    full["visited"] = full["target"] - full["not_visited"]
    return full


def added(*rows: dict[str, int]) -> dict[str, int]:
    return {name: sum(each[name] for each in rows) for name in CELLS}


def test_small_cells_are_withheld_and_large_ones_told() -> None:
    table = {"a": row(found=50, closed=2, not_found=7, not_visited=9)}
    hidden = withheld(table, [])
    assert ("a", "closed") in hidden
    assert ("a", "found") not in hidden


def test_a_lone_small_cell_takes_another_with_it() -> None:
    table = {"a": row(found=50, closed=2, not_found=7, not_visited=9)}
    hidden = {name for _, name in withheld(table, [])}
    assert len(hidden & {"not_visited", "not_found", "found"}) >= 1


def test_nothing_small_nothing_withheld() -> None:
    table = {"a": row(found=50, closed=3, new=4)}
    assert withheld(table, []) == frozenset()


def test_the_sum_of_areas_gives_nothing_away() -> None:
    parts = {"b": row(closed=1, found=20), "c": row(closed=5, found=30), "d": row(closed=9)}
    table = {"a": added(*parts.values()), **parts}
    hidden = withheld(table, [["a", "b", "c", "d"]])
    assert len([code for code in table if (code, "closed") in hidden]) >= 2


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=2, max_size=3))
@example([(0, 0, 1), (0, 0, 3), (0, 4, 4)])  # a total that is withheld, above all its parts
def test_no_small_cell_follows_from_one_sum(counts: list[tuple[int, ...]]) -> None:
    """Whatever one sum leaves open about a small cell, it leaves more than one value open."""
    parts = {
        str(code): row(found=found, closed=closed, new=new)
        for code, (found, closed, new) in enumerate(counts)
    }
    table = {"all": added(*parts.values()), **parts}
    hidden = withheld(table, [["all", *parts]])
    for name in ("found", "closed", "new", "target"):
        family = [("all", name), *((code, name) for code in parts)]
        small = [cell for cell in family if cell in hidden and 0 < table[cell[0]][name] < 3]
        unknown = [cell for cell in family if cell in hidden]
        if len(unknown) < len(family):
            assert all(len(_readings(family, unknown, table, cell)) > 1 for cell in small)


def _readings(
    family: list[tuple[str, str]],
    unknown: list[tuple[str, str]],
    table: dict[str, dict[str, int]],
    asked: tuple[str, str],
) -> set[int]:
    """Give values of `asked` that agree with what is told of total = parts; two are enough.

    A withheld total is whatever its parts sum to: nothing bounds it from above.
    """
    truth = {cell: table[cell[0]][cell[1]] for cell in family}
    total, *parts = family
    open_parts = [cell for cell in unknown if cell != total]
    found: set[int] = set()
    for guess in product(range(truth[total] + 2), repeat=len(open_parts)):
        values = truth | dict(zip(open_parts, guess, strict=True))
        whole = sum(values[cell] for cell in parts)
        if total in unknown or whole == truth[total]:
            found.add((values | {total: whole})[asked])
        if len(found) > 1:
            break
    return found


def test_levels_follow_the_digits() -> None:
    assert level_below("3375") is Level.KECAMATAN
    assert level_below("3375010004") is Level.SLS
    assert level_below("3375010004000100") is None
    assert [level.digits for level in Level] == [4, 7, 10, 14, 16]
