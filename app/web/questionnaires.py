"""Questionnaires: versions, uploads, drafts to try out, publishing and closing."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, UploadFile
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.auth.actor import Actor, require
from app.core.db import Tx, View
from app.core.ids import new_id
from app.core.office import office_of
from app.core.problems import Conflict, Invalid, NotFound, language_of
from app.questionnaires import draft_repository, drafts, repository, service
from app.questionnaires.drafts import Upload, bare_name
from app.questionnaires.errors import NotPublishable
from app.questionnaires.models import Draft
from app.questionnaires.routes import MANAGERS, READERS
from app.questionnaires.shelf import tree_of
from app.review import repository as documents
from app.review import revalidation_repository as revalidations
from app.web.codebook import TYPES
from app.web.pages import page
from app.web.telling import Telling

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

router = APIRouter(prefix="/kuesioner")

Manager = Annotated[Actor, Depends(require(*MANAGERS))]
Reader = Annotated[Actor, Depends(require(*READERS))]


@router.get("")
def list_questionnaires(request: Request, session: View, actor: Reader) -> Response:
    """Show every version of every form, the drafts, and where to upload."""
    return _list_page(request, session, actor)


@router.post("/unggah")
def upload(
    request: Request,
    session: Tx,
    actor: Manager,
    berkas: Annotated[UploadFile | None, File()] = None,
    daftar: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Keep an uploaded questionnaire as a draft and show what was found about it."""
    if berkas is None or not berkas.filename:
        problem = Invalid(
            "Pilih dahulu berkas kuesionernya.", "Please choose the questionnaire's file first."
        )
        return _list_page(request, session, actor, problem=problem, status=422)
    lists = {bare_name(each.filename): each.file.read() for each in daftar or () if each.filename}
    sent = Upload(bare_name(berkas.filename), berkas.file.read(), lists)
    office = office_of(request)
    lane, name, now = office.settings.regency, actor.user_name, office.clock()
    try:
        draft = drafts.take_up(session, new_id(), sent, lane, actor=name, now=now)
    except Invalid as problem:
        return _list_page(request, session, actor, problem=problem, status=problem.status)
    return RedirectResponse(f"/kuesioner/draf/{draft.id}", status_code=303)


@router.get("/draf/{draft_id}")
def show_draft(request: Request, session: View, actor: Manager, draft_id: UUID) -> Response:
    """Show a draft: what is wrong with it, what it asks, its test submissions."""
    return _draft_page(request, session, actor, drafts.draft_of(session, draft_id))


@router.get("/draf/{draft_id}/berkas")
def download_source(session: View, _actor: Manager, draft_id: UUID) -> Response:
    """Give the uploaded file back."""
    draft = drafts.draft_of(session, draft_id)
    kind = XLSX if draft.file_name.endswith(".xlsx") else "text/plain; charset=utf-8"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(draft.file_name)}"}
    return Response(draft.source, media_type=kind, headers=headers)


