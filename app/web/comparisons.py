"""Two versions of a questionnaire side by side."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from app.auth.actor import Actor, require
from app.core.db import View
from app.core.problems import NotFound, language_of
from app.questionnaires import drafts, repository
from app.questionnaires.errors import NotPublishable
from app.questionnaires.routes import MANAGERS, READERS
from app.questionnaires.shelf import tree_of
from app.web.codebook import TYPES
from app.web.differences import marked
from app.web.pages import page
from app.web.telling import RULES, Telling
from forms.compare import compare
from forms.schema import Questionnaire

router = APIRouter(prefix="/kuesioner")

Manager = Annotated[Actor, Depends(require(*MANAGERS))]
Reader = Annotated[Actor, Depends(require(*READERS))]


@router.get("/draf/{draft_id}/banding/{version}")
def compare_draft(
    request: Request, session: View, actor: Manager, draft_id: UUID, version: str
) -> Response:
    """Show what a draft changes of a published version."""
    draft = drafts.draft_of(session, draft_id)
    tree = drafts.tree_of_draft(draft)
    if tree is None:
        raise NotPublishable
    before = _published(session, draft.form_id, version)
    home = f"/kuesioner/draf/{draft_id}"
    return _comparison(request, actor, before, tree, home)


@router.get("/{form_id}/{version}/banding/{other}")
def compare_versions(  # noqa: PLR0917 - path and dependencies
    request: Request, session: View, actor: Reader, form_id: str, version: str, other: str
) -> Response:
    """Show what the later of two published versions changes of the earlier."""
    lines = {each.version: each for each in repository.versions(session) if each.form_id == form_id}
    if version not in lines or other not in lines:
        raise NotFound
    early, late = sorted((version, other), key=lambda each: lines[each].published_at)
    home = f"/kuesioner/{quote(form_id, safe='')}/{quote(version, safe='')}"
    trees = _published(session, form_id, early), _published(session, form_id, late)
    return _comparison(request, actor, *trees, home)


def _published(session: Session, form_id: str, version: str) -> Questionnaire:
    form = repository.find(session, form_id, version)
    if form is None:
        raise NotFound
    return tree_of(form.xform)


def _comparison(
    request: Request, actor: Actor, before: Questionnaire, after: Questionnaire, home: str
) -> Response:
    language = language_of(request)
    new_rules = Telling.of(after, language)
    return page(
        request,
        "comparison.html",
        actor,
        before=before,
        after=after,
        found=compare(before, after),
        marked=marked,
        old_rules=Telling.of(before, language),
        new_rules=new_rules,
        telling=new_rules,
        rules=RULES,
        types=TYPES,
        home=home,
    )
