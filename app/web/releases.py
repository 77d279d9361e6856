"""Releases: what was written, and its files to download."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from app.auth.actor import Actor, require
from app.core.db import View
from app.core.office import office_of
from app.export import repository
from app.export.routes import ANALYSTS
from app.web.pages import page

router = APIRouter(prefix="/rilis")

Analyst = Annotated[Actor, Depends(require(*ANALYSTS))]


@router.get("")
def list_releases(request: Request, session: View, analyst: Analyst) -> Response:
    """Show the releases of the reader's regencies, newest first, with their files."""
    folder = office_of(request).settings.data_dir
    shown = [
        (each, sorted(path.name for path in (folder / each.path).glob("*")))
        for each in repository.releases(session, analyst.scope)
    ]
    return page(request, "releases.html", analyst, releases=shown)
