"""Shipping the journal: closed stretches of each lane, with the files that they name.

A lane's mark tells up to where the backup holds it. It moves only when segment and files are safe
in the vault. Every receipt tells the mark; devices keep what lies beyond.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from app.backup.vault import Vault
from app.core.db import reading, table_of, writing
from app.core.models import Deployment
from app.intake.models import BackupMark, UnshippedFile
from app.intake.repository import entries_after, lanes
from sync.blobs import BlobStore
from sync.codecs.segment import encode_entries
from sync.journal import Entry

LONGEST = 1_000  # entries of one segment
MARK = table_of(BackupMark)
UNSHIPPED = table_of(UnshippedFile)


def ship(engine: sa.Engine, vault: Vault, blobs: BlobStore, now: datetime) -> int:
    """Ship what every lane has beyond its mark, a segment each; give how many entries that were."""
    with reading(engine) as session:
        present = lanes(session)
    return sum(ship_lane(engine, vault, blobs, lane, now) for lane in present)


def ship_lane(engine: sa.Engine, vault: Vault, blobs: BlobStore, lane: str, now: datetime) -> int:
    """Ship the next segment of a lane; 0 where there is none, or another process is at it."""
    with writing(engine) as session:
        if not _alone(session, lane):
            return 0
        entries = entries_after(session, lane, _marked(session, lane), LONGEST)
        if not entries:
            return 0
        waiting = _ship_files(vault, blobs, _named(entries))
        name = segment_name(_epoch(session), entries)
        vault.put(name, segment_header(entries), encode_entries(entries))
        _wait_for(session, lane, waiting)
        _mark(session, entries[-1], now)
        return len(entries)


def ship_late_files(engine: sa.Engine, vault: Vault, blobs: BlobStore) -> int:
    """Ship files that came after the entries which name them; give how many."""
    with writing(engine) as session:
        rows = session.execute(
            sa.select(UNSHIPPED.c.sha256).with_for_update(skip_locked=True).limit(LONGEST)
        )
        wanted = set(rows.scalars())
        come = wanted - _ship_files(vault, blobs, wanted)
        session.execute(sa.delete(UNSHIPPED).where(UNSHIPPED.c.sha256.in_(come)))
        return len(come)


def marks(session: Session) -> dict[str, BackupMark]:
    """Give up to where the backup holds each lane."""
    return {mark.lane: mark for mark in session.execute(sa.select(BackupMark)).scalars()}


def file_name(digest: str) -> str:
    """Give the name under which a file lies in the vault."""
    return f"files/{digest[:2]}/{digest}"


def segment_name(epoch: int, entries: Sequence[Entry]) -> str:
    """Give the name of a segment of entries that follow each other."""
    first, last = entries[0], entries[-1]
    return f"journal/{first.lane}/{epoch:06d}/{first.position:012d}-{last.position:012d}.seg"


def segment_header(entries: Sequence[Entry]) -> dict[str, object]:
    """Give what the header of a segment tells of its entries."""
    first, last = entries[0], entries[-1]
    return {
        "kind": "journal",
        "lane": first.lane,
        "first": first.position,
        "last": last.position,
        "previous_hash": first.previous_hash,
        "hash": last.hash,
    }


def _alone(session: Session, lane: str) -> bool:
    taken = sa.select(
        sa.func.pg_try_advisory_xact_lock(sa.func.hashtextextended(f"ship {lane}", 0))
    )
    return bool(session.execute(taken).scalar_one())


def _marked(session: Session, lane: str) -> int:
    mark = session.get(BackupMark, lane)
    return mark.position if mark is not None else 0


def _mark(session: Session, last: Entry, now: datetime) -> None:
    row = {"lane": last.lane, "position": last.position, "hash": last.hash, "shipped_at": now}
    fresh = postgresql.insert(MARK).values(row)
    moved = {name: fresh.excluded[name] for name in ("position", "hash", "shipped_at")}
    session.execute(fresh.on_conflict_do_update(index_elements=["lane"], set_=moved))


def _named(entries: Iterable[Entry]) -> set[str]:
    return {each.sha256 for entry in entries for each in entry.attachments}


def _ship_files(vault: Vault, blobs: BlobStore, digests: Iterable[str]) -> set[str]:
    """Ship files that are here; give those that are not."""
    absent: set[str] = set()
    for digest in sorted(digests):
        name = file_name(digest)
        if vault.has(name):
            continue
        content = blobs.get(digest)
        if content is None:
            absent.add(digest)
        else:
            vault.put(name, {"kind": "file", "sha256": digest}, content)
    return absent


def _wait_for(session: Session, lane: str, digests: set[str]) -> None:
    rows = [{"lane": lane, "sha256": digest} for digest in sorted(digests)]
    if rows:
        session.execute(postgresql.insert(UNSHIPPED).on_conflict_do_nothing(), rows)


def _epoch(session: Session) -> int:
    return int(session.execute(sa.select(table_of(Deployment).c.epoch)).scalar_one())
