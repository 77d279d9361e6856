"""Labels as CSV: what `se2026 dedup train --labels` reads, and answers that come back in a file."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlmodel import Session

from app.auth.actor import Actor
from app.core.csv_file import Fault, fault_of, read_csv
from app.core.ids import named_id
from app.dedup import label_repository, labelling
from app.dedup.label_rules import Answer
from app.dedup.labelling import Round, Said
from app.dedup.rules import Pair, pair_of
from matching.training.examples import COLUMNS, row_of
from matching.training.labels import ANSWER, DIFFERENT, LEFT, RIGHT, SAME, UNSURE

MOST_ROWS: Final = 5_000
MOST_BYTES: Final = 5_000_000
MOST_FAULTS: Final = 50


_NEEDED: Final = ("left", "right", "answer")
_ALIASES: Final = {
    alias: name
    for name, known in zip(_NEEDED, (LEFT, RIGHT, ANSWER), strict=True)
    for alias in known
}
_fault: Final = partial(
    fault_of,
    {
        "rows": (
            "Paling banyak {most} baris. Bagi menjadi beberapa berkas.",
            "At most {most} rows. Split the file.",
        ),
        "unit": ("Isi nomor unit.", "Fill in the unit's number."),
        "same_unit": (
            "Kedua nomor unit sama. Isi unit yang lain.",
            "Both unit numbers are the same. Fill in the other unit.",
        ),
        "answer": (
            "“{word}” tidak dikenal. Tulis sama, beda, atau tidak tahu.",
            "“{word}” is not known. Write same, different or unsure.",
        ),
        "otherwise": (
            "Pasangan ini sudah dijawab lain di baris sebelumnya. Pertahankan satu jawaban.",
            "An earlier row answers this pair otherwise. Keep one answer.",
        ),
        "stranger": (
            "Unit {name} tidak ada di wilayah Anda. Periksa nomornya atau hapus barisnya.",
            "Your area has no unit {name}. Check its number, or remove the row.",
        ),
    },
)


@dataclass(slots=True)
class Taken:
    """What became of a file: with faults nothing was taken in."""

    new: int = 0
    changed: int = 0
    known: int = 0  # the same was said before
    empty: int = 0  # rows without an answer
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    left: str
    right: str
    answer: Answer

    @property
    def pair(self) -> Pair:
        return pair_of(self.left, self.right)


def labels_csv(rows: Iterable[RowMapping]) -> Iterator[str]:
    """Give labels as lines of CSV, with what they teach by."""
    yield _line(COLUMNS)
    for row in rows:
        about = {**row, "labelled_at": row["labelled_at"].isoformat()}
        records = (row["left_record"], row["right_record"])
        yield _line(row_of((row["left_id"], row["right_id"]), row["answer"], records, about))


def questions_csv(session: Session, actor: Actor, found: Round) -> Iterator[str]:
    """Give the questions of a round as lines of CSV, to be answered elsewhere."""
    units = {name for each in found.asked for name in (each.question.left, each.question.right)}
    records = labelling.known_records(session, actor.scope, found.lane, units)
    yield _line(COLUMNS)
    for each in found.asked:
        pair = (each.question.left, each.question.right)
        if not records.keys() >= set(pair):
            continue
        about = {name: getattr(each.question, name) for name in ("stratum", "weight", "bits")}
        answer = each.label["answer"] if each.label is not None else ""
        yield _line(row_of(pair, answer, (records[pair[0]], records[pair[1]]), about))


def take_file(  # noqa: PLR0917 - who brings what, where, and when
    session: Session, actor: Actor, lane: str, content: bytes, upload: UUID, now: datetime
) -> Taken:
    """Take in the answers of a file, all or none; what they say of the records is not looked at.

    The last word on a pair counts, as on the page. The same upload again changes nothing.
    """
    taken = Taken()
    rows = _read(content, taken)
    units = {name for row in rows for name in row.pair}
    there = labelling.known_records(session, actor.scope, lane, units).keys() if rows else set()
    taken.faults += _strangers(rows, there)
    if taken.faults:
        return Taken(faults=sorted(taken.faults, key=lambda each: each.line)[:MOST_FAULTS])
    known = label_repository.labels_on(session, actor.scope, lane, units)
    said: list[Said] = []
    asked = labelling.asked_of(session, actor, lane)
    for row in rows:
        before = known.get(row.pair)
        if before is not None and before["answer"] == row.answer:
            taken.known += 1
            continue
        taken.new += before is None
        taken.changed += before is not None
        round_id, question = asked.get(row.pair, ("", None))
        said.append(
            Said(
                label_id=named_id("label", str(upload), *row.pair),
                left=row.pair[0],
                right=row.pair[1],
                answer=row.answer,
                round_id=round_id,
                question=question,
            )
        )
    labelling.take_labels(session, actor, lane, said, now)
    return taken


def _read(content: bytes, taken: Taken) -> list[_Row]:
    """Read the rows of a file that are answered; what is wrong goes to the faults."""
    file = read_csv(content, _NEEDED, [[name] for name in _NEEDED], _ALIASES)
    taken.faults = file.faults
    rows: dict[Pair, _Row] = {}
    for number, said in islice(file.lines, MOST_ROWS):
        if not said["answer"]:
            taken.empty += 1
            continue
        row = _row(number, said, taken.faults)
        if row is None:
            continue
        if rows.setdefault(row.pair, row).answer is not row.answer:
            taken.faults.append(_fault(number, "answer", "otherwise"))
    if next(file.lines, None) is not None:
        taken.faults.append(_fault(MOST_ROWS + 2, "", "rows", most=MOST_ROWS))
    return list(rows.values())


def _row(number: int, said: Mapping[str, str], faults: list[Fault]) -> _Row | None:
    before = len(faults)
    faults += (
        _fault(number, name, "unit")
        for name in ("left", "right")
        if not said[name] or not said[name].isprintable()
    )
    if len(faults) == before and said["left"] == said["right"]:
        faults.append(_fault(number, "right", "same_unit"))
    answer = answer_of(said["answer"])
    if answer is None:
        faults.append(_fault(number, "answer", "answer", word=said["answer"][:40]))
    if answer is None or len(faults) > before:
        return None
    return _Row(number, said["left"], said["right"], answer)


def answer_of(word: str) -> Answer | None:
    """Give what a word says of a pair; None where it says nothing that is known."""
    said = word.strip().lower()
    for answer, known in (
        (Answer.SAME, SAME),
        (Answer.DIFFERENT, DIFFERENT),
        (Answer.UNSURE, UNSURE),
    ):
        if said in known:
            return answer
    return None


def _strangers(rows: Iterable[_Row], there: Collection[str]) -> list[Fault]:
    return [
        _fault(row.number, column, "stranger", name=name[:60])
        for row in rows
        for column, name in (("left", row.left), ("right", row.right))
        if name not in there
    ]


def _line(cells: Iterable[Any]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
