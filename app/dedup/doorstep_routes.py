"""What phones fetch for the warning at the door: rules for all, marks for each sub-SLS."""

import gzip
import json
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from app.auth.actor import Actor, require
from app.auth.models import FIELD_STAFF
from app.core.db import View
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
    """Answer JSON, packed where the caller can read that, or 304 where it has it already."""
    body = json.dumps(content, separators=(",", ":")).encode()
    digest = sha256(body).hexdigest()
    headers = {
        "ETag": f'W/"{digest}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding",
    }
    if digest in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, 6, mtime=0)
    return Response(body, media_type="application/json", headers=headers)
