"""Documents and decisions as JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from app.auth.actor import Actor, require
from app.core.db import Tx, View
from app.core.office import office_of
from app.core.problems import language_of
from app.review import service
from app.review.models import Status
from app.review.schemas import DocumentDetail, Page

router = APIRouter(prefix="/api/v1/documents", tags=["review"])

Reader = Annotated[Actor, Depends(require(*service.READERS))]
Reviewer = Annotated[Actor, Depends(require(*service.REVIEWERS))]


class Verdict(BaseModel):
    """A decision about the version that was read; `decision_id` makes a retry harmless."""

    decision_id: UUID
    version_position: int
    verdict: str
    note: str = ""


class Decided(BaseModel):
    """Where the decision stands in the journal."""

    outcome: str
    lane: str
    position: int


@router.get("")
def list_documents(
    reader: Reader,
    session: View,
    *,
    area: Annotated[str, Query(pattern="^[0-9]*$")] = "",
    status: Status | None = None,
    with_findings: bool = False,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Page:
    """Give documents of the caller's area, newest first; `next_cursor` continues."""
    return service.documents(
        session,
        reader.scope,
        area,
        status=status,
        with_findings=with_findings,
        cursor=cursor,
        limit=limit,
    )


@router.get("/{lane}/{document_id}")
def read_document(
    request: Request, reader: Reader, session: View, lane: str, document_id: str
) -> DocumentDetail:
    """Give one document."""
    return service.document(session, reader, lane, document_id, language=language_of(request))


@router.post("/{lane}/{document_id}/decisions", status_code=201)
def decide(  # noqa: PLR0917 - path, body and dependencies
    request: Request, reviewer: Reviewer, session: Tx, lane: str, document_id: str, said: Verdict
) -> Decided:
    """Approve a document or return it with a note."""
    receipt = service.decide(
        session,
        reviewer,
        lane,
        document_id,
        version_position=said.version_position,
        verdict=said.verdict,
        note=said.note,
        decision_id=said.decision_id,
        now=office_of(request).clock(),
    )
    return Decided(outcome=receipt.outcome, lane=receipt.lane, position=receipt.position)
