"""The OpenRosa door of a draft: a phone fills it in as it will be, and nothing of it counts.

The address is the officer's own with `/draf/{draft}` behind it. Attachments are read and let go.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.core.db import View, reading, writing
from app.core.office import office_of
from app.core.problems import NotFound, Problem, language_of
from app.intake.entity_door import md5_of
from app.intake.multipart import Parcel, received
from app.intake.openrosa import (
    XML,
    Collector,
    answer_document,
    collector_in,
    headers_of,
    media_listings,
    memory_of,
    refused,
    unread,
)
from app.questionnaires import drafts
from app.questionnaires.models import Draft
from sync.codecs.openrosa import FormListing, form_list, manifest
from sync.codecs.openrosa import submission_response as told
from sync.errors import Unreadable

router = APIRouter(prefix="/openrosa/{token}/draf/{draft_id}", tags=["openrosa"])


def _draft(session: View, draft_id: UUID) -> Draft:
    draft = drafts.draft_of(session, draft_id)
    if draft.xform is None:
        raise NotFound(
            "Draf ini masih mempunyai galat, jadi belum dapat dicoba.",
            "This draft still has errors and cannot be tried yet.",
        )
    return draft


Tried = Annotated[Draft, Depends(_draft)]


@router.get("/formList")
def list_draft(request: Request, collector: Collector, draft: Tried) -> Response:
    """List the draft alone."""
    del collector
    listing = FormListing(
        form_id=draft.form_id,
        name=f"[DRAF] {draft.title}",
        version=draft.version,
        digest=md5_of(_body(draft)),
        download_url=_here(request, "form.xml"),
        manifest_url=_here(request, "manifest"),
    )
    return answer_document(request, form_list([listing]))


@router.get("/form.xml")
def download_draft(request: Request, collector: Collector, draft: Tried) -> Response:
    """Give the draft's XForm."""
    del collector
    return answer_document(request, _body(draft))


@router.get("/manifest")
def list_draft_media(
    request: Request, collector: Collector, session: View, draft: Tried
) -> Response:
    """List the files that the draft needs."""
    media = drafts.media_of(session, draft, collector.lane)
    names = {name: md5_of(body) for name, body in media.items()}
    return answer_document(request, manifest(media_listings(names, _here(request, "media"))))


@router.get("/media/{name}")
def download_draft_media(
    request: Request, collector: Collector, session: View, draft: Tried, name: str
) -> Response:
    """Give one file that the draft needs."""
    media = drafts.media_of(session, draft, collector.lane)
    if name not in media:
        raise NotFound
    return answer_document(request, media[name], media_type="text/csv; charset=utf-8")


@router.head("/submission")
def probe_draft(request: Request, collector: Collector, draft: Tried) -> Response:
    """Tell how much one request may carry."""
    del collector, draft
    return Response(status_code=204, headers=headers_of(request))


@router.post("/submission")
async def submit_trial(request: Request, draft_id: UUID) -> Response:
    """Keep a test submission beside its draft."""
    try:
        actor = await run_in_threadpool(_admitted, request, draft_id)
        async with received(request) as parcel, memory_of(request).holding(parcel.held):
            return await run_in_threadpool(_keep, request, actor, draft_id, parcel)
    except Problem as problem:
        return refused(request, problem)


def _admitted(request: Request, draft_id: UUID) -> str:
    """Give who sends, before anything is read; no connection is held while a slow phone uploads."""
    actor = collector_in(request).user_name
    with reading(office_of(request).engine) as session:
        _draft(session, draft_id)
    return actor


def _keep(request: Request, actor: str, draft_id: UUID, parcel: Parcel) -> Response:
    office = office_of(request)
    if parcel.held > office.settings.max_submission_mb * 1_000_000:
        return unread(request, Unreadable("too_large"))
    try:
        body = parcel.submission()
    except Unreadable as fault:
        return unread(request, fault)
    with writing(office.engine) as session:
        draft = _draft(session, draft_id)
        drafts.try_out(session, draft, body, actor=actor, now=office.clock())
    english = language_of(request) == "en"
    thanks = "Kept as a test; it counts nowhere." if english else "Tersimpan sebagai kiriman coba."
    return Response(told(thanks), 201, media_type=XML, headers=headers_of(request))


def _body(draft: Draft) -> bytes:
    assert draft.xform is not None  # _draft lets no other through
    return draft.xform


def _here(request: Request, path: str) -> str:
    token, draft_id = request.path_params["token"], request.path_params["draft_id"]
    return f"{str(request.base_url).rstrip('/')}/openrosa/{token}/draf/{draft_id}/{path}"
