"""Labels as CSV: what `se2026 dedup train --labels` reads, and answers that come back in a file."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlmodel import Session

from app.auth.actor import Actor
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


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file, where, and what to do, in both languages; row 1 is the header."""

    row: int
    column: str
    message_id: str
    message_en: str


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
        return Taken(faults=sorted(taken.faults, key=lambda each: each.row)[:MOST_FAULTS])
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
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        taken.faults.append(_unreadable())
        return []
    head = text.partition("\n")[0]
    delimiter = ";" if ";" in head and "," not in head else ","
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        taken.faults.append(_unreadable())
        return []
    columns = _columns(table[0] if table else [], taken)
    if columns is None:
        return []
    if len(table) - 1 > MOST_ROWS:
        taken.faults.append(
            Fault(
                MOST_ROWS + 2,
                "",
                f"Paling banyak {MOST_ROWS} baris; bagi menjadi beberapa berkas.",
                f"At most {MOST_ROWS} rows; please split the file.",
            )
        )
        return []
    return list(_rows(table[1:], columns, taken))


def _columns(header: Sequence[str], taken: Taken) -> dict[str, int] | None:
    names = [title.strip().lower() for title in header]
    found: dict[str, int] = {}
    for name, known in (("left", LEFT), ("right", RIGHT), ("answer", ANSWER)):
        place = next((at for at, title in enumerate(names) if title in known), None)
        if place is None:
            words = ", ".join(sorted(known))
            taken.faults.append(
                Fault(
                    1,
                    name,
                    f"Kolom ini tidak ada; beri salah satu nama: {words}.",
                    f"This column is missing; please name it one of {words}.",
                )
            )
        else:
            found[name] = place
    return found if len(found) == len(("left", "right", "answer")) else None


def _rows(
    table: Iterable[Sequence[str]], columns: Mapping[str, int], taken: Taken
) -> Iterator[_Row]:
    told: dict[Pair, Answer] = {}
    for number, cells in enumerate(table, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        said = {
            name: cells[place].strip() if place < len(cells) else ""
            for name, place in columns.items()
        }
        if not said["answer"]:
            taken.empty += 1
            continue
        fault, answer = _checked(number, said)
        pair = pair_of(said["left"], said["right"])
        if fault is None and answer is not None and told.get(pair, answer) is not answer:
            fault = Fault(
                number, "answer",
                "Pasangan ini sudah dijawab lain di baris sebelumnya; pertahankan satu jawaban.",
                "An earlier row answers this pair otherwise; please keep one answer.",
            )  # fmt: skip
        if fault is not None:
            taken.faults.append(fault)
        elif answer is not None and pair not in told:
            told[pair] = answer
            yield _Row(number, said["left"], said["right"], answer)


def _checked(number: int, said: Mapping[str, str]) -> tuple[Fault | None, Answer | None]:
    for name in ("left", "right"):
        if not said[name] or not said[name].isprintable():
            return (
                Fault(number, name, "Isi nomor unit.", "Please fill in the unit's number."),
                None,
            )
    if said["left"] == said["right"]:
        fault = Fault(
            number, "right",
            "Kedua nomor unit sama; isi unit yang lain.",
            "Both unit numbers are the same; please fill in the other unit.",
        )  # fmt: skip
        return fault, None
    answer = answer_of(said["answer"])
    if answer is None:
        fault = Fault(
            number, "answer",
            f"“{said['answer'][:40]}” tidak dikenal; tulis sama, beda, atau tidak tahu.",
            f"“{said['answer'][:40]}” is not known; please write same, different or unsure.",
        )  # fmt: skip
        return fault, None
    return None, answer


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
        Fault(
            row.number, column,
            f"Unit {name[:60]} tidak ada di wilayah Anda; periksa nomornya atau hapus barisnya.",
            f"Your area has no unit {name[:60]}; please check its number, or remove the row.",
        )
        for row in rows
        for column, name in (("left", row.left), ("right", row.right))
        if name not in there
    ]  # fmt: skip


def _unreadable() -> Fault:
    return Fault(
        1, "",
        "Berkas tidak dapat dibaca; simpan sebagai CSV UTF-8.",
        "The file cannot be read; please save it as CSV in UTF-8.",
    )  # fmt: skip


def _line(cells: Iterable[Any]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
