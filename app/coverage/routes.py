"""Coverage as JSON."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request

from app.auth.actor import Actor, require
from app.auth.models import Role
from app.core.db import View
from app.coverage.rules import Level
from app.coverage.schemas import Coverage
from app.coverage.service import coverage_of, home_of

VIEWERS = frozenset(Role) - {Role.RESPONDENT}

router = APIRouter(tags=["coverage"])
MayView = Annotated[Actor, Depends(require(*VIEWERS))]


@router.get("/api/v1/coverage")
def show_coverage(
    request: Request,
    session: View,
    actor: MayView,
    under: Annotated[
        str | None, Query(pattern=r"^([0-9]{4}|[0-9]{7}|[0-9]{10}|[0-9]{14}|[0-9]{16})$")
    ] = None,
    level: Level = Level.KELURAHAN,
) -> Coverage:
    """Give the coverage of an area, by default the caller's regency, with a line per area."""
    where = under or home_of(actor.scope, request.app.state.settings.regency)
    return coverage_of(session, actor.scope, actor.role, under=where, level=level)
