"""News for the floors above: notes written in the transaction that made them true."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import table_of
from app.core.models import OutboxNote
from app.core.rows import insert

AREA_TOUCHED = "area-touched"  # key: the area whose units or documents changed
UNIT_TOUCHED = "unit-touched"  # key: a unit of which something was said
UNIT_OUTDATED = "unit-outdated"  # key: a unit that was matched by what is known better now
DOCUMENT_TOUCHED = "document-touched"  # key: an instance id of the document that changed


def leave(session: Session, topic: str, lane: str, keys: Collection[str]) -> None:
    """Leave one note for each key; they become visible with the caller's commit."""
    notes = [{"topic": topic, "lane": lane, "key": key} for key in sorted(keys)]
    insert(session, table_of(OutboxNote), notes)


def take(session: Session, topic: str, lane: str, *, limit: int = 10_000) -> set[str]:
    """Take the oldest notes of a topic away and give their keys, each once."""
    notes = table_of(OutboxNote)
    oldest = (
        sa.select(notes.c.id)
        .where(notes.c.topic == topic, notes.c.lane == lane)
        .order_by(notes.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = sa.delete(notes).where(notes.c.id.in_(oldest)).returning(notes.c.key)
    return set(session.execute(taken).scalars())
