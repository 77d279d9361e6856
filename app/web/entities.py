"""Entries of phones' lists that want a person's eyes: what contends, field by field, what waits."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.auth.actor import Actor, require
from app.auth.models import FIELD_STAFF
from app.core.db import Tx, View
from app.core.ids import new_id
from app.core.office import office_of
from app.registry import entity_service as service
from app.registry.entity_rules import DELETED
from app.web.pages import page

PAGE_LENGTH = 25

router = APIRouter(prefix="/entitas")

Reader = Annotated[Actor, Depends(require(*FIELD_STAFF))]
Decider = Annotated[Actor, Depends(require(*service.DECIDERS))]


@router.get("")
def list_open(
    request: Request,
    session: View,
    actor: Reader,
    cursor: Annotated[str, Query(max_length=250)] = "",
) -> Response:
    """Show entities of which something contends or waits."""
    found = service.open_entities(session, actor.scope, after=cursor, limit=PAGE_LENGTH + 1)
    shown = found[:PAGE_LENGTH]
    more = str(shown[-1].entity["entity_id"]) if len(found) > PAGE_LENGTH else None
    may_decide = actor.role in service.DECIDERS
    return page(
        request,
        "entities.html",
        actor,
        found=shown,
        next_cursor=more,
        may_decide=may_decide,
        deleted=DELETED,
    )


@router.post("/putusan")
def decide(  # noqa: PLR0913 - the fields of the form
    request: Request,
    session: Tx,
    actor: Decider,
    *,
    lane: Annotated[str, Form(max_length=4)],
    daftar: Annotated[str, Form(max_length=250)],
    entitas: Annotated[str, Form(max_length=250)],
    versi: Annotated[int, Form(ge=0, le=10**9)],
    putusan: Annotated[str, Form(max_length=10)] = "",
    menunggu: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Take what stands for right, remove or bring back the entity, or wait for nothing any more."""
    service.decide(
        session,
        actor,
        lane,
        daftar,
        entitas,
        number=versi,
        fields={},
        deleted={"hapus": True, "kembali": False}.get(putusan),
        decision_id=new_id(),
        now=office_of(request).clock(),
        forces=(menunggu or ()) if putusan == "paksa" else (),
    )
    return RedirectResponse("/entitas", status_code=303)
