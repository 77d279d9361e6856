"""Matching as JSON: questions, decisions, and the units most like a description."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from app.auth.actor import Actor, require
from app.auth.models import FIELD_STAFF
from app.core.db import Tx, View
from app.core.office import office_of
from app.dedup import service
from app.dedup.near import near
from app.dedup.schemas import (
    CaseDetail,
    CasePage,
    Decided,
    DecisionOut,
    Described,
    GoldenOut,
    NearPage,
    Saying,
    Undoing,
)

router = APIRouter(prefix="/api/v1", tags=["matching"])

Officer = Annotated[Actor, Depends(require(*FIELD_STAFF))]
Decider = Annotated[Actor, Depends(require(*service.DECIDERS))]
AreaText = Annotated[
    str, Query(pattern="^[0-9]{0,16}$", description="area code; empty: all of the caller's")
]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.post("/units/match")
def match(session: View, actor: Officer, told: Described) -> NearPage:
    """Give the units that are most like a business as described, with reasons."""
    return near(session, actor, told)


@router.get("/matches")
def questions(  # noqa: PLR0917 - query and dependencies
    session: View,
    actor: Officer,
    area: AreaText = "",
    state: Annotated[list[str] | None, Query()] = None,
    cursor: str = "",
    limit: Limit = 25,
) -> CasePage:
    """Give a page of the pairs of units that may be one business, the weightiest first."""
    return service.queue(
        session, actor, area, states=state or service.ASKED, cursor=cursor, limit=limit
    )


@router.get("/matches/{case_id}")
def question(session: View, actor: Officer, case_id: str) -> CaseDetail:
    """Give one question with what helps to answer it."""
    return service.case(session, actor, case_id)


@router.post("/matches/{lane}/decisions", status_code=201)
def decide(request: Request, session: Tx, actor: Decider, lane: str, said: Saying) -> Decided:
    """Say that units are one business, or are not, or that it must wait."""
    return service.decide(session, actor, lane, said, office_of(request).clock())


@router.post("/matches/{lane}/decisions/{decision_id}/undo", status_code=201)
def undo(  # noqa: PLR0917 - path, body and dependencies
    request: Request, session: Tx, actor: Decider, lane: str, decision_id: str, undoing: Undoing
) -> Decided:
    """Take a decision back."""
    return service.undo(session, actor, lane, decision_id, undoing, office_of(request).clock())


@router.get("/units/{lane}/{unit_id}/decisions")
def history(session: View, actor: Officer, lane: str, unit_id: str) -> list[DecisionOut]:
    """Give what was decided of a unit, newest first."""
    return service.history(session, actor.scope, lane, {unit_id})


@router.get("/units/{lane}/{unit_id}/business")
def business(session: View, actor: Officer, lane: str, unit_id: str) -> GoldenOut:
    """Give what is known of the business that a unit is one of several records of."""
    return service.business(session, actor.scope, lane, unit_id)
