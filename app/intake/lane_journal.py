"""The journal of one lane for one batch: few trips to PostgreSQL, however much ingest asks.

What the rules of ingest want to know of a batch is asked for in one trip, behind the lane's lock;
what they add, and its tally, travels in another.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, LiteralString

import psycopg
from sqlmodel import Session

from app.core.db import lock_name
from sync.envelope import Envelope
from sync.journal import GENESIS, Entry, Held
from sync.receipts import Outcome

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_STATE = """
    SELECT deployment.epoch, mark.position, head.position, head.hash FROM deployment
    LEFT JOIN backup_mark mark ON mark.lane = %s
    LEFT JOIN LATERAL (
        SELECT position, hash FROM journal_entry
        WHERE lane = %s ORDER BY position DESC LIMIT 1
    ) head ON true"""
_HELD = """
    SELECT instance_id, kind, position, digest, outcome, instance_id FROM journal_entry
    WHERE lane = %s AND kind = ANY(%s::text[]) AND instance_id = ANY(%s::text[])
    ORDER BY position"""
_HEIRS = """
    SELECT prior_instance_id, kind, position, digest, outcome, instance_id FROM journal_entry
    WHERE lane = %s AND prior_instance_id = ANY(%s::text[])
    ORDER BY position"""
_COLUMNS = {
    "lane": "text",
    "position": "bigint",
    "kind": "text",
    "outcome": "text",
    "instance_id": "text",
    "form_id": "text",
    "form_version": "text",
    "actor": "text",
    "device": "text",
    "door": "text",
    "captured_at": "timestamptz",
    "received_at": "timestamptz",
    "digest": "text",
    "body": "bytea",
    "prior_instance_id": "text",
    "attachments": "text",
    "previous_hash": "text",
    "hash": "text",
}


def _appending() -> str:
    told = [f"{name}::jsonb" if name == "attachments" else name for name in _COLUMNS]
    lists = [f"%b::{kind}[]" for kind in _COLUMNS.values()]
    return (
        f"INSERT INTO journal_entry ({', '.join(_COLUMNS)}) "  # noqa: S608 - names of this file
        f"SELECT {', '.join(told)} FROM unnest({', '.join(lists)}) AS told({', '.join(_COLUMNS)})"
    )


_APPEND = _appending()
_TALLY = """
    INSERT INTO receipt_tally AS tally (lane, outcome, count)
    SELECT %s, outcome, count FROM unnest(%s::text[], %s::bigint[]) AS told(outcome, count)
    ON CONFLICT (lane, outcome) DO UPDATE SET count = tally.count + excluded.count"""


class LaneJournal:
    """The port of `sync.journal` for `batch`, which all belongs to one lane.

    It answers for the instances and priors of this batch alone. Whoever opened the session commits.
    """

    def __init__(self, session: Session, batch: Iterable[Envelope]) -> None:
        self._raw = connection_of(session)
        self._batch = list(batch)
        self._added: list[Entry] = []
        self._epoch = self._marked = 0
        self._head = (0, GENESIS)
        self._held: Mapping[str, Sequence[Held]] = {}
        self._heirs: Mapping[str, Sequence[Held]] = {}

    @property
    def epoch(self) -> int:
        """Tell which life of the database this is."""
        return self._epoch

    def lock(self, lane: str) -> None:
        """Take the lane's lock until the transaction ends, and look at all that it guards."""
        instances = sorted({each.instance_id for each in self._batch})
        kinds = sorted({each.kind for each in self._batch})
        priors = sorted({each.prior_instance_id for each in self._batch if each.prior_instance_id})
        with self._raw.pipeline():
            self._ask(_LOCK, lock_name("journal", lane))
            state = self._ask(_STATE, lane, lane)
            held = self._ask(_HELD, lane, kinds, instances)
            heirs = self._ask(_HEIRS, lane, priors) if priors else None
            self._epoch, marked, position, tail = state.fetchall()[0]
            self._held = _by_key(held.fetchall())
            self._heirs = _by_key(heirs.fetchall()) if heirs is not None else {}
        self._marked = marked or 0
        self._head = (0, GENESIS) if position is None else (position, tail)

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
        """Take what `write` will insert."""
        self._added.extend(entries)

    def write(self, lane: str, outcomes: Mapping[str, int]) -> None:
        """Insert what was appended and add to the lane's tally of receipts, by outcome."""
        with self._raw.pipeline():
            if self._added:
                self._ask(_APPEND, *(_told(self._added, name) for name in _COLUMNS))
            if outcomes:
                names = sorted(outcomes)
                self._ask(_TALLY, lane, names, [outcomes[name] for name in names])
        self._added = []

    def _ask(self, wanted: LiteralString, *told: object) -> psycopg.Cursor[Any]:
        return self._raw.execute(wanted, told, prepare=True)


def connection_of(session: Session) -> psycopg.Connection[Any]:
    """Give the connection below a session, for what SQLAlchemy has no word for."""
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    return raw


def _by_key(rows: Collection[Sequence[Any]]) -> Mapping[str, Sequence[Held]]:
    held: defaultdict[str, list[Held]] = defaultdict(list)
    for key, kind, position, digest, outcome, instance_id in rows:
        held[key].append(
            Held(
                kind=kind,
                position=position,
                digest=digest,
                outcome=Outcome(outcome),
                instance_id=instance_id,
            )
        )
    return held


def _told(entries: Sequence[Entry], name: str) -> list[object]:
    """Give a column of entries as PostgreSQL takes it."""
    if name == "attachments":
        return [_attachments(each) for each in entries]
    return [getattr(each, name) for each in entries]


def _attachments(entry: Entry) -> str:
    return (
        json.dumps(
            [
                {"name": one.name, "sha256": one.sha256, "size": one.size}
                for one in entry.attachments
            ]
        )
        if entry.attachments
        else "[]"
    )
