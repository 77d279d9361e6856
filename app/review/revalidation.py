"""Documents held against other rules: a newer version, a draft, or lists of today.

A person starts it and reads what would change. The documents' own findings stay as they are: a
document is bound to the version that it was collected with.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.auth.actor import Actor
from app.core.db import writing
from app.core.problems import Forbidden, NotFound
from app.intake.repository import entries_at
from app.questionnaires.drafts import draft_of, rules_of
from app.questionnaires.shelf import Shelf
from app.review import revalidation_repository as repository
from app.review.models import Revalidation
from forms.errors import FormsError
from forms.findings import Finding
from forms.instance import read_submission
from forms.lists import StaticLists
from forms.schema import Questionnaire
from forms.validate import validate

BATCH = 200  # documents of one transaction: what a killed worker does again

Key = tuple[str, str, str]


def ask(session: Session, actor: Actor, job: Revalidation) -> Revalidation:
    """Queue a revalidation for the worker.

    Raises Forbidden where its regency is not the actor's, NotFound where the rules are not here.
    """
    if not actor.scope.includes(job.lane):
        raise Forbidden(
            "Kabupaten/kota ini di luar wilayah kerja Anda.",
            "This regency lies outside your area.",
        )
    _rules(session, job)
    job.total = repository.count_documents(session, job)
    repository.add(session, job)
    return job


def report_of(session: Session, actor: Actor, job_id: UUID) -> Revalidation:
    """Give a revalidation of the actor's area. Raises NotFound."""
    found = repository.find(session, actor.scope, job_id)
    if found is None:
        raise NotFound
    return found


def advance_revalidation(engine: sa.Engine, now: datetime) -> int:
    """Judge the next batch of the oldest wish; give how many documents that was, 0 for none left.

    What cannot be judged at all is finished with its trouble, so that it holds up no other.
    """
    with writing(engine) as session:
        job = repository.next_waiting(session)
        if job is None:
            return 0
        try:
            with session.begin_nested():
                return _judge_batch(session, job, now)
        except (FormsError, NotFound) as error:
            job.trouble, job.finished_at = type(error).__name__, now
            session.add(job)
            return 1


def _judge_batch(session: Session, job: Revalidation, now: datetime) -> int:
    form, lists = _rules(session, job)
    documents = repository.documents_after(session, job, BATCH)
    positions = set(documents.values())
    bodies = entries_at(session, job.lane, positions)
    before = repository.stored_findings(session, job.lane, positions)
    for document_id, position in documents.items():
        found = _found(form, lists, bodies[position].body)
        rows = list(_changes(job, document_id, before.get(position, ()), found))
        repository.add_changes(session, rows)
        job.changed += bool(rows)
        job.last_document = document_id
    job.done += len(documents)
    if len(documents) < BATCH:
        job.finished_at = now
    session.add(job)
    return max(len(documents), 1)


def _rules(session: Session, job: Revalidation) -> tuple[Questionnaire, StaticLists]:
    """Give the rules that documents are held against, with the lists of the moment of asking."""
    if job.draft_id is not None:
        return rules_of(session, draft_of(session, job.draft_id), job.lane)
    shelf = Shelf(session)
    form = shelf.form(job.form_id, job.against_version, job.asked_at)
    if form is None:
        raise NotFound(
            "Versi yang dipilih belum terbit. Silakan pilih versi lain.",
            "The chosen version is not published. Please choose another one.",
        )
    return form, shelf.lists(job.form_id, job.against_version, job.asked_at)


def _found(form: Questionnaire, lists: StaticLists, body: bytes) -> Sequence[Finding]:
    try:
        return validate(form, read_submission(body), lists).findings
    except FormsError:
        return ()  # unreadable under any rules: nothing changes


def _key(finding: Any) -> Key:  # noqa: ANN401 - a Finding, or its stored row
    return finding.path, finding.rule, finding.severity


def _changes(
    job: Revalidation, document_id: str, before: Sequence[Any], after: Sequence[Finding]
) -> Iterator[dict[str, Any]]:
    old, new = set(map(_key, before)), set(map(_key, after))
    gone = [(False, each) for each in before if _key(each) not in new]
    come = [(True, each) for each in after if _key(each) not in old]
    for ordinal, (appeared, each) in enumerate(gone + come):
        yield {
            "revalidation_id": job.id,
            "document_id": document_id,
            "ordinal": ordinal,
            "appeared": appeared,
            "path": each.path,
            "rule": each.rule,
            "severity": each.severity,
            "message": each.message,
        }
