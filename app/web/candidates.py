"""Candidates for duplicates: pairs of units, side by side."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from app.areas.repository import of_level
from app.auth.actor import Actor, require
from app.core.db import View
from app.core.office import office_of
from app.coverage.rules import Level
from app.coverage.service import home_of
from app.dedup import service
from app.web.pages import CANDIDATE_READERS, page

PAGE_LENGTH = 25

router = APIRouter(prefix="/kandidat")

Reader = Annotated[Actor, Depends(require(*CANDIDATE_READERS))]


@router.get("")
def list_candidates(
    request: Request,
    session: View,
    actor: Reader,
    wilayah: Annotated[str, Query(pattern="^[0-9]{0,16}$")] = "",
    cursor: str = "",
) -> Response:
    """Show pairs of units that may be one business, with why."""
    found = service.queue(session, actor, wilayah, cursor=cursor, limit=PAGE_LENGTH)
    home = home_of(actor.scope, office_of(request).settings.regency)
    areas = of_level(session, actor.scope, home, Level.KELURAHAN.digits)
    return page(
        request, "candidates.html", actor, found=found, areas=areas, wilayah=wilayah, cursor=cursor
    )
