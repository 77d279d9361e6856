"""The rules of ingest: nothing refused for its content, nothing overwritten.

| The lane holds …                                     | becomes     |
|------------------------------------------------------|-------------|
| the same instance with the same digest               | `duplicate` |
| the same instance with another digest                | `rival`     |
| another current successor of the declared prior      | `rival`     |
| none of these (the prior itself may still be coming) | `stored`    |

A duplicate is answered by the first entry's position and adds nothing. Instances of different
kinds are strangers to each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sync.envelope import Arrival, Envelope
from sync.journal import Entry, Held, Journal, sealed
from sync.receipts import Outcome, Receipt

_Name = tuple[str, str]  # kind and instance id


@dataclass(slots=True)
class _Lane:
    """What the lane holds about this batch, kept up to date while the batch is worked through."""

    held: dict[_Name, list[Held]]
    inherited: set[_Name]  # priors that have a current successor
    position: int
    tail: str
    added: list[Entry] = field(default_factory=list)


def ingest(batch: Sequence[Envelope], journal: Journal, arrival: Arrival) -> list[Receipt]:
    """Take in a batch that came in together; else as `ingest_each`."""
    return ingest_each([(envelope, arrival) for envelope in batch], journal, arrival.lane)


def ingest_each(
    batch: Sequence[tuple[Envelope, Arrival]], journal: Journal, lane: str
) -> list[Receipt]:
    """Take in a batch of one lane and give one receipt each, in the batch's order.

    Each envelope tells its own arrival, in this lane: what many devices send at one moment shares a
    transaction. Costs the journal a fixed number of calls, however long the batch. The receipts may
    leave only after the caller's transaction has been committed.
    """
    if not batch:
        return []
    journal.lock(lane)
    seen = _look([envelope for envelope, _ in batch], journal, lane)
    found = [_take(envelope, seen, arrival) for envelope, arrival in batch]
    if seen.added:
        journal.append_many(seen.added)
    backed_up = journal.backed_up_through(lane)
    return [
        Receipt(
            instance_id=envelope.instance_id,
            outcome=outcome,
            lane=lane,
            position=position,
            epoch=journal.epoch,
            digest=envelope.digest,
            backed_up_through=backed_up,
        )
        for (envelope, _), (outcome, position) in zip(batch, found, strict=True)
    ]


def _look(batch: Sequence[Envelope], journal: Journal, lane: str) -> _Lane:
    position, tail = journal.head(lane)
    instances = dict.fromkeys(each.instance_id for each in batch)
    priors = dict.fromkeys(each.prior_instance_id for each in batch if each.prior_instance_id)
    held: dict[_Name, list[Held]] = {}
    for entries in journal.find_many(lane, list(instances)).values():
        for entry in entries:
            held.setdefault((entry.kind, entry.instance_id), []).append(entry)
    heirs = journal.heirs_of(lane, list(priors)) if priors else {}
    inherited = {
        (heir.kind, prior)
        for prior, entries in heirs.items()
        for heir in entries
        if heir.outcome is Outcome.STORED
    }
    return _Lane(held, inherited, position, tail)


def _take(envelope: Envelope, lane: _Lane, arrival: Arrival) -> tuple[Outcome, int]:
    """Give what becomes of `envelope` and the position that answers for it."""
    held = lane.held.setdefault((envelope.kind, envelope.instance_id), [])
    for entry in held:
        if entry.digest == envelope.digest:
            return Outcome.DUPLICATE, entry.position
    outcome = _outcome(envelope, lane, known=bool(held))
    if outcome is Outcome.STORED and envelope.prior_instance_id:
        lane.inherited.add((envelope.kind, envelope.prior_instance_id))
    lane.position += 1
    held.append(
        Held(
            kind=envelope.kind,
            position=lane.position,
            digest=envelope.digest,
            outcome=outcome,
            instance_id=envelope.instance_id,
        )
    )
    lane.added.append(sealed(_entry(envelope, arrival, outcome, lane.position), lane.tail))
    lane.tail = lane.added[-1].hash
    return outcome, lane.position


def _outcome(envelope: Envelope, lane: _Lane, *, known: bool) -> Outcome:
    if known:
        return Outcome.RIVAL
    prior = envelope.prior_instance_id
    if prior and (envelope.kind, prior) in lane.inherited:
        return Outcome.RIVAL
    return Outcome.STORED


def _entry(envelope: Envelope, arrival: Arrival, outcome: Outcome, position: int) -> Entry:
    return Entry(
        lane=arrival.lane,
        position=position,
        kind=envelope.kind,
        outcome=outcome,
        instance_id=envelope.instance_id,
        form_id=envelope.form_id,
        form_version=envelope.form_version,
        actor=arrival.actor,
        device=envelope.device,
        door=arrival.door,
        captured_at=envelope.captured_at,
        received_at=arrival.received_at,
        digest=envelope.digest,
        body=envelope.body,
        prior_instance_id=envelope.prior_instance_id,
        attachments=envelope.attachments,
    )
