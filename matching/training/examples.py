"""Answered pairs with both records as they were: a table that teaches without any other.

The columns `left`, `right` and `answer` are those of `matching.training.labels`; a reader that
wants no more finds a labels file.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from matching.record import Record
from matching.training.labels import ANSWER, DIFFERENT, LEFT, RIGHT, SAME, LabelsError

TOLD: Final = tuple(each.name for each in fields(Record) if each.name != "record_id")
ABOUT: Final = ("stratum", "weight", "bits", "model", "labelled_at")
COLUMNS: Final = (
    "left",
    "right",
    "answer",
    *ABOUT,
    *(f"{side}_{name}" for side in ("left", "right") for name in TOLD),
)
_NUMBERS: Final = frozenset({"latitude", "longitude", "accuracy"})


@dataclass(frozen=True, slots=True)
class Example:
    """A pair with its answer, as the records were then; it stands for `weight` pairs like it."""

    left: Record
    right: Record
    same: bool
    weight: float = 1.0


def row_of(
    pair: tuple[str, str],
    answer: str,
    records: tuple[Mapping[str, Any], Mapping[str, Any]],
    about: Mapping[str, Any],
) -> list[str]:
    """Return the cells of one pair, in the order of COLUMNS; `about` may lack anything."""
    cells = [*pair, answer, *(about.get(name) for name in ABOUT)]
    cells += [record.get(name) for record in records for name in TOLD]
    return ["" if cell is None else str(cell) for cell in cells]


def read(path: Path) -> list[Example]:
    """Read the pairs of a file that are answered same or different. Raises LabelsError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_examples(csv.DictReader(file)))
    except (OSError, UnicodeDecodeError) as problem:
        raise LabelsError(f"The labels {path} cannot be read: {problem}.") from problem


def _examples(table: "csv.DictReader[str]") -> Iterator[Example]:
    header = [name.strip().lower() for name in table.fieldnames or ()]
    table.fieldnames = header
    if not {"left_source", "right_source"} <= set(header):
        raise LabelsError(
            "The labels do not say what was compared: give the records as well (--records)."
        )
    left, right, answer = (_first(header, names) for names in (LEFT, RIGHT, ANSWER))
    for number, row in enumerate(table, start=2):
        said = (row[answer] or "").strip().lower()
        if said not in SAME | DIFFERENT:
            continue
        try:
            yield Example(
                _record(row, "left", row[left]),
                _record(row, "right", row[right]),
                said in SAME,
                float(row.get("weight") or 1.0),
            )
        except ValueError as problem:
            raise LabelsError(f"Line {number}: {problem}.") from problem


def _first(header: Iterable[str], names: frozenset[str]) -> str:
    found = next((name for name in header if name in names), None)
    if found is None:
        raise LabelsError(f"The labels need a column named one of {', '.join(sorted(names))}.")
    return found


def _record(row: Mapping[str, str], side: str, record_id: str) -> Record:
    told: dict[str, Any] = {name: row.get(f"{side}_{name}") or None for name in TOLD}
    for name in _NUMBERS:
        told[name] = None if told[name] is None else float(told[name])
    return Record(record_id=record_id, **{**told, "source": told["source"] or ""})
