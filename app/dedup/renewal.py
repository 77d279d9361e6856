"""When what is frequent in a lane is counted anew, and how its units follow.

A reference is made from records as they are, in a transaction that only reads; changing to it takes
a short one. Then `app.dedup.keeper` matches the units again, some in each transaction and behind
those of which something was said, so nobody who decides waits for all of them.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
import structlog
from sqlmodel import Session

from app.core.db import reading, writing
from app.core.outbox import UNIT_OUTDATED
from app.dedup.keeper import advance_matching, lock
from app.dedup.references import NOTE, RECORD, REFERENCE, built, keep_reference
from app.dedup.store import Crowding, crowding

log = structlog.get_logger()

FEWEST: Final = 300  # units of which frequencies tell anything
GROWTH: Final = 1.2  # times the units that the reference was made of
OLDEST: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Age:
    """How many units a lane has, of how many its reference was made (0: none), and when."""

    units: int
    known: int
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class Renewal:
    """How many units were matched again, and what too many of them share."""

    units: int
    cut: Crowding


def is_due(age: Age, now: datetime) -> bool:
    """Tell whether a lane's reference should be made anew."""
    if age.made_at is None:
        return age.units >= FEWEST
    return age.units >= max(FEWEST, age.known * GROWTH) or now - age.made_at >= OLDEST


def advance_references(engine: sa.Engine, now: datetime) -> int:
    """Renew the reference of every lane where that is due; give of how many lanes it was."""
    with reading(engine) as session:
        due = [lane for lane, age in _ages(session).items() if is_due(age, now)]
        waiting = {lane for lane in due if _is_under_way(session, lane)}
    for lane in sorted(set(due) - waiting):
        renew(engine, lane, now)
    return len(set(due) - waiting)


def renew(engine: sa.Engine, lane: str, now: datetime) -> None:
    """Make the reference of a lane anew; its units follow by `advance_matching`."""
    with reading(engine) as session:
        made = built(session, lane)
        cut = crowding(session, lane)
    with writing(engine) as session:
        lock(session, lane)
        keep_reference(session, lane, made, now)
    log.info("reference renewed", lane=lane, units=made.records, version=made.version)
    if cut.keys:
        log.warning("keys of too many units pair nobody", lane=lane, **asdict(cut))


def renew_matching(engine: sa.Engine, lane: str, now: datetime) -> Renewal:
    """Renew the reference of a lane and match every unit by it; tell of how many, and what is cut.

    A reference knows which SLS are dense, so fewer keys are crowded after it than before.
    """
    renew(engine, lane, now)
    while advance_matching(engine, lane):
        pass
    with reading(engine) as session:
        found = _ages(session).get(lane)
        return Renewal(0 if found is None else found.units, crowding(session, lane))


def _ages(session: Session) -> dict[str, Age]:
    """Give the age of what is known of every lane that has units."""
    units = (
        sa.select(RECORD.c.lane, sa.func.count().label("units"))
        .where(~RECORD.c.is_silent)
        .group_by(RECORD.c.lane)
        .subquery()
    )
    known = sa.cast(REFERENCE.c.content, sa.JSON)["records"].as_integer()
    wanted = sa.select(
        units.c.lane, units.c.units, sa.func.coalesce(known, 0), REFERENCE.c.made_at
    ).select_from(units.outerjoin(REFERENCE, REFERENCE.c.lane == units.c.lane))
    return {lane: Age(*told) for lane, *told in session.execute(wanted)}


def _is_under_way(session: Session, lane: str) -> bool:
    """Tell whether units still wait to follow the renewal before."""
    wanted = sa.select(NOTE.c.id).where(NOTE.c.topic == UNIT_OUTDATED, NOTE.c.lane == lane)
    return session.execute(wanted.limit(1)).first() is not None
