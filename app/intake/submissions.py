"""What the OpenRosa door takes in: who sent it and what it is, many at a time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.auth.actor import Actor, actors_of, former_openrosa_actors, openrosa_actors
from app.auth.models import FIELD_STAFF
from app.core.problems import Forbidden
from app.intake.service import Refused, arrival_of, record, set_aside
from sync.envelope import Arrival, Envelope
from sync.receipts import Receipt

DOOR = "openrosa"


@dataclass(frozen=True, slots=True)
class Handed:
    """A submission, or bytes that are none, with whoever sent them: a token, or an account."""

    sender: str | UUID
    content: Envelope | Refused
    received_at: datetime


def collector_of(actor: Actor | None) -> Actor:
    """Give the actor who may collect. Raises Forbidden for a token that is not, or no longer, good.

    The prelist is for the field alone.
    """
    if actor is None or actor.role not in FIELD_STAFF:
        raise Forbidden(
            "Alamat server pada aplikasi ini tidak berlaku lagi. Minta kode QR baru kepada admin.",
            "The server address in this app is no longer valid. Ask the admin for a new QR code.",
            code="bad_token",
        )
    return actor


def take_submissions(
    session: Session, handed: Sequence[Handed]
) -> Sequence[Receipt | Exception | None]:
    """Store all in one transaction: a receipt for each, None for what went to quarantine.

    Forbidden stands in the place of what a stranger sent; whose token was revoked is none. Lanes
    are locked in their order, so that two processes never wait for each other.
    """
    senders = {each.sender for each in handed}
    by_token = openrosa_actors(session, {each for each in senders if isinstance(each, str)})
    unknown = {each for each in senders if isinstance(each, str)} - by_token.keys()
    if unknown:
        by_token |= former_openrosa_actors(session, unknown)
    by_id = actors_of(session, {each for each in senders if isinstance(each, UUID)})
    answers: list[Receipt | Exception | None] = [None] * len(handed)
    lanes: defaultdict[str, list[tuple[int, Envelope, Arrival]]] = defaultdict(list)
    for index, each in enumerate(handed):
        try:
            collector = collector_of(_actor(each.sender, by_token, by_id))
            arrival = arrival_of(DOOR, collector, each.received_at)
        except Forbidden as problem:
            answers[index] = problem
            continue
        if isinstance(each.content, Refused):
            set_aside(session, each.content, arrival)
        else:
            lanes[arrival.lane].append((index, each.content, arrival))
    for lane in sorted(lanes):
        receipts = record(session, [(what, how) for _, what, how in lanes[lane]], lane)
        for (index, _, _), receipt in zip(lanes[lane], receipts, strict=True):
            answers[index] = receipt
    return answers


def _actor(
    sender: str | UUID, by_token: Mapping[str, Actor], by_id: Mapping[UUID, Actor]
) -> Actor | None:
    return by_token.get(sender) if isinstance(sender, str) else by_id.get(sender)
