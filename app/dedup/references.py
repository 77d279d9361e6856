"""The reference of each lane, kept beside the journal, and the matcher that uses it."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import table_of
from app.core.models import OutboxNote
from app.core.outbox import UNIT_OUTDATED
from app.core.rows import upsert
from app.dedup.matcher import Matcher, plain, shipped_model, unpacked
from app.dedup.models import MatchReference, UnitRecord
from matching.features import Features
from matching.reference import Reference

REFERENCE = table_of(MatchReference)
NOTE = table_of(OutboxNote)
RECORD = table_of(UnitRecord)
_PAGE = 5000


def matcher_of(session: Session, lane: str) -> Matcher:
    """Give what compares the units of a lane."""
    wanted = sa.select(REFERENCE.c.version).where(REFERENCE.c.lane == lane)
    version = session.execute(wanted).scalar_one_or_none()
    if version is None:
        return plain()
    known = _kept(lane, version)
    if not known:
        content = sa.select(REFERENCE.c.content).where(REFERENCE.c.lane == lane)
        reference = Reference.from_json(session.execute(content).scalar_one())
        known.append(Matcher(shipped_model(), reference))
    return known[0]


def built(session: Session, lane: str) -> Reference:
    """Build the reference of a lane from the records that it has now."""
    from matching.reference_build import build  # polars and pyarrow: the worker's, once a day

    return build(_features(session, lane))


def keep_reference(session: Session, lane: str, made: Reference, now: datetime) -> None:
    """Compare the units of a lane by this reference from now on; say who was compared otherwise.

    The lane is locked. Until `advance_matching` is through, some edges are of the reference before;
    each names the one that it is of.
    """
    row = {"lane": lane, "version": made.version, "content": made.to_json(), "made_at": now}
    upsert(session, REFERENCE, [row])
    matcher = matcher_of(session, lane)
    outdated = sa.select(sa.literal(UNIT_OUTDATED), RECORD.c.lane, RECORD.c.unit_id).where(
        RECORD.c.lane == lane, RECORD.c.normaliser != matcher.version
    )
    columns = ["topic", "lane", "key"]
    session.execute(sa.insert(NOTE).from_select(columns, outdated.order_by(RECORD.c.unit_id)))


@lru_cache(maxsize=16)
def _kept(lane: str, version: str) -> list[Matcher]:
    """Give the place where a matcher stays once it is made; empty before."""
    del lane, version
    return []


def _features(session: Session, lane: str) -> Iterator[Features]:
    wanted = sa.select(RECORD.c.features).where(RECORD.c.lane == lane, ~RECORD.c.is_silent)
    rows = session.execute(
        wanted.order_by(RECORD.c.unit_id), execution_options={"yield_per": _PAGE}
    )
    for (row,) in rows:
        yield unpacked(row)
