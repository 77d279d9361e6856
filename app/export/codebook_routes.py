"""Codebooks as JSON and as DDI."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.auth.actor import CurrentActor
from app.core.db import View
from app.core.office import office_of
from app.export.codebooks import published_codebook
from forms.codebook.ddi import as_ddi
from forms.codebook.document import as_document

router = APIRouter(prefix="/api/v1/questionnaires", tags=["questionnaires"])


@router.get("/{form_id}/{version}/codebook")
def codebook(
    request: Request, _actor: CurrentActor, session: View, form_id: str, version: str
) -> dict[str, Any]:
    """Give the codebook of a version: variables, codes, universes and rules in words."""
    now = office_of(request).clock()
    return as_document(published_codebook(session, form_id, version, now))


@router.get("/{form_id}/{version}/codebook.xml")
def codebook_as_ddi(
    request: Request, _actor: CurrentActor, session: View, form_id: str, version: str
) -> Response:
    """Give the codebook as DDI-Codebook 2.5."""
    now = office_of(request).clock()
    body = as_ddi(published_codebook(session, form_id, version, now))
    return Response(body, media_type="application/xml")
