"""Assignments and announcements as JSON."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from app.auth.actor import Actor, require
from app.auth.models import FIELD_STAFF
from app.core.db import Tx, View
from app.core.office import office_of
from app.fieldwork import service
from app.fieldwork.schemas import (
    AnnouncementIn,
    AnnouncementOut,
    AssignmentPage,
    AssignmentsIn,
    Said,
    Withdrawal,
)

router = APIRouter(prefix="/api/v1", tags=["fieldwork"])

Reader = Annotated[Actor, Depends(require(*FIELD_STAFF))]
Director = Annotated[Actor, Depends(require(*service.DIRECTORS))]


@router.get("/assignments")
def list_assignments(
    reader: Reader,
    session: View,
    area: Annotated[str, Query(pattern="^[0-9]{0,16}$")] = "",
    after: Annotated[str, Query(pattern="^[0-9]{0,16}$")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> AssignmentPage:
    """Give who works where in the caller's areas, by sub-SLS; `next_after` continues."""
    return service.assignments(session, reader.scope, area, after=after, limit=limit)


@router.post("/assignments", status_code=201)
def assign(request: Request, director: Director, session: Tx, told: AssignmentsIn) -> list[Said]:
    """Say who works these sub-SLS from now on, all or nothing."""
    return service.assign(session, director, told, office_of(request).clock())


@router.get("/announcements")
def list_announcements(
    request: Request, reader: Reader, session: View, *, every: bool = False
) -> list[AnnouncementOut]:
    """Give what is told today in the caller's areas, newest first; with `every` all of it."""
    now = office_of(request).clock()
    return service.announcements(session, reader.scope, now, every=every)


@router.post("/announcements", status_code=201)
def announce(request: Request, director: Director, session: Tx, told: AnnouncementIn) -> Said:
    """Tell something to all who work in an area."""
    return service.announce(session, director, told, office_of(request).clock())


@router.post("/announcements/{announcement_id}/withdrawal", status_code=201)
def withdraw(
    request: Request, director: Director, session: Tx, announcement_id: str, said: Withdrawal
) -> Said:
    """Take an announcement back."""
    now = office_of(request).clock()
    return service.withdraw(session, director, announcement_id, said.decision_id, now)