@router.post("/draf/{draft_id}/coba")
def try_out(
    request: Request,
    session: Tx,
    actor: Manager,
    draft_id: UUID,
    kiriman: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep a test submission beside the draft; it counts nowhere."""
    draft = drafts.draft_of(session, draft_id)
    body = kiriman.file.read() if kiriman is not None else b""
    if not body:
        problem = Invalid("Pilih dahulu berkas XML-nya.", "Please choose the XML file first.")
        return _draft_page(request, session, actor, draft, problem=problem, status=422)
    drafts.try_out(session, draft, body, actor=actor.user_name, now=office_of(request).clock())
    return RedirectResponse(f"/kuesioner/draf/{draft_id}#coba", status_code=303)


@router.post("/draf/{draft_id}/terbitkan")
def publish(
    request: Request,
    session: Tx,
    actor: Manager,
    draft_id: UUID,
    catatan: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Publish a draft, or say on its page why it cannot be."""
    office = office_of(request)
    try:
        done = drafts.publish_draft(
            session,
            draft_id,
            office.settings.regency,
            note=catatan.strip(),
            actor=actor.user_name,
            now=office.clock(),
        )
    except (Conflict, Invalid) as problem:
        draft = drafts.draft_of(session, draft_id)
        return _draft_page(request, session, actor, draft, problem=problem, status=problem.status)
    return RedirectResponse(_home(done.form_id, done.version), status_code=303)


@router.post("/draf/{draft_id}/hapus")
def discard(request: Request, session: Tx, actor: Manager, draft_id: UUID) -> Response:
    """Throw a draft away, with its test submissions."""
    drafts.discard(session, draft_id, actor=actor.user_name, now=office_of(request).clock())
    return RedirectResponse("/kuesioner", status_code=303)


@router.get("/{form_id}/{version}")
def show_version(
    request: Request, session: View, actor: Reader, form_id: str, version: str
) -> Response:
    """Show one version: what it asks by which rules, its documents, what may be done with it."""
    form = repository.find(session, form_id, version)
    if form is None:
        raise NotFound
    lines = [each for each in repository.versions(session) if each.form_id == form_id]
    others = [each for each in lines if each.version != version]
    tree = tree_of(form.xform)
    return page(
        request,
        "questionnaire.html",
        actor,
        form=form,
        tree=tree,
        telling=Telling.of(tree, language_of(request)),
        types=TYPES,
        others=others,
        next_offered=next((each for each in others if each.state == "published"), None),
        document_count=documents.version_counts(session, actor.scope).get((form_id, version), 0),
        revalidations=revalidations.newest(session, actor.scope, form_id),
        lists=sorted(repository.list_names(session, form_id, version)),
        may_manage=actor.role in MANAGERS,
    )


@router.post("/{form_id}/{version}/tutup")
def close(request: Request, session: Tx, actor: Manager, form_id: str, version: str) -> Response:
    """Offer a version to phones no longer."""
    now = office_of(request).clock()
    service.close(session, form_id, version, actor=actor.user_name, now=now)
    return RedirectResponse(_home(form_id, version), status_code=303)


def _home(form_id: str, version: str) -> str:
    return f"/kuesioner/{quote(form_id, safe='')}/{quote(version, safe='')}"


def _list_page(
    request: Request,
    session: Session,
    actor: Actor,
    *,
    problem: Invalid | None = None,
    status: int = 200,
) -> Response:
    may_manage = actor.role in MANAGERS
    return page(
        request,
        "questionnaires.html",
        actor,
        status=status,
        versions=repository.versions(session),
        counts=documents.version_counts(session, actor.scope),
        drafts=draft_repository.unpublished(session) if may_manage else [],
        may_manage=may_manage,
        problem=problem.told(language_of(request)) if problem else None,
    )


def _draft_page(
    request: Request,
    session: Session,
    actor: Actor,
    draft: Draft,
    *,
    problem: Invalid | Conflict | None = None,
    status: int = 200,
) -> Response:
    language = language_of(request)
    lane = office_of(request).settings.regency
    tree = drafts.tree_of_draft(draft)
    compiles = tree is not None
    if draft.xform is not None and not compiles:
        problem = problem or NotPublishable()  # an engine of today is stricter than that of then
    return page(
        request,
        "draft.html",
        actor,
        status=status,
        draft=draft,
        tree=tree,
        telling=Telling.of(tree, language) if tree else None,
        types=TYPES,
        can_publish=compiles and not drafts.has_errors(draft),
        lists=sorted(drafts.media_of(session, draft, lane)) if compiles else [],
        earlier=[each for each in repository.versions(session) if each.form_id == draft.form_id],
        trials=drafts.judged_trials(session, draft, lane, language) if compiles else [],
        trial_count=draft_repository.trial_count(session, draft.id),
        problem=problem.told(language) if problem else None,
        public_url=office_of(request).settings.public_url,
    )
