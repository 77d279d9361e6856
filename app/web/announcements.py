"""What officers are told: to read for all in the field, to write for those who direct them."""

from collections.abc import Collection
from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.areas import repository as region
from app.auth.actor import Actor, require
from app.auth.models import FIELD_STAFF
from app.auth.scope import Scope
from app.core.clock import JAKARTA
from app.core.db import Tx, View
from app.core.ids import new_id
from app.core.office import office_of
from app.core.problems import Invalid, language_of
from app.fieldwork import service
from app.fieldwork.schemas import AnnouncementIn
from app.web.language import day
from app.web.pages import page

_KELURAHAN = 10

router = APIRouter(prefix="/pengumuman")

Reader = Annotated[Actor, Depends(require(*FIELD_STAFF))]
Director = Annotated[Actor, Depends(require(*service.DIRECTORS))]


@router.get("")
def show(request: Request, session: View, actor: Reader) -> Response:
    """Show what was announced in the reader's areas, and to those who may the form for more."""
    today = office_of(request).clock().astimezone(JAKARTA).date().isoformat()
    fresh = {"id": str(new_id()), "judul": "", "isi": "", "wilayah": "", "dari": today}
    return _page(request, session, actor, {**fresh, "sampai": today})


@router.post("")
def announce(  # noqa: PLR0913 - the fields of the form
    request: Request,
    session: Tx,
    actor: Director,
    *,
    id: Annotated[UUID, Form()],  # noqa: A002 - the field's name
    wilayah: Annotated[str, Form(max_length=16)] = "",
    judul: Annotated[str, Form()] = "",
    isi: Annotated[str, Form()] = "",
    dari: Annotated[date, Form()],
    sampai: Annotated[date, Form()],
) -> Response:
    """Tell it, or show the form again and say what is missing."""
    told = AnnouncementIn(
        announcement_id=id,
        title=judul,
        text=isi,
        area=wilayah,
        valid_from=dari,
        valid_until=sampai,
    )
    try:
        service.announce(session, actor, told, office_of(request).clock())
    except Invalid as wrong:
        given = {"id": str(id), "judul": judul, "isi": isi, "wilayah": wilayah}
        days = {"dari": dari.isoformat(), "sampai": sampai.isoformat()}
        said = wrong.told(language_of(request))
        return _page(request, session, actor, {**given, **days}, problem=said, status=422)
    return RedirectResponse("/pengumuman", status_code=303)


@router.post("/{announcement_id}/cabut")
def withdraw(request: Request, session: Tx, actor: Director, announcement_id: str) -> Response:
    """Take an announcement back."""
    service.withdraw(session, actor, announcement_id, new_id(), office_of(request).clock())
    return RedirectResponse("/pengumuman", status_code=303)


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    given: dict[str, str],
    *,
    problem: str = "",
    status: int = 200,
) -> Response:
    now = office_of(request).clock()
    may_write = actor.role in service.DIRECTORS
    lists = may_write and bool(actor.scope.lanes())  # the nation's would be a page of 84,000
    kelurahan = region.of_level(session, actor.scope, actor.lane, _KELURAHAN) if lists else []
    own = [code for code in actor.scope.areas if len(code) != _KELURAHAN]
    found = service.announcements(session, actor.scope, now, every=may_write)
    return page(
        request,
        "announcements.html",
        actor,
        status=status,
        found=found,
        names=_names(session, {*own, *(each.area for each in found)} - {""}),
        day=partial(day, language_of(request)),
        today=now.astimezone(JAKARTA).date(),
        may_write=may_write,
        may_withdraw=actor.scope.includes,
        own=own,
        kelurahan=kelurahan,
        given=given,
        problem=problem,
    )


def _names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Name areas, also those of which the reader sees a part only."""
    held = region.states(session, Scope(tuple(codes)), codes)
    return {code: row["name"] for code, row in held.items()}
