"""SQL of revalidations: what is asked, what is still to judge, what would change."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.auth.scope import Scope
from app.core.db import table_of
from app.review.models import Revalidation, RevalidationChange
from app.review.repository import DOCUMENT, FINDING, VALIDATION

JOB = table_of(Revalidation)
CHANGE = table_of(RevalidationChange)
_STREAMED = 1_000  # rows fetched at once

_OF_THE_SERVER = (
    "access",
    "area",
    "assignment",
    "clock",
    "form",
)  # rules that no questionnaire states


def add(session: Session, job: Revalidation) -> None:
    """Add a wish."""
    session.add(job)
    session.flush()


def find(session: Session, scope: Scope, job_id: UUID) -> Revalidation | None:
    """Give a revalidation whose regency lies in the scope."""
    wanted = sa.select(Revalidation).where(JOB.c.id == job_id, scope.covers(JOB.c.lane))
    return session.execute(wanted).scalar_one_or_none()


def newest(session: Session, scope: Scope, form_id: str, limit: int = 20) -> list[Revalidation]:
    """Give the newest revalidations of a form."""
    wanted = sa.select(Revalidation).where(JOB.c.form_id == form_id, scope.covers(JOB.c.lane))
    wanted = wanted.order_by(JOB.c.asked_at.desc(), JOB.c.id).limit(limit)
    return list(session.execute(wanted).scalars())


def next_waiting(session: Session) -> Revalidation | None:
    """Take the oldest that is not finished and that no other process holds at this moment.

    The row stays locked until the transaction ends: with the connection of a process that dies its
    lock goes, and another goes on where the last commit stands.
    """
    wanted = sa.select(Revalidation).where(JOB.c.finished_at.is_(None))
    wanted = wanted.order_by(JOB.c.asked_at, JOB.c.id).limit(1)
    return session.execute(wanted.with_for_update(skip_locked=True)).scalar_one_or_none()


def _meant(job: Revalidation) -> sa.ColumnElement[bool]:
    conditions = [DOCUMENT.c.lane == job.lane, DOCUMENT.c.form_id == job.form_id]
    if job.from_version:
        conditions.append(DOCUMENT.c.form_version == job.from_version)
    return sa.and_(*conditions)


_CHECKED = sa.and_(
    VALIDATION.c.lane == DOCUMENT.c.lane, VALIDATION.c.position == DOCUMENT.c.current_position
)


def count_documents(session: Session, job: Revalidation) -> int:
    """Count the documents that a revalidation is about."""
    wanted = sa.select(sa.func.count()).select_from(DOCUMENT.join(VALIDATION, _CHECKED))
    return int(session.execute(wanted.where(_meant(job))).scalar_one())


def documents_after(session: Session, job: Revalidation, limit: int) -> Mapping[str, int]:
    """Give the next documents, by id, with the position of their current version."""
    wanted = (
        sa.select(DOCUMENT.c.document_id, DOCUMENT.c.current_position)
        .join(VALIDATION, _CHECKED)
        .where(_meant(job), DOCUMENT.c.document_id > job.last_document)
        .order_by(DOCUMENT.c.document_id)
        .limit(limit)
    )
    return {row.document_id: row.current_position for row in session.execute(wanted)}


def stored_findings(
    session: Session, lane: str, positions: Collection[int]
) -> dict[int, list[sa.Row[Any]]]:
    """Give what is found by the questionnaires' own rules at these positions."""
    wanted = (
        sa.select(
            FINDING.c.position,
            FINDING.c.path,
            FINDING.c.rule,
            FINDING.c.severity,
            FINDING.c.message,
        )
        .where(
            FINDING.c.lane == lane,
            FINDING.c.position.in_(positions),
            FINDING.c.rule.not_in(_OF_THE_SERVER),
        )
        .order_by(FINDING.c.position, FINDING.c.ordinal)
    )
    found: dict[int, list[sa.Row[Any]]] = {}
    for row in session.execute(wanted):
        found.setdefault(row.position, []).append(row)
    return found


def add_changes(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add what would change."""
    if rows:
        session.execute(sa.insert(CHANGE), rows)


def summary(session: Session, job_id: UUID) -> Sequence[sa.Row[Any]]:
    """Count documents by what would change: appeared, rule, severity, question, message."""
    question = sa.func.regexp_replace(CHANGE.c.path, r"\[\d+\]", "", "g").label("question")
    documents = sa.func.count(CHANGE.c.document_id.distinct()).label("documents")
    groups = (CHANGE.c.appeared, CHANGE.c.severity, CHANGE.c.rule, question)
    wanted = (
        sa.select(*groups, sa.func.min(CHANGE.c.message).label("message"), documents)
        .where(CHANGE.c.revalidation_id == job_id)
        .group_by(*groups)
        .order_by(documents.desc(), *groups)
    )
    return session.execute(wanted).all()


def changed_documents(
    session: Session, job_id: UUID, after: str, limit: int
) -> Sequence[sa.Row[Any]]:
    """Give documents that would change, by id: document_id, appeared, disappeared."""
    appeared = sa.func.count().filter(CHANGE.c.appeared).label("appeared")
    disappeared = sa.func.count().filter(~CHANGE.c.appeared).label("disappeared")
    wanted = (
        sa.select(CHANGE.c.document_id, appeared, disappeared)
        .where(CHANGE.c.revalidation_id == job_id, CHANGE.c.document_id > after)
        .group_by(CHANGE.c.document_id)
        .order_by(CHANGE.c.document_id)
        .limit(limit)
    )
    return session.execute(wanted).all()


def all_changes(session: Session, job_id: UUID) -> Iterator[sa.Row[Any]]:
    """Give every change in the order of documents, streamed."""
    wanted = (
        sa.select(
            CHANGE.c.document_id,
            CHANGE.c.appeared,
            CHANGE.c.severity,
            CHANGE.c.rule,
            CHANGE.c.path,
            CHANGE.c.message,
        )
        .where(CHANGE.c.revalidation_id == job_id)
        .order_by(CHANGE.c.document_id, CHANGE.c.ordinal)
    )
    yield from session.execute(wanted, execution_options={"yield_per": _STREAMED})
