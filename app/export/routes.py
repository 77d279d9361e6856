"""Releases as JSON and as files."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import FileResponse

from app.auth.actor import Actor, require
from app.auth.models import Role
from app.core.db import View
from app.core.office import office_of
from app.core.problems import NotFound
from app.export import repository
from app.export.models import Release

router = APIRouter(prefix="/api/v1/releases", tags=["releases"])

ANALYSTS = (Role.ANALYST, Role.REGENCY_ADMIN, Role.NATIONAL_ADMIN)
Analyst = Annotated[Actor, Depends(require(*ANALYSTS))]


@router.get("")
def list_releases(analyst: Analyst, session: View) -> list[Release]:
    """Give the releases of the caller's regencies, newest first."""
    return repository.releases(session, analyst.scope)


@router.get("/{digest}/{name}")
def download(
    request: Request, analyst: Analyst, session: View, digest: str, name: str
) -> FileResponse:
    """Give one file of a release."""
    found = repository.release(session, analyst.scope, digest)
    if found is None:
        raise NotFound
    folder = office_of(request).settings.data_dir / found.path
    files = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    if name not in files:
        raise NotFound
    return FileResponse(files[name], filename=name)
