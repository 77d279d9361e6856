"""Take in what arrives: the journal first, then the receipt, and nothing is thrown away."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa
from sqlmodel import Session

from app.auth.actor import Actor
from app.core.db import writing
from app.core.ids import named_id
from app.core.problems import Forbidden
from app.intake import repository
from app.intake.lane_journal import SeenJournal, adding, asking, travelled
from app.intake.models import REVOKED, Quarantined
from sync.engine import ingest_each
from sync.envelope import SUBMISSION, Arrival, Attachment, Envelope, canonical
from sync.receipts import Outcome, Receipt

LANE_DIGITS = 4
BATCHES = 8  # of one transaction, each up to 32 MB
ATTACHMENT = "attachment"  # kind of the entry that adds a file to a submission already held


@dataclass(frozen=True, slots=True)
class Refused:
    """Bytes that came as a submission and cannot be read as one."""

    body: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Brought:
    """A batch that came in together: what could be read of it, and what could not."""

    arrival: Arrival
    envelopes: Sequence[Envelope]
    refused: Sequence[Refused] = ()


def take_batches(session: Session, brought: Sequence[Brought]) -> list[list[Receipt]]:
    """Store batches in one transaction; give the receipts of each, in its order.

    Lanes are locked in their order, so that two processes never wait for each other.
    """
    lanes: defaultdict[str, list[tuple[Envelope, Arrival]]] = defaultdict(list)
    for each in brought:
        lanes[each.arrival.lane] += [(envelope, each.arrival) for envelope in each.envelopes]
        for refused in each.refused:
            set_aside(session, refused, each.arrival)
    receipts = {lane: iter(record(session, lanes[lane], lane)) for lane in sorted(lanes)}
    return [[next(receipts[each.arrival.lane]) for _ in each.envelopes] for each in brought]


def take_in(
    engine: sa.Engine, batch: Sequence[Envelope], arrival: Arrival, refused: Sequence[Refused] = ()
) -> list[Receipt]:
    """Store a batch in one transaction; when this returns, what the receipts say is committed."""
    with writing(engine) as session:
        return take_batches(session, [Brought(arrival, batch, refused)])[0]


def record(session: Session, batch: Sequence[tuple[Envelope, Arrival]], lane: str) -> list[Receipt]:
    """Append a batch of one lane to the journal within the caller's transaction."""
    if not batch:
        return []
    journal = SeenJournal(travelled(session, asking(lane, [envelope for envelope, _ in batch])))
    receipts = ingest_each(batch, journal, lane)
    travelled(session, adding(lane, journal.added, tally_of(batch, receipts)))
    late = _late_attachments(session, batch, receipts)
    if late:
        journal = SeenJournal(travelled(session, asking(lane, [envelope for envelope, _ in late])))
        ingest_each(late, journal, lane)
        travelled(session, adding(lane, journal.added, {}))
    return receipts


def tally_of(
    batch: Sequence[tuple[Envelope, Arrival]], receipts: Sequence[Receipt]
) -> Mapping[str, int]:
    """Count the receipts of submissions by outcome."""
    pairs = zip(batch, receipts, strict=True)
    return Counter(str(told.outcome) for (each, _), told in pairs if each.kind == SUBMISSION)


def decide(
    session: Session, kind: str, decision_id: str, content: dict[str, object], arrival: Arrival
) -> Receipt:
    """Append what an officer said in the office; the same decision id again changes nothing."""
    said = Envelope(
        kind=kind,
        instance_id=decision_id,
        form_id=kind,
        form_version="1",
        body=canonical(content),
        captured_at=arrival.received_at,
    )
    return record(session, [(said, arrival)], arrival.lane)[0]


def arrival_of(door: str, actor: Actor, now: datetime) -> Arrival:
    """Give how something came in. Raises Forbidden for an account without a regency."""
    if len(actor.lane) != LANE_DIGITS:
        raise Forbidden(
            "Akun ini tidak terikat pada satu kabupaten/kota, sehingga tidak dapat mengirim data. "
            "Masuklah dengan akun petugas.",
            "This account belongs to no single regency, so it cannot send data. "
            "Please log in with an officer's account.",
        )
    through = f"{door}{REVOKED}" if actor.revoked else door
    return Arrival(lane=actor.lane, actor=str(actor.id), received_at=now, door=through)


def _quarantined(refused: Refused, arrival: Arrival) -> Quarantined:
    return Quarantined(
        received_at=arrival.received_at,
        lane=arrival.lane,
        actor=arrival.actor,
        door=arrival.door,
        reason=refused.reason,
        sha256=sha256(refused.body).hexdigest(),
        body=refused.body,
    )


def set_aside(session: Session, refused: Refused, arrival: Arrival) -> None:
    """Keep unreadable bytes; a client that sends them for ever fills no disk."""
    row = _quarantined(refused, arrival)
    if not repository.in_quarantine(session, row.lane, row.actor, row.sha256):
        session.add(row)
        session.flush()


def _late_attachments(
    session: Session, batch: Sequence[tuple[Envelope, Arrival]], receipts: Sequence[Receipt]
) -> list[tuple[Envelope, Arrival]]:
    """Give entries for files that came with a resend and were not with the first copy.

    Form clients post a large submission in parts, each with the same XML and other files.
    """
    again = [
        (receipt.position, envelope, arrival)
        for (envelope, arrival), receipt in zip(batch, receipts, strict=True)
        if receipt.outcome is Outcome.DUPLICATE and envelope.attachments
    ]
    positions = {position for position, _, _ in again}
    held = repository.entries_at(session, receipts[0].lane, positions) if again else {}
    return [
        (_attachment_entry(envelope, attachment), arrival)
        for position, envelope, arrival in again
        for attachment in envelope.attachments
        if attachment not in held[position].attachments
    ]


def _attachment_entry(envelope: Envelope, attachment: Attachment) -> Envelope:
    told = {
        "instance_id": envelope.instance_id,
        "name": attachment.name,
        "sha256": attachment.sha256,
        "size": attachment.size,
    }
    name = named_id(ATTACHMENT, envelope.instance_id, attachment.name, attachment.sha256)
    return replace(
        envelope,
        kind=ATTACHMENT,
        instance_id=str(name),
        body=canonical(told),
        prior_instance_id=None,
        attachments=(attachment,),
    )
