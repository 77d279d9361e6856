"""Which rows of an edited sheet are which rows of the files they came from."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

_BEGIN = re.compile(r"begin[ _]", re.IGNORECASE)
_END = re.compile(r"end[ _]", re.IGNORECASE)

Cells = Mapping[str, str]
Key = tuple[object, ...]


def keys(sheet: str, rows: Sequence[Cells]) -> list[Key]:
    """Tell what makes a row itself, however its other cells change and wherever it moves.

    A question is its name, the end of a group is that group's, a choice its list and code; where
    several are alike, the first stays the first.
    """
    seen: Counter[Key] = Counter()
    begun: list[Key] = []
    found: list[Key] = []
    for row in rows:
        plain = _identity(sheet, row, begun)
        seen[plain] += 1
        key = (*plain, seen[plain])
        if sheet == "survey" and _BEGIN.match(row.get("type", "")):
            begun.append(key)
        found.append(key)
    return found


def match(sheet: str, old: Sequence[Cells], new: Sequence[Cells]) -> list[int | None]:
    """For each new row the index of the old row that it is, None for one that was added."""
    places = {key: place for place, key in enumerate(keys(sheet, old))}
    found = [places.get(key) for key in keys(sheet, new)]
    _pair_renamed(old, new, found)
    return found


def increasing(values: Sequence[int | None]) -> set[int]:
    """Indexes of a longest run of values that never falls, leaving out None."""
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for index, value in enumerate(values):
        if value is None:
            continue
        at = bisect_right(tails, value)
        before[index] = ends[at - 1] if at else None
        tails[at:] = [value, *tails[at + 1 :]]
        ends[at:] = [index, *ends[at + 1 :]]
    kept: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        kept.add(step)
        step = before[step]
    return kept


def _identity(sheet: str, row: Cells, begun: list[Key]) -> Key:
    if sheet == "settings":
        return ("settings",)
    if sheet == "entities":
        return ("entity", row.get("list_name", ""))
    if sheet != "survey":
        return ("choice", row.get("list_name", ""), row.get("name", ""))
    if _END.match(row.get("type", "")):
        return ("end", *(begun.pop() if begun else ()))
    if "name" in row:
        return ("name", row["name"])
    return ("unnamed", row.get("type", ""))


def _pair_renamed(old: Sequence[Cells], new: Sequence[Cells], found: list[int | None]) -> None:
    """Take a new row for an old one of the same type where both stand between the same rows."""
    known = {place for place in found if place is not None}
    for index, place in enumerate(found):
        if place is not None:
            continue
        before = found[index - 1] if index else -1
        candidate = None if before is None else before + 1
        if candidate is None or candidate >= len(old) or candidate in known:
            continue
        if _alike(old[candidate], new[index]):
            found[index] = candidate
            known.add(candidate)


def _alike(old: Cells, new: Cells) -> bool:
    """Whether a row was probably renamed: most of its other cells are the same."""
    shared = {column for column in (*old, *new) if column != "name"}
    same = sum(old.get(column) == new.get(column) for column in shared)
    return bool(shared) and same * 2 > len(shared)
