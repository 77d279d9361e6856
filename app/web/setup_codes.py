"""QR codes that set ODK Collect up for an officer; each holds a fresh token and is shown once."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from markupsafe import Markup
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from app.auth import service
from app.auth.actor import Actor, require
from app.auth.models import FIELD_STAFF, Role
from app.auth.repository import Known
from app.core.db import Tx, View
from app.core.office import office_of
from app.core.problems import NotFound
from app.questionnaires.collect_settings import as_png, as_svg, collect_settings
from app.web.pages import page

router = APIRouter(prefix="/kode-qr")

Officer = Annotated[Actor, Depends(require(*FIELD_STAFF))]
_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_RANK = (
    Role.ENUMERATOR,
    Role.SUPERVISOR,
    Role.COORDINATOR,
    Role.REGENCY_ADMIN,
    Role.NATIONAL_ADMIN,
)


@router.get("")
def choose(request: Request, session: View, actor: Officer) -> Response:
    """Show whose phone can be set up."""
    return _page(request, session, actor)


@router.post("")
def issue(
    request: Request,
    session: Tx,
    actor: Officer,
    *,
    petugas: Annotated[str, Form(max_length=64)] = "",
    cabut: Annotated[str, Form(max_length=8)] = "",
    bentuk: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Make a new token and show it as a code this once: on the page, or as a PNG to keep.

    With `cabut` all earlier tokens of the officer end.
    """
    known = next(
        (each for each in _within_reach(session, actor) if each.user_name == petugas), None
    )
    if known is None:
        raise NotFound
    office = office_of(request)
    now = office.clock()
    if cabut:
        service.revoke_openrosa_tokens(session, known.id, actor=actor.user_name, now=now)
    token = service.issue_openrosa_token(session, known.id, actor=actor.user_name, now=now)
    server = f"{office.settings.public_url.rstrip('/')}/openrosa/{token}"
    code = collect_settings(server, f"SE2026 {known.places[0][:4]}".strip())
    if bentuk == "png":
        return Response(as_png(code), media_type="image/png", headers=_PRIVATE)
    return _page(request, session, actor, known=known, code=Markup(as_svg(code)))  # noqa: S704 - drawn by us


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    *,
    known: Known | None = None,
    code: Markup | None = None,
) -> Response:
    people = _within_reach(session, actor)
    return page(
        request, "setup_code.html", actor, headers=_PRIVATE, people=people, known=known, code=code
    )


def _within_reach(session: Session, actor: Actor) -> list[Known]:
    """Give the open accounts whose phones the actor may set up.

    His own, and those of lower rank that work within his areas.
    """
    below = _RANK[: _RANK.index(actor.role)]
    return [
        each
        for each in service.accounts(session, actor.scope)
        if each.is_active and (each.id == actor.id or each.role in below)
    ]
