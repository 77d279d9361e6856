"""Keeps the tallies true: recounts the areas of which the floors below left a note."""

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import advisory_lock, table_of, writing
from app.core.outbox import AREA_TOUCHED, DOCUMENT_TOUCHED, take
from app.coverage.models import CoverageTally
from app.coverage.repository import areas_of_documents, recount

TALLY = table_of(CoverageTally)


def advance_coverage(engine: sa.Engine, lane: str) -> int:
    """Recount the areas that were touched since the last time; give how many notes told of them.

    Notes and tallies change in one transaction. Call again until nothing is left. Where a document
    counts is looked up here and not when the note is left: its unit may be the work of a projector
    that had not come so far.
    """
    with writing(engine) as session:
        _lock(session, lane)
        areas = take(session, AREA_TOUCHED, lane)
        documents = take(session, DOCUMENT_TOUCHED, lane)
        touched = areas | areas_of_documents(session, lane, documents)
        if touched:
            recount(session, lane, touched)
        return len(areas) + len(documents)


def rebuild_coverage(engine: sa.Engine, lane: str) -> int:
    """Count every area of a lane afresh; give how many have something to count.

    Readers see the old tallies until the new ones are whole.
    """
    with writing(engine) as session:
        _lock(session, lane)
        for topic in (AREA_TOUCHED, DOCUMENT_TOUCHED):
            while take(session, topic, lane):
                pass  # what these notes told of is counted below
        session.execute(sa.delete(TALLY).where(TALLY.c.lane == lane))
        recount(session, lane, None)
        counted = sa.select(sa.func.count()).select_from(TALLY).where(TALLY.c.lane == lane)
        return int(session.execute(counted).scalar_one())


def _lock(session: Session, lane: str) -> None:
    advisory_lock(session, "projector:coverage", lane)
