"""What phones fetch for the warning at the door: rules for all, marks for each sub-SLS."""

import json
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from app.auth.actor import Actor, require
from app.auth.models import FIELD_STAFF
from app.core.db import View
from app.core.documents import document
from app.core.office import office_of
from app.dedup import doorstep
from app.dedup.schemas import DoorstepOut
from matching.doorstep import rules

router = APIRouter(prefix="/api/v1/doorstep", tags=["matching"])

Officer = Annotated[Actor, Depends(require(*FIELD_STAFF))]


@router.get("")
def give_rules(request: Request, _officer: Officer) -> Response:
    """Give words that say nothing and the weights of what falls together, the same for all."""
    return _document(request, rules())


@router.get("/{area}", response_model=DoorstepOut)
def give_listed(
    request: Request,
    session: View,
    officer: Officer,
    area: Annotated[str, Path(pattern="^[0-9]{16}$", description="sub-SLS")],
) -> Response:
    """Give the marks of the businesses listed in a sub-SLS of the caller's."""
    secret = office_of(request).settings.signing_key()
    return _document(request, doorstep.listed(session, officer, area, secret).model_dump())


def _document(request: Request, content: dict[str, Any]) -> Response:
    body = json.dumps(content, separators=(",", ":")).encode()
    return document(request, body, sha256(body).hexdigest(), "application/json")
