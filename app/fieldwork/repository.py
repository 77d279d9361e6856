"""SQL for assignments and announcements."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.auth.models import Account
from app.auth.scope import Scope
from app.core.db import table_of
from app.core.rows import flat, upsert
from app.fieldwork.models import Announcement, Assignment
from app.fieldwork.rules import Announced, Assigned

ASSIGNMENT = table_of(Assignment)
ANNOUNCEMENT = table_of(Announcement)
_account = table_of(Account)


def assignments(
    session: Session, scope: Scope, area: str, *, after: str, limit: int
) -> Sequence[sa.RowMapping]:
    """List who works where within an area and the scope, by sub-SLS behind `after`."""
    wanted = (
        sa.select(ASSIGNMENT, _account.c.user_name, _account.c.display_name)
        .join(_account, _account.c.id == ASSIGNMENT.c.officer)
        .where(
            scope.covers(ASSIGNMENT.c.idsubsls),
            ASSIGNMENT.c.idsubsls.like(f"{area}%"),
            ASSIGNMENT.c.idsubsls > after,
        )
        .order_by(ASSIGNMENT.c.idsubsls)
        .limit(limit)
    )
    return session.execute(wanted).mappings().all()


def announcements(
    session: Session, scope: Scope, *, today: date | None, limit: int
) -> Sequence[sa.RowMapping]:
    """List what is told to those who work in the scope, newest first.

    With `today` only what holds on that day; without also what is past, to come, or withdrawn.
    """
    area = ANNOUNCEMENT.c.area_code
    wanted = (
        sa.select(ANNOUNCEMENT, _account.c.display_name)
        .join(
            _account, sa.cast(_account.c.id, sa.Text) == ANNOUNCEMENT.c.announced_by, isouter=True
        )
        .where(sa.or_(scope.covers(area), scope.lies_in(area)))
        .order_by(ANNOUNCEMENT.c.announced_at.desc(), ANNOUNCEMENT.c.announcement_id)
        .limit(limit)
    )
    if today is not None:
        wanted = wanted.where(
            ~ANNOUNCEMENT.c.is_withdrawn,
            ANNOUNCEMENT.c.valid_from <= today,
            ANNOUNCEMENT.c.valid_until >= today,
        )
    return session.execute(wanted).mappings().all()


def announcement(session: Session, scope: Scope, announcement_id: str) -> sa.RowMapping | None:
    """Give an announcement whose whole area lies in the scope."""
    wanted = sa.select(ANNOUNCEMENT).where(
        ANNOUNCEMENT.c.announcement_id == announcement_id,
        scope.covers(ANNOUNCEMENT.c.area_code),
    )
    return session.execute(wanted).mappings().first()


def holders(session: Session, lane: str, codes: Collection[str]) -> Mapping[str, UUID]:
    """Give who works these sub-SLS as the projection stands."""
    wanted = sa.select(ASSIGNMENT.c.idsubsls, ASSIGNMENT.c.officer).where(
        ASSIGNMENT.c.lane == lane, ASSIGNMENT.c.idsubsls.in_(codes)
    )
    return {row.idsubsls: row.officer for row in session.execute(wanted)}


def keep_assignments(session: Session, lane: str, told: Collection[Assigned]) -> None:
    """Write who works where now; a sub-SLS without officer has no row."""
    nobody = [each.idsubsls for each in told if each.officer is None]
    session.execute(
        sa.delete(ASSIGNMENT).where(ASSIGNMENT.c.lane == lane, ASSIGNMENT.c.idsubsls.in_(nobody))
    )
    rows = flat(ASSIGNMENT, [each for each in told if each.officer is not None])
    upsert(session, ASSIGNMENT, [{**row, "officer": str(row["officer"])} for row in rows])


def keep_announcements(session: Session, told: Collection[Announced]) -> None:
    """Write what is announced."""
    rows = flat(ANNOUNCEMENT, told)
    days = ("valid_from", "valid_until")
    upsert(session, ANNOUNCEMENT, [{**row, **{day: str(row[day]) for day in days}} for row in rows])


def withdraw(session: Session, lane: str, ids: Collection[str]) -> Sequence[sa.RowMapping]:
    """Mark announcements as withdrawn; give them."""
    wanted = (
        sa.update(ANNOUNCEMENT)
        .where(ANNOUNCEMENT.c.lane == lane, ANNOUNCEMENT.c.announcement_id.in_(ids))
        .values(is_withdrawn=True)
        .returning(ANNOUNCEMENT)
    )
    return session.execute(wanted).mappings().all()
