"""Documents: the list that a supervisor works through, and one document with its decision."""

from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.areas.repository import of_level
from app.auth.actor import Actor, require
from app.core.db import Tx, View
from app.core.ids import new_id
from app.core.office import office_of
from app.core.problems import Invalid, language_of
from app.coverage.rules import Level
from app.coverage.service import home_of
from app.intake.blobs import ObjectBlobs
from app.review import service
from app.review.models import Status
from app.web.matching_pair import is_picture
from app.web.pages import page

PAGE_LENGTH = 50

router = APIRouter(prefix="/dokumen")

Reader = Annotated[Actor, Depends(require(*service.READERS))]
Reviewer = Annotated[Actor, Depends(require(*service.REVIEWERS))]
AreaText = Annotated[str, Query(pattern="^[0-9]{0,16}$")]


@router.get("")
def list_documents(
    request: Request,
    session: View,
    actor: Reader,
    *,
    wilayah: AreaText = "",
    status: Status | Literal[""] = "",
    temuan: bool = False,
    cursor: str | None = None,
) -> Response:
    """Show documents of the reader's area, newest first."""
    found = service.documents(
        session,
        actor.scope,
        wilayah,
        status=status or None,
        with_findings=temuan,
        cursor=cursor,
        limit=PAGE_LENGTH,
    )
    home = home_of(actor.scope, office_of(request).settings.regency)
    areas = of_level(session, actor.scope, home, Level.KELURAHAN.digits)
    chosen = {"wilayah": wilayah, "status": status, "temuan": "true" if temuan else ""}
    return page(
        request, "documents.html", actor, found=found, areas=areas, chosen=chosen, cursor=cursor
    )


@router.get("/{lane}/{document_id:path}")
def show_document(  # noqa: PLR0917 - path, query and dependencies
    request: Request,
    session: View,
    actor: Reader,
    lane: str,
    document_id: str,
    diputuskan: Literal["approve", "reject", ""] = "",
) -> Response:
    """Show one document: answers with findings, versions, decisions, and the form to decide."""
    decided = {"decided": diputuskan or None, "decision_id": new_id()}
    return _document_page(request, session, actor, lane, document_id, **decided)


@router.post("/{lane}/{document_id:path}")
def decide(  # noqa: PLR0913, PLR0917 - path, form and dependencies
    request: Request,
    session: Tx,
    actor: Reviewer,
    lane: str,
    document_id: str,
    version_position: Annotated[int, Form(ge=1)],
    decision_id: Annotated[UUID, Form()],
    verdict: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Record a decision about the version that was read, or say what is missing."""
    try:
        service.decide(
            session,
            actor,
            lane,
            document_id,
            version_position=version_position,
            verdict=verdict,
            note=note,
            decision_id=decision_id,
            now=office_of(request).clock(),
        )
    except Invalid as problem:
        said = problem.told(language_of(request))
        kept = {"problem": said, "note": note, "decision_id": decision_id}
        return _document_page(request, session, actor, lane, document_id, status=422, **kept)
    goal = f"/dokumen/{quote(lane)}/{quote(document_id)}?diputuskan={quote(verdict)}"
    return RedirectResponse(goal, status_code=303)


def _document_page(
    request: Request,
    session: Session,
    actor: Actor,
    lane: str,
    document_id: str,
    **content: Any,  # noqa: ANN401 - passed to the template
) -> Response:
    found = service.document(session, actor, lane, document_id, language=language_of(request))
    named = {answer.file for part in found.sections for answer in part.answers if answer.file}
    arrived = ObjectBlobs.of(office_of(request).settings).held(sorted(named))
    shown = {
        "decided": None,
        "problem": None,
        "note": "",
        "arrived": arrived,
        "is_picture": is_picture,
        **content,
    }
    return page(request, "document.html", actor, document=found, **shown)
