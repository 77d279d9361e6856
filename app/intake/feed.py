"""The feed: the latest state of what devices need, in the order of commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.auth.scope import Scope
from app.core.db import advisory_lock, table_of
from app.core.rows import upsert
from app.intake.models import FeedChange

FEED = table_of(FeedChange)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing as devices should now have it; no payload: it is gone."""

    kind: str
    key: str
    area_code: str
    payload: dict[str, Any] | None


def publish(session: Session, lane: str, changes: Sequence[Change]) -> None:
    """Write changes behind all earlier ones; they appear together, with the commit.

    The lane's feed is locked until then, so no reader ever sees a later one before an earlier.
    """
    if not changes:
        return
    advisory_lock(session, "feed", lane)
    last = session.execute(sa.select(sa.func.max(FEED.c.seq)).where(FEED.c.lane == lane)).scalar()
    latest = {(change.kind, change.key): change for change in changes}
    rows = [
        {
            "lane": lane,
            "kind": change.kind,
            "key": change.key,
            "seq": (last or 0) + number,
            "area_code": change.area_code,
            "payload": change.payload,
        }
        for number, change in enumerate(latest.values(), start=1)
    ]
    upsert(session, FEED, rows)


def changes_after(
    session: Session, scope: Scope, lane: str, seq: int, limit: int
) -> list[FeedChange]:
    """Give the next changes of a lane that lie in the scope, oldest first."""
    wanted = (
        sa.select(FeedChange)
        .where(
            FeedChange.lane == lane,  # type: ignore[arg-type]  # a column, not a bool
            FeedChange.seq > seq,  # type: ignore[arg-type]  # a column, not a bool
            scope.covers(FEED.c.area_code),
        )
        .order_by(FEED.c.seq)
        .limit(limit)
    )
    return list(session.execute(wanted).scalars())
