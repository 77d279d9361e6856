"""Questionnaires as JSON: what there is, uploading, publishing, closing."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, File, Request, Response, UploadFile
from pydantic import BaseModel

from app.auth.actor import Actor, require
from app.auth.models import FIELD_STAFF, Role
from app.core.db import Tx, View
from app.core.documents import document
from app.core.ids import new_id
from app.core.office import office_of
from app.core.problems import NotFound
from app.questionnaires import drafts, repository, service
from app.questionnaires.drafts import Upload, bare_name
from app.questionnaires.models import Draft, State

MANAGERS = frozenset({Role.REGENCY_ADMIN, Role.NATIONAL_ADMIN})
READERS = FIELD_STAFF | {Role.ANALYST}

router = APIRouter(prefix="/api/v1/questionnaires", tags=["questionnaires"])

Manager = Annotated[Actor, Depends(require(*MANAGERS))]
Reader = Annotated[Actor, Depends(require(*READERS))]


class VersionTold(BaseModel):
    """One version of one form."""

    form_id: str
    version: str
    title: str
    state: State
    published_at: datetime
    note: str
    closed_at: datetime | None


class DraftTold(BaseModel):
    """An upload with what was found about it; `compiles` says whether it can be tried."""

    id: UUID
    form_id: str
    version: str
    title: str
    compiles: bool
    is_published: bool
    remarks: list[dict[str, Any]]


class Published(BaseModel):
    """What publishing did."""

    form_id: str
    version: str
    new: bool
    renewed_lists: list[str]


@router.get("")
def list_versions(_reader: Reader, session: View) -> list[VersionTold]:
    """List every version of every form, newest first within its form."""
    return [
        VersionTold.model_validate(each, from_attributes=True)
        for each in repository.versions(session)
    ]


@router.post("/drafts", status_code=201)
def upload(
    request: Request,
    manager: Manager,
    session: Tx,
    source: Annotated[UploadFile, File()],
    lists: Annotated[list[UploadFile] | None, File()] = None,
) -> DraftTold:
    """Keep a workbook or Markdown text, with lists that it needs, as a draft."""
    office = office_of(request)
    beside = {bare_name(each.filename): each.file.read() for each in lists or ()}
    sent = Upload(bare_name(source.filename), source.file.read(), beside)
    actor, now = manager.user_name, office.clock()
    made = drafts.take_up(session, new_id(), sent, office.settings.regency, actor=actor, now=now)
    return _told(made)


@router.get("/drafts/{draft_id}")
def show_draft(_manager: Manager, session: View, draft_id: UUID) -> DraftTold:
    """Tell what was found about a draft."""
    return _told(drafts.draft_of(session, draft_id))


@router.delete("/drafts/{draft_id}", status_code=204)
def discard(request: Request, manager: Manager, session: Tx, draft_id: UUID) -> None:
    """Delete a draft with its test submissions."""
    drafts.discard(session, draft_id, actor=manager.user_name, now=office_of(request).clock())


@router.post("/drafts/{draft_id}/publish")
def publish(
    request: Request,
    manager: Manager,
    session: Tx,
    draft_id: UUID,
    note: Annotated[str, Body(embed=True, max_length=2000)] = "",
) -> Published:
    """Publish a draft: phones are offered it from now on."""
    office = office_of(request)
    lane, actor, now = office.settings.regency, manager.user_name, office.clock()
    done = drafts.publish_draft(session, draft_id, lane, note=note, actor=actor, now=now)
    return Published(
        form_id=done.form_id,
        version=done.version,
        new=done.is_new,
        renewed_lists=list(done.renewed_lists),
    )


@router.post("/{form_id}/{version}/close", status_code=204)
def close(request: Request, manager: Manager, session: Tx, form_id: str, version: str) -> None:
    """Offer a version to phones no longer."""
    now = office_of(request).clock()
    service.close(session, form_id, version, actor=manager.user_name, now=now)


@router.get("/{form_id}/{version}/form.xml")
def download_form(
    request: Request, _reader: Reader, session: View, form_id: str, version: str
) -> Response:
    """Give the XForm of a version, published or closed."""
    found = repository.find(session, form_id, version)
    if found is None:
        raise NotFound
    return document(request, found.xform, found.sha256, "text/xml; charset=utf-8")


@router.get("/{form_id}/{version}/lists/{name}")
def download_list(
    request: Request, _reader: Reader, session: View, form_id: str, version: str, name: str
) -> Response:
    """Give a list of a version as it stands now."""
    now = office_of(request).clock()
    found = repository.lists_as_of(session, form_id, version, now).get(name)
    if found is None:
        raise NotFound
    return document(request, found.body, found.sha256, "application/octet-stream")


def _told(draft: Draft) -> DraftTold:
    return DraftTold(
        id=draft.id,
        form_id=draft.form_id,
        version=draft.version,
        title=draft.title,
        compiles=draft.xform is not None,
        is_published=draft.published_at is not None,
        remarks=draft.remarks,
    )
