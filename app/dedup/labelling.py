"""Labels: what people who know the place say of pairs, to teach the model. They merge nothing.

- `begin`, `round_of`, `last_round`: pairs chosen for somebody, and how far they are answered
- `pair`: two units as they are shown
- `take_labels`, `undo`: entries of the journal, as decisions are
- `counts`, `given`: what was said so far
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlmodel import Session

from app.areas.scope import Scope
from app.auth.actor import Actor
from app.core.problems import Conflict, Forbidden, Invalid, NotFound
from app.dedup import label_repository, label_rounds, label_store, store
from app.dedup.label_rules import LABEL, LABELLERS, SIZES, Answer, Entry, Question
from app.dedup.matcher import record_of
from app.dedup.references import matcher_of
from app.dedup.rules import Pair, pair_of
from app.dedup.schemas import EndOut
from app.intake.repository import entries_at, heads
from app.intake.service import record
from sync.envelope import Arrival, Envelope, canonical
from sync.receipts import Outcome

SEED: Final = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a round, with the label that its pair has by now, if any."""

    place: int  # from 1
    question: Question
    label: RowMapping | None


@dataclass(frozen=True, slots=True)
class Round:
    """The pairs that somebody was given to label."""

    round_id: str
    lane: str
    asked: Sequence[Asked]

    @property
    def done(self) -> int:
        """Count the questions whose pair has a label."""
        return sum(each.label is not None for each in self.asked)

    def after(self, place: int) -> Asked | None:
        """Give the next question without a label behind a place, or else before it."""
        open_ones = [each for each in self.asked if each.label is None]
        return next((each for each in open_ones if each.place > place), next(iter(open_ones), None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer about a pair that was asked, or came in a file."""

    label_id: UUID
    left: str
    right: str
    answer: Answer
    round_id: str = ""
    question: Question | None = None


def lane_of(actor: Actor, regency: str) -> str:
    """Give the regency that somebody labels in: the office's own where the scope reaches it."""
    lanes = actor.scope.lanes()
    return regency if actor.scope.touches(regency) or not lanes else lanes[0]


def begin(
    session: Session, actor: Actor, lane: str, round_id: UUID, size: int, *, now: datetime,
    seed: int = SEED,
) -> Round:  # fmt: skip
    """Choose pairs for somebody to label; the same round id again gives the same round.

    Equal seed, journal and tables give equal pairs. Raises Invalid where no pair is left.
    """
    _check_labeller(actor, lane)
    if size not in SIZES:
        raise Invalid("Pilih besar putaran yang ditawarkan.", "Please choose a size on offer.")
    if label_repository.round_of(session, actor.scope, lane, str(round_id)) is None:
        matcher = matcher_of(session, lane)
        salt = f"{seed}|{heads(session).get(lane, 0)}"
        pending = _pending(session, actor, lane)
        chosen = label_rounds.drawn(
            session, actor.scope, lane, matcher, count=size, salt=salt, without=pending
        )
        if not chosen:
            raise Invalid(
                "Tidak ada pasangan yang belum dilabeli di wilayah Anda.",
                "No pair in your area is left to be labelled.",
                code="no_pairs",
            )
        content = {
            "what": Entry.ROUND,
            "seed": seed,
            "model": matcher.version,
            "pairs": [asdict(each) for each in chosen],
        }
        _append(session, actor, lane, {str(round_id): content}, now)
    return round_of(session, actor, lane, str(round_id))


def round_of(session: Session, actor: Actor, lane: str, round_id: str) -> Round:
    """Give a round of one's own with what is answered. Raises NotFound."""
    row = label_repository.round_of(session, actor.scope, lane, round_id)
    if row is None or row["actor"] != str(actor.id):
        raise NotFound
    return _round(session, actor.scope, row)


def last_round(session: Session, actor: Actor, lane: str) -> Round | None:
    """Give the round that somebody began last."""
    rows = label_repository.last_rounds(session, actor.scope, lane)
    mine = next((row for row in rows if row["actor"] == str(actor.id)), None)
    return None if mine is None else _round(session, actor.scope, mine)


def _round(session: Session, scope: Scope, row: RowMapping) -> Round:
    questions = [_question(each) for each in row["pairs"]]
    units = {name for each in questions for name in (each.left, each.right)}
    known = label_repository.labels_on(session, scope, row["lane"], units)
    asked = [
        Asked(place, each, known.get((each.left, each.right)))
        for place, each in enumerate(questions, 1)
    ]
    return Round(row["round_id"], row["lane"], asked)


def _question(told: Mapping[str, Any]) -> Question:
    return Question(**{**told, "levels": tuple(told["levels"])})


def _pending(session: Session, actor: Actor, lane: str) -> set[Pair]:
    """Give the pairs that others are being asked."""
    rows = label_repository.last_rounds(session, actor.scope, lane)
    others = [row for row in rows if row["actor"] != str(actor.id)]
    return {(each["left"], each["right"]) for row in others for each in row["pairs"]}


def asked_of(session: Session, actor: Actor, lane: str) -> dict[Pair, tuple[str, Question]]:
    """Give the pairs that are asked in anybody's last round, with its id."""
    return {
        (each["left"], each["right"]): (row["round_id"], _question(each))
        for row in label_repository.last_rounds(session, actor.scope, lane)
        for each in row["pairs"]
    }


def pair(
    session: Session, actor: Actor, lane: str, question: Question
) -> tuple[EndOut, EndOut] | None:
    """Give the units of a question; None where one is gone, or no longer in the scope."""
    row = label_repository.ends(session, actor.scope, lane, question.left, question.right)
    return None if row is None else (EndOut.of(row, "left"), EndOut.of(row, "right"))


def take_labels(
    session: Session, actor: Actor, lane: str, said: Sequence[Said], now: datetime
) -> None:
    """Record labels, all or none; each keeps both records as they are now.

    Raises NotFound where a unit is gone or not in the scope, Conflict where an id was used.
    """
    _check_labeller(actor, lane)
    units = {name for each in said for name in (each.left, each.right)}
    records = known_records(session, actor.scope, lane, units)
    if units - records.keys():
        raise NotFound(
            "Salah satu catatan sudah tidak ada atau di luar wilayah kerja Anda. Lewati saja.",
            "One of the records is gone, or lies outside your area. Please skip the pair.",
        )
    entries = {str(each.label_id): _content(each, records) for each in said}
    _append(session, actor, lane, entries, now)


def known_records(
    session: Session, scope: Scope, lane: str, unit_ids: Collection[str]
) -> dict[str, dict[str, Any]]:
    """Give what is known of those of these units that lie in the scope, without what is not."""
    return {
        row["unit_id"]: {
            name: value
            for name, value in asdict(record_of(row)).items()
            if value is not None and name != "record_id"
        }
        for row in store.facts(session, lane, unit_ids)
        if scope.includes(row["area_code"])
    }


def _content(said: Said, records: Mapping[str, dict[str, Any]]) -> dict[str, object]:
    left, right = pair_of(said.left, said.right)
    asked = said.question
    chosen: dict[str, object] = {}
    if asked is not None:
        chosen = {
            "bits": asked.bits,
            "levels": list(asked.levels),
            "stratum": asked.stratum,
            "weight": asked.weight,
        }
    return {
        "what": Entry.ANSWER,
        "round": said.round_id,
        "left": left,
        "right": right,
        "left_area": records[left]["sls"],
        "right_area": records[right]["sls"],
        "left_record": records[left],
        "right_record": records[right],
        "answer": said.answer,
        **chosen,
    }


def undo(  # noqa: PLR0917 - who takes back what, where and when
    session: Session, actor: Actor, lane: str, label_id: str, undoing: UUID, now: datetime
) -> RowMapping:
    """Take a label of one's own back, and give it.

    Raises NotFound where it does not stand any more, Forbidden where somebody else gave it.
    """
    _check_labeller(actor, lane)
    row = label_repository.label(session, actor.scope, lane, label_id)
    if row is None:
        raise NotFound
    if row["actor"] != str(actor.id):
        raise Forbidden(
            "Label ini diberikan orang lain, yang juga membatalkannya.",
            "Somebody else gave this label; only they take it back.",
        )
    kept = ("left_id", "right_id", "left_area", "right_area")
    content = {name.removesuffix("_id"): row[name] for name in kept}
    content |= {"what": Entry.RETRACT, "withdraws": label_id, "round": row["round_id"]}
    _append(session, actor, lane, {str(undoing): content}, now)
    return row


def label_of(session: Session, actor: Actor, lane: str, label_id: str) -> RowMapping | None:
    """Give a label that stands; None where there is none in the scope."""
    return label_repository.label(session, actor.scope, lane, label_id) if label_id else None


def counts(session: Session, scope: Scope, lane: str) -> dict[Answer, int]:
    """Count the labels that stand, by answer."""
    return label_repository.counts(session, scope, lane)


def given(session: Session, scope: Scope, lane: str) -> Sequence[RowMapping]:
    """Give the labels that stand, in the order they were given."""
    return label_repository.labels(session, scope, lane)


def _append(
    session: Session,
    actor: Actor,
    lane: str,
    entries: Mapping[str, Mapping[str, object]],
    now: datetime,
) -> None:
    """Append entries, and do at once what their projection will find done."""
    arrival = Arrival(lane=lane, actor=str(actor.id), received_at=now, door="office")
    batch = [
        Envelope(
            kind=LABEL,
            instance_id=name,
            form_id=LABEL,
            form_version="1",
            body=canonical({"role": actor.role, **content}),
            captured_at=now,
        )
        for name, content in entries.items()
    ]
    receipts = record(session, [(each, arrival) for each in batch], lane)
    if any(each.outcome is Outcome.RIVAL for each in receipts):
        raise Conflict(
            "Nomor label ini sudah dipakai. Muat ulang halamannya.",
            "This label id has been used. Please load the page again.",
        )
    fresh = {each.position for each in receipts if each.outcome is Outcome.STORED}
    label_store.take_in(session, entries_at(session, lane, fresh).values())


def _check_labeller(actor: Actor, lane: str) -> None:
    if actor.role not in LABELLERS:
        raise Forbidden(
            "Hanya koordinator dan admin yang memberi label.",
            "Only coordinators and admins label pairs.",
        )
    if not actor.scope.touches(lane):
        raise NotFound
