"""Drafts of questionnaires: uploaded, tried out, published or thrown away.

A test submission is kept beside its draft and nowhere else: it is no entry of the journal, so no
count, registry or release can ever meet it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlmodel import Session

from app.core.problems import NotFound
from app.questionnaires import draft_repository as repository
from app.questionnaires import repository as published
from app.questionnaires.errors import DraftPublished, NotPublishable, NotRaised, TooLarge
from app.questionnaires.models import Draft, DraftList, Trial
from app.questionnaires.service import Publication, area_lists, audit, publish
from app.questionnaires.shelf import tables_of, tree_of
from app.questionnaires.uploads import read_upload
from forms.compile import Compiled
from forms.errors import FormsError
from forms.findings import Report
from forms.instance import read_submission
from forms.lint import is_higher
from forms.lists import StaticLists
from forms.schema import Questionnaire
from forms.validate import validate

TRIALS_SHOWN = 50
MAX_BYTES = 24_000_000  # of a questionnaire with its lists
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody sent: a questionnaire, and lists by file name that it needs."""

    file_name: str
    body: bytes
    lists: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Judged:
    """A test submission and what was found; no report where it cannot be read."""

    trial: Trial
    report: Report | None


def bare_name(told: str | None) -> str:
    """Give the name of an uploaded file without the folders that a browser may tell."""
    bare = (told or "").replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in bare if each.isprintable())[:_LONGEST_NAME] or "file"


def take_up(
    session: Session, draft_id: UUID, upload: Upload, lane: str, *, actor: str, now: datetime
) -> Draft:
    """Keep an upload as a draft, whatever is wrong with it; what is wrong stands in its remarks.

    Raises TooLarge.
    """
    if len(upload.body) + sum(map(len, upload.lists.values())) > MAX_BYTES:
        raise TooLarge(MAX_BYTES)
    supplied = area_lists(session, lane)
    lists = {**supplied, **upload.lists}
    found = read_upload(upload.file_name, upload.body, lists, lambda made: _before(session, made))
    draft = Draft(
        id=draft_id,
        file_name=upload.file_name,
        source=upload.body,
        form_id=found.form_id,
        version=found.version,
        title=found.title,
        xform=found.xform,
        remarks=list(found.remarks),
        uploaded_at=now,
        uploaded_by=actor,
    )
    repository.add(session, draft)
    for name, body in found.media.items():
        if name not in supplied:  # the office's own areas are taken afresh when it is published
            repository.add(session, DraftList(draft_id=draft_id, name=name, body=body))
    audit(session, actor, "questionnaire.upload", str(draft_id), version=draft.version, now=now)
    return draft


def draft_of(session: Session, draft_id: UUID) -> Draft:
    """Give a draft. Raises NotFound."""
    found = repository.find(session, draft_id)
    if found is None:
        raise NotFound
    return found


def discard(session: Session, draft_id: UUID, *, actor: str, now: datetime) -> None:
    """Delete a draft with its test submissions. Raises DraftPublished, NotFound."""
    draft = _unpublished(session, draft_id)
    repository.remove(session, draft_id)
    audit(session, actor, "questionnaire.discard", str(draft_id), version=draft.version, now=now)


def publish_draft(
    session: Session, draft_id: UUID, lane: str, *, note: str, actor: str, now: datetime
) -> Publication:
    """Publish a draft: phones are offered it from now on.

    Raises NotPublishable, NotRaised, DraftPublished, VersionTaken, NotFound.
    """
    draft = _unpublished(session, draft_id)
    if draft.xform is None or has_errors(draft) or tree_of_draft(draft) is None:
        raise NotPublishable
    last = _last_version(session, draft.form_id)
    if last and last != draft.version and not is_higher(draft.version, last):
        raise NotRaised(draft.version, last)  # somebody published another draft meanwhile
    compiled = Compiled(
        form_id=draft.form_id,
        version=draft.version,
        title=draft.title,
        xform=draft.xform,
        media=media_of(session, draft, lane),
        warnings=(),
    )
    done = publish(session, compiled, actor=actor, now=now, note=note, draft_id=draft_id)
    draft.published_at = now
    session.add(draft)
    return done


def has_errors(draft: Draft) -> bool:
    """Whether a remark forbids publishing."""
    return any(remark["severity"] == "error" for remark in draft.remarks)


def tree_of_draft(draft: Draft) -> Questionnaire | None:
    """Give the tree of a draft; None where it does not compile, or the engine takes it no more."""
    try:
        return tree_of(draft.xform) if draft.xform is not None else None
    except FormsError:
        return None


def media_of(session: Session, draft: Draft, lane: str) -> dict[str, bytes]:
    """Give the lists that a draft asks for, the office's own areas in their present state."""
    asked = {
        name: body
        for name, body in area_lists(session, lane).items()
        if draft.xform is not None and f"/{name}".encode() in draft.xform
    }
    return {**asked, **repository.lists(session, draft.id)}


def rules_of(session: Session, draft: Draft, lane: str) -> tuple[Questionnaire, StaticLists]:
    """Give the tree and lists of a draft that compiles. Raises NotPublishable."""
    tree = tree_of_draft(draft)
    if tree is None:
        raise NotPublishable
    return tree, tables_of(media_of(session, draft, lane))


def try_out(session: Session, draft: Draft, body: bytes, *, actor: str, now: datetime) -> bool:
    """Keep a test submission; False where it is kept already."""
    digest = sha256(body).hexdigest()
    return repository.add_trial(
        session, draft.id, sha256=digest, body=body, sent_at=now, sent_by=actor
    )


def judged_trials(session: Session, draft: Draft, lane: str, language: str) -> Sequence[Judged]:
    """Give the newest test submissions with what the draft's rules find, newest first."""
    kept = repository.trials(session, draft.id, TRIALS_SHOWN)
    if not kept:
        return []
    tree, lists = rules_of(session, draft, lane)
    return [Judged(trial, _judge(tree, lists, trial.body, language)) for trial in kept]


def _last_version(session: Session, form_id: str) -> str:
    """Give the version of a form that was published last, open or closed; '' for none."""
    lines = [each for each in published.versions(session) if each.form_id == form_id]
    return max(lines, key=lambda each: each.published_at).version if lines else ""


def _before(session: Session, made: Compiled) -> Questionnaire | None:
    """Give the version that a draft will follow; None for the first, and for the same anew."""
    last = published.find(session, made.form_id, _last_version(session, made.form_id))
    return None if last is None or last.xform == made.xform else tree_of(last.xform)


def _judge(tree: Questionnaire, lists: StaticLists, body: bytes, language: str) -> Report | None:
    try:
        return validate(tree, read_submission(body), lists, language=language)
    except FormsError:
        return None


def _unpublished(session: Session, draft_id: UUID) -> Draft:
    draft = repository.locked(session, draft_id)
    if draft is None:
        raise NotFound
    if draft.published_at is not None:
        raise DraftPublished
    return draft
