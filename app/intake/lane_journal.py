"""The journal of one lane for one batch: few trips to PostgreSQL, however much ingest asks.

What the rules of ingest want to know of a batch is asked for in one trip, behind the lane's lock;
what they add, and its tally, travels in another.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import psycopg
from psycopg import pq
from sqlmodel import Session

from app.core.db import lock_name
from app.core.trips import (
    BEGIN,
    Asked,
    Row,
    blobs,
    moments,
    numbers,
    texts,
    travel,
    trip,
)
from sync.envelope import Envelope
from sync.journal import GENESIS, Entry, Held
from sync.receipts import Outcome

_LOCK: Final = b"SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))"
_STATE: Final = b"""
    SELECT deployment.epoch, mark.position, head.position, head.hash FROM deployment
    LEFT JOIN backup_mark mark ON mark.lane = $1::text
    LEFT JOIN LATERAL (
        SELECT position, hash FROM journal_entry
        WHERE lane = $1::text ORDER BY position DESC LIMIT 1
    ) head ON true"""
# `OFFSET 0` keeps PostgreSQL to one descent of an index for each name: statistics lag behind a
# journal that grows by thousands a second, and by them it would read the whole lane instead.
_HELD: Final = b"""
    SELECT held.instance_id, held.kind, held.position, held.digest, held.outcome, held.instance_id
    FROM unnest($3::text[]) AS wanted(id), LATERAL (
        SELECT * FROM journal_entry
        WHERE lane = $1::text AND kind = ANY($2::text[]) AND instance_id = wanted.id OFFSET 0
    ) held
    ORDER BY held.position"""
_HEIRS: Final = b"""
    SELECT heir.prior_instance_id, heir.kind, heir.position, heir.digest, heir.outcome,
        heir.instance_id
    FROM unnest($2::text[]) AS wanted(id), LATERAL (
        SELECT * FROM journal_entry
        WHERE lane = $1::text AND prior_instance_id = wanted.id OFFSET 0
    ) heir
    ORDER BY heir.position"""
_TALLY: Final = b"""
    INSERT INTO receipt_tally AS tally (lane, outcome, count)
    SELECT $1::text, outcome, count FROM unnest($2::text[], $3::bigint[]) AS told(outcome, count)
    ON CONFLICT (lane, outcome) DO UPDATE SET count = tally.count + excluded.count"""

Column = tuple[str, Callable[[Sequence[Any]], bytes]]


def _column(name: str) -> Column:
    if name == "position":
        return "bigint", numbers
    if name == "body":
        return "bytea", blobs
    return ("timestamptz", moments) if name.endswith("_at") else ("text", texts)


_COLUMNS: Final = {name: _column(name) for name in Entry.__dataclass_fields__}


def _appending() -> bytes:
    names = ", ".join(_COLUMNS)
    told = names.replace("attachments", "attachments::jsonb")
    lists = ", ".join(f"${at}::{kind}[]" for at, (kind, _) in enumerate(_COLUMNS.values(), 1))
    text = f"INSERT INTO journal_entry ({names}) SELECT {told} FROM unnest({lists}) t({names})"  # noqa: S608 - names of the entry's own
    return text.encode()


_APPEND: Final = _appending()


def asking(lane: str, batch: Iterable[Envelope]) -> list[Asked]:
    """Give what is asked of a lane for a batch, behind its lock."""
    told = list(batch)
    instances = list({each.instance_id for each in told})
    priors = list({each.prior_instance_id for each in told if each.prior_instance_id})
    here = lane.encode()
    return [
        (_LOCK, [lock_name("journal", lane).encode()]),
        (_STATE, [here]),
        (_HELD, [here, texts(list({each.kind for each in told})), texts(instances)]),
        *([(_HEIRS, [here, texts(priors)])] if priors else []),
    ]


def adding(lane: str, entries: Sequence[Entry], outcomes: Mapping[str, int]) -> list[Asked]:
    """Give what inserts entries and adds to the lane's tally of receipts, by outcome."""
    asked: list[Asked] = []
    if entries:
        asked.append(
            (_APPEND, [make(_told(entries, name)) for name, (_, make) in _COLUMNS.items()])
        )
    if outcomes:
        names = sorted(outcomes)
        counts = numbers([outcomes[name] for name in names])
        asked.append((_TALLY, [lane.encode(), texts(names), counts]))
    return asked


def _told(entries: Sequence[Entry], name: str) -> list[Any]:
    if name == "attachments":
        return [_attachments(each) for each in entries]
    return [getattr(each, name) for each in entries]


def _attachments(entry: Entry) -> str:
    if not entry.attachments:
        return "[]"
    return json.dumps(
        [{"name": one.name, "sha256": one.sha256, "size": one.size} for one in entry.attachments]
    )


class SeenJournal:
    """The port of `sync.journal` as the answers to `asking` show it; the lock is held.

    It answers for the instances and priors of that batch alone, and keeps in `added` what is
    appended.
    """

    def __init__(self, answers: Sequence[Sequence[Row]]) -> None:
        _, state, held, *heirs = answers
        epoch, marked, position, tail = state[0]
        self._epoch = int(epoch or 0)
        self._marked = int(marked or 0)
        self._head = (int(position), tail) if position and tail else (0, GENESIS)
        self._held = _by_key(held)
        self._heirs = _by_key(heirs[0]) if heirs else {}
        self.added: list[Entry] = []

    @property
    def epoch(self) -> int:
        """Tell which life of the database this is."""
        return self._epoch

    def lock(self, lane: str) -> None:
        """Do nothing: the lock came before the answers."""

    def head(self, lane: str) -> tuple[int, str]:
        """Give the last position and its hash."""
        del lane
        return self._head

    def find_many(self, lane: str, instance_ids: Sequence[str]) -> Mapping[str, Sequence[Held]]:
        """Give what the lane holds under the batch's instances, in the kinds of the batch."""
        del lane, instance_ids
        return self._held

    def heirs_of(self, lane: str, prior_ids: Sequence[str]) -> Mapping[str, Sequence[Held]]:
        """Give the entries that declare one of the batch's priors."""
        del lane, prior_ids
        return self._heirs

    def backed_up_through(self, lane: str) -> int:
        """Tell the last position that a backup holds; 0 while there is none."""
        del lane
        return self._marked

    def append_many(self, entries: Sequence[Entry]) -> None:
        """Keep what `adding` will insert."""
        self.added.extend(entries)


def travelled(session: Session, asked: Sequence[Asked]) -> list[list[Row]]:
    """Ask within the transaction of a session, which this begins where it has not begun."""
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    begins = raw.pgconn.transaction_status == pq.TransactionStatus.IDLE
    told = [BEGIN, *asked] if begins else asked
    answers = travel(raw, trip(raw.pgconn, told, None))
    return answers[1:] if begins else answers


def _by_key(rows: Sequence[Row]) -> Mapping[str, Sequence[Held]]:
    held: defaultdict[str, list[Held]] = defaultdict(list)
    for key, kind, position, digest, outcome, instance_id in rows:
        held[str(key)].append(
            Held(
                kind=str(kind),
                position=int(position or 0),
                digest=str(digest),
                outcome=Outcome(str(outcome)),
                instance_id=str(instance_id),
            )
        )
    return held
