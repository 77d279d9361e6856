"""Clerical answers as a table: `left,right,answer`, with the words people use for both."""

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LEFT: Final = frozenset({"left", "kiri", "record_id_l", "id_l", "a"})
RIGHT: Final = frozenset({"right", "kanan", "record_id_r", "id_r", "b"})
ANSWER: Final = frozenset({"answer", "jawaban", "decision", "label", "match"})
SAME: Final = frozenset({"same", "sama", "1", "true", "yes", "ya", "match", "s"})
DIFFERENT: Final = frozenset({"different", "beda", "0", "false", "no", "tidak", "nonmatch", "d"})
UNSURE: Final = frozenset(
    {"unsure", "cannot tell", "tidak tahu", "ragu", "?", "t"}
)  # teach nothing


class LabelsError(Exception):
    """A labels file that cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """One answer about one pair; `left` is the smaller id."""

    left: str
    right: str
    same: bool


@dataclass(frozen=True, slots=True)
class Labels:
    """Answers, each pair once, in order; what was contradicted and so left out; their digest."""

    answers: tuple[Label, ...]
    contradicted: tuple[tuple[str, str], ...]

    @property
    def sha256(self) -> str:
        """Return the digest of the answers, whatever order or words they were written in."""
        lines = "".join(f"{each.left},{each.right},{each.same:d}\n" for each in self.answers)
        return hashlib.sha256(lines.encode()).hexdigest()


def gathered(answers: Iterable[Label]) -> Labels:
    """Return the answers once each, the majority deciding; pairs in a tie are contradicted."""
    tally: dict[tuple[str, str], int] = {}
    for each in answers:
        pair = (min(each.left, each.right), max(each.left, each.right))
        tally[pair] = tally.get(pair, 0) + (1 if each.same else -1)
    decided = sorted(Label(*pair, votes > 0) for pair, votes in tally.items() if votes)
    return Labels(tuple(decided), tuple(sorted(pair for pair, votes in tally.items() if not votes)))


def read(path: Path) -> Labels:
    """Read a labels file (CSV with a header; several answers of one pair are votes)."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return gathered(_rows(csv.reader(file)))
    except (OSError, UnicodeDecodeError) as problem:
        raise LabelsError(f"The labels {path} cannot be read: {problem}.") from problem


def write(path: Path, answers: Sequence[Label]) -> None:
    """Write answers as a labels file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["left", "right", "answer"])
        table.writerows(
            [each.left, each.right, "same" if each.same else "different"] for each in answers
        )


def _rows(table: Iterable[list[str]]) -> Iterable[Label]:
    rows = iter(table)
    header = [title.strip().lower() for title in next(rows, [])]
    left, right, answer = (_column(header, names) for names in (LEFT, RIGHT, ANSWER))
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(left, right, answer):
            raise LabelsError(f"Line {number} has {len(row)} columns; the header has more.")
        said = row[answer].strip().lower()
        if said in SAME | DIFFERENT:
            yield Label(row[left].strip(), row[right].strip(), said in SAME)
        elif said and said not in UNSURE:
            raise LabelsError(f"Line {number}: {said!r} is neither same nor different.")


def _column(header: list[str], names: frozenset[str]) -> int:
    for place, title in enumerate(header):
        if title in names:
            return place
    raise LabelsError(f"The labels need a column named one of {', '.join(sorted(names))}.")
