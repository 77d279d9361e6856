"""Units as JSON, for those who work with them; aggregates are elsewhere."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from app.auth.actor import Actor, require
from app.auth.models import FIELD_STAFF
from app.core.db import View
from app.registry import service
from app.registry.schemas import UnitOut, UnitPage

router = APIRouter(prefix="/api/v1", tags=["registry"])

Officer = Annotated[Actor, Depends(require(*FIELD_STAFF))]
AreaText = Annotated[
    str, Query(pattern="^[0-9]{0,16}$", description="area code; empty: all of the caller's")
]
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.get("/units")
def units(
    session: View, actor: Officer, area: AreaText = "", cursor: str = "", limit: Limit = 200
) -> UnitPage:
    """Give a page of the units of an area."""
    return service.units(session, actor.scope, area, cursor=cursor, limit=limit)


@router.get("/units/{unit_id}")
def unit(session: View, actor: Officer, unit_id: str) -> UnitOut:
    """Give one unit."""
    return service.unit(session, actor.scope, unit_id)
