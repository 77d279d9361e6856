"""The journal's port, its entries and the chain that binds them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, Protocol

from sync.envelope import Attachment
from sync.receipts import Outcome

GENESIS: Final = "0" * 64
_HEADER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the journal keeps at one position of one lane; never changed, never removed.

    `outcome` is stored or rival. `hash` binds every other field and `previous_hash`, the body
    by its digest: a header can be verified without loading the body.
    """

    lane: str
    position: int
    kind: str
    outcome: Outcome
    instance_id: str
    form_id: str
    form_version: str
    actor: str
    device: str
    door: str
    captured_at: datetime | None
    received_at: datetime
    digest: str
    body: bytes = field(repr=False)
    prior_instance_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    previous_hash: str = GENESIS
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What ingest must know of an entry that is already there."""

    kind: str
    position: int
    digest: str
    outcome: Outcome
    instance_id: str


class Journal(Protocol):
    """Where entries are kept. Every method answers for a whole batch.

    The caller opens the transaction and commits it; `lock` holds until then, so that positions
    become visible in order.
    """

    @property
    def epoch(self) -> int:
        """Tell the number that changes whenever the database was restored."""
        ...

    def lock(self, lane: str) -> None:
        """Wait until no other transaction writes to `lane`, and hold it until this one ends."""
        ...

    def head(self, lane: str) -> tuple[int, str]:
        """Give the last position of `lane` and its hash; (0, GENESIS) while it is empty."""
        ...

    def find_many(self, lane: str, instance_ids: Sequence[str]) -> Mapping[str, Sequence[Held]]:
        """Give, by instance id, every entry of `lane` that carries it, of any kind."""
        ...

    def heirs_of(self, lane: str, prior_ids: Sequence[str]) -> Mapping[str, Sequence[Held]]:
        """Give, by prior instance id, every entry of `lane` that declares it as its prior."""
        ...

    def append_many(self, entries: Sequence[Entry]) -> None:
        """Add entries at the end of their lane, which must be locked."""
        ...

    def backed_up_through(self, lane: str) -> int:
        """Give the last position of `lane` that a backup holds; 0 while there is none."""
        ...


def link(previous_hash: str, entry: Entry) -> str:
    """Give the hash of `entry` behind `previous_hash`: sha256 of its canonical header.

    Times are written in UTC with microseconds, so that the hash does not depend on the offset
    in which a database gives them back.
    """
    header = {
        "format": 1,
        "previous": previous_hash,
        "lane": entry.lane,
        "position": entry.position,
        "kind": entry.kind,
        "outcome": str(entry.outcome),
        "instance_id": entry.instance_id,
        "form_id": entry.form_id,
        "form_version": entry.form_version,
        "actor": entry.actor,
        "device": entry.device,
        "door": entry.door,
        "captured_at": _instant(entry.captured_at),
        "received_at": _instant(entry.received_at),
        "digest": entry.digest,
        "prior_instance_id": entry.prior_instance_id,
        "attachments": [[each.name, each.sha256, each.size] for each in entry.attachments],
    }
    return sha256(_HEADER.encode(header).encode("ascii")).hexdigest()


def sealed(entry: Entry, previous_hash: str) -> Entry:
    """Give `entry` bound behind `previous_hash`."""
    return replace(entry, previous_hash=previous_hash, hash=link(previous_hash, entry))


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a lane is not what was written: `what` ∈ position, previous, hash, body."""

    lane: str
    position: int
    what: str


def breaks(entries: Iterable[Entry], *, with_bodies: bool = True) -> Iterator[Break]:
    """Walk one lane from its first position and report every place where the chain fails.

    Without bodies only the headers are verified (then `body` may be empty). After a break the
    walk goes on from the entry as it is, so that one damage is told once.
    """
    expected, tail = 1, GENESIS
    for entry in entries:
        checks = (
            ("position", entry.position == expected),
            ("previous", entry.previous_hash == tail),
            ("hash", entry.hash == link(entry.previous_hash, entry)),
            ("body", not with_bodies or sha256(entry.body).hexdigest() == entry.digest),
        )
        yield from (Break(entry.lane, entry.position, what) for what, good in checks if not good)
        expected, tail = entry.position + 1, entry.hash


def _instant(time: datetime | None) -> str | None:
    if time is None:
        return None
    utc = time.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='microseconds')}Z"
