"""SQL for assignments and announcements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.areas.models import Area
from app.auth.models import Account, AccountArea, Role
from app.auth.scope import Scope
from app.core.db import table_of
from app.core.rows import among, flat, upsert
from app.fieldwork.models import Announcement, Assignment, AssignmentHistory
from app.fieldwork.rules import Announced
from app.intake.assignments import ASSIGNMENT as SAID
from app.intake.assignments import Assigned
from app.intake.journal import ENTRY, entry_of
from app.intake.models import ProjectorCursor
from sync.journal import Entry
from sync.receipts import Outcome

ASSIGNMENT = table_of(Assignment)
ANNOUNCEMENT = table_of(Announcement)
HISTORY = table_of(AssignmentHistory)
READER = "fieldwork"  # the projection that all this is read from
_account = table_of(Account)
_area = table_of(Area)
_cursor = table_of(ProjectorCursor)
_own = table_of(AccountArea)
_LANE, _LEAF = 4, 16  # digits


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


def assignments_of(
    session: Session, scope: Scope, codes: Collection[str]
) -> Sequence[sa.RowMapping]:
    """Give who works these sub-SLS of the scope, as the projection stands."""
    wanted = (
        sa.select(ASSIGNMENT, _account.c.user_name, _account.c.display_name)
        .join(_account, _account.c.id == ASSIGNMENT.c.officer)
        .where(
            ASSIGNMENT.c.lane == among({code[:_LANE] for code in codes}),
            ASSIGNMENT.c.idsubsls == among(codes),
            scope.covers(ASSIGNMENT.c.idsubsls),
        )
    )
    return session.execute(wanted).mappings().all()


def places(
    session: Session,
    scope: Scope,
    area: str,
    *,
    officer: str,
    vacant: bool,
    after: str,
    limit: int,
) -> Sequence[sa.RowMapping]:
    """List the current sub-SLS within an area and the scope, by code behind `after`.

    With `officer` (a user name) only those that he works; `vacant`: only those that nobody does.
    """
    held = (ASSIGNMENT.c.lane == sa.func.left(_area.c.code, _LANE)) & (
        ASSIGNMENT.c.idsubsls == _area.c.code
    )
    wanted = (
        sa.select(_area.c.code, _area.c.name)
        .where(
            scope.covers(_area.c.code),
            _area.c.code.like(f"{area}%"),
            sa.func.length(_area.c.code) == _LEAF,
            _area.c.until_version.is_(None),
            _area.c.code > after,
        )
        .order_by(_area.c.code)
        .limit(limit)
    )
    if vacant:
        wanted = wanted.where(~sa.exists().where(held))
    if officer:
        wanted = wanted.join(ASSIGNMENT, held).join(
            _account,
            (_account.c.id == ASSIGNMENT.c.officer)
            & (sa.func.lower(_account.c.user_name) == officer.lower()),
        )
    return session.execute(wanted).mappings().all()


def reached(session: Session, scope: Scope, codes: Collection[str]) -> Mapping[str, Sequence[str]]:
    """Give the open enumerators whose account holds these sub-SLS of the scope, by name."""
    above = {code[:digits] for code in codes for digits in (4, 7, 10, 14, 16)}
    wanted = (
        sa.select(_own.c.area_code, _account.c.display_name)
        .join(_account, _account.c.id == _own.c.account_id)
        .where(
            _own.c.area_code == among(above),
            _account.c.role == Role.ENUMERATOR,
            _account.c.is_active,
        )
        .order_by(_account.c.display_name)
    )
    held: defaultdict[str, list[str]] = defaultdict(list)
    for row in session.execute(wanted):
        held[row.area_code].append(row.display_name)
    return {
        code: [name for area, names in held.items() if code.startswith(area) for name in names]
        for code in codes
        if scope.includes(code)
    }


def vacancies(session: Session, scope: Scope, area: str) -> tuple[int, int]:
    """Count the current sub-SLS within an area and the scope, and those that nobody works."""
    held = sa.exists().where(
        ASSIGNMENT.c.lane == sa.func.left(_area.c.code, _LANE),
        ASSIGNMENT.c.idsubsls == _area.c.code,
    )
    wanted = sa.select(sa.func.count(), sa.func.count().filter(~held)).where(
        scope.covers(_area.c.code),
        _area.c.code.like(f"{area}%"),
        sa.func.length(_area.c.code) == _LEAF,
        _area.c.until_version.is_(None),
    )
    total, vacant = session.execute(wanted).one()
    return int(total), int(vacant)


def history(session: Session, scope: Scope, idsubsls: str) -> Sequence[Assigned]:
    """Give what was said of a sub-SLS of the scope, as far as the projection has read."""
    wanted = (
        sa.select(HISTORY)
        .where(
            HISTORY.c.lane == idsubsls[:_LANE],
            HISTORY.c.idsubsls == idsubsls,
            scope.covers(HISTORY.c.idsubsls),
        )
        .order_by(HISTORY.c.position)
    )
    return [Assigned(**row) for row in session.execute(wanted).mappings()]


def unread(session: Session, scope: Scope, lane: str) -> Sequence[Entry]:
    """Give the entries on assignments that the projection of a lane has not read yet."""
    if not scope.touches(lane):
        return []
    cursor = (
        sa.select(_cursor.c.position)
        .where(_cursor.c.projector == READER, _cursor.c.lane == lane)
        .scalar_subquery()
    )
    wanted = (
        sa.select(ENTRY)
        .where(
            ENTRY.c.lane == lane,
            ENTRY.c.position > sa.func.coalesce(cursor, 0),
            ENTRY.c.kind == SAID,
            ENTRY.c.outcome != Outcome.RIVAL,
        )
        .order_by(ENTRY.c.position)
    )
    return [entry_of(row) for row in session.execute(wanted).mappings()]


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
        ASSIGNMENT.c.lane == lane, ASSIGNMENT.c.idsubsls == among(codes)
    )
    return {row.idsubsls: row.officer for row in session.execute(wanted)}


def keep_assignments(session: Session, lane: str, told: Collection[Assigned]) -> None:
    """Write who works where now; a sub-SLS without officer has no row."""
    nobody = [each.idsubsls for each in told if each.officer is None]
    session.execute(
        sa.delete(ASSIGNMENT).where(
            ASSIGNMENT.c.lane == lane, ASSIGNMENT.c.idsubsls == among(nobody)
        )
    )
    rows = flat(ASSIGNMENT, [each for each in told if each.officer is not None])
    upsert(session, ASSIGNMENT, [{**row, "officer": str(row["officer"])} for row in rows])


def keep_history(session: Session, told: Collection[Assigned]) -> None:
    """Write what was said, each word of it."""
    rows = flat(HISTORY, told)
    officers = (None if row["officer"] is None else str(row["officer"]) for row in rows)
    upsert(
        session,
        HISTORY,
        [{**row, "officer": name} for row, name in zip(rows, officers, strict=True)],
    )


def keep_announcements(session: Session, told: Collection[Announced]) -> None:
    """Write what is announced."""
    rows = flat(ANNOUNCEMENT, told)
    days = ("valid_from", "valid_until")
    upsert(session, ANNOUNCEMENT, [{**row, **{day: str(row[day]) for day in days}} for row in rows])


def withdraw(session: Session, lane: str, ids: Collection[str]) -> Sequence[sa.RowMapping]:
    """Mark announcements as withdrawn; give them."""
    wanted = (
        sa.update(ANNOUNCEMENT)
        .where(ANNOUNCEMENT.c.lane == lane, ANNOUNCEMENT.c.announcement_id == among(ids))
        .values(is_withdrawn=True)
        .returning(ANNOUNCEMENT)
    )
    return session.execute(wanted).mappings().all()
