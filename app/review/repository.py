"""SQL of review: documents, versions, findings, decisions."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session

from app.auth.scope import Scope
from app.core.db import table_of
from app.core.rows import among
from app.registry.models import Unit
from app.review.models import Decision, Document, DocumentVersion, FindingRow, Status, Validation

DOCUMENT = table_of(Document)
VERSION = table_of(DocumentVersion)
FINDING = table_of(FindingRow)
VALIDATION = table_of(Validation)
DECISION = table_of(Decision)
UNIT = table_of(Unit)


def forget_documents(session: Session, lane: str, ids: Collection[str]) -> list[str]:
    """Take away documents that turned out to be versions of others; give their areas."""
    if not ids:
        return []
    gone = (
        sa.delete(DOCUMENT)
        .where(DOCUMENT.c.lane == lane, DOCUMENT.c.document_id == among(ids))
        .returning(DOCUMENT.c.area_code)
    )
    return list(session.execute(gone).scalars())


def areas_of(session: Session, lane: str, ids: Collection[str]) -> list[str]:
    """Give the areas in which documents stand now."""
    wanted = sa.select(DOCUMENT.c.area_code).where(
        DOCUMENT.c.lane == lane, DOCUMENT.c.document_id == among(ids)
    )
    return list(session.execute(wanted).scalars())


def decisions_on(session: Session, lane: str, names: Collection[str]) -> dict[str, list[Decision]]:
    """Give the decisions that name one of these documents, in order, by that name."""
    wanted = (
        sa.select(Decision)
        .where(DECISION.c.lane == lane, DECISION.c.document_id == among(names))
        .order_by(DECISION.c.position)
    )
    found: dict[str, list[Decision]] = {}
    for decision in session.execute(wanted).scalars():
        found.setdefault(decision.document_id, []).append(decision)
    return found


def document(session: Session, scope: Scope, lane: str, document_id: str) -> Document | None:
    """Give one document, where it lies in the scope."""
    wanted = sa.select(Document).where(
        DOCUMENT.c.lane == lane,
        DOCUMENT.c.document_id == document_id,
        scope.covers(DOCUMENT.c.area_code),
    )
    return session.execute(wanted).scalar_one_or_none()


def page(
    session: Session,
    scope: Scope,
    area: str,
    *,
    status: Status | None,
    with_findings: bool,
    before: tuple[str, int] | None,
    limit: int,
) -> Sequence[sa.RowMapping]:
    """Give documents of an area, newest first, in one statement; `before` is the last one seen."""
    counts = sa.func.coalesce(VALIDATION.c.error_count, 0) + sa.func.coalesce(
        VALIDATION.c.warning_count, 0
    )
    wanted = (
        sa.select(
            DOCUMENT,
            UNIT.c.business_name,
            VALIDATION.c.error_count,
            VALIDATION.c.warning_count,
        )
        .join_from(
            DOCUMENT,
            UNIT,
            sa.and_(UNIT.c.lane == DOCUMENT.c.lane, UNIT.c.unit_id == DOCUMENT.c.unit_id),
            isouter=True,
        )
        .join(
            VALIDATION,
            sa.and_(
                VALIDATION.c.lane == DOCUMENT.c.lane,
                VALIDATION.c.position == DOCUMENT.c.current_position,
            ),
            isouter=True,
        )
        .where(scope.covers(DOCUMENT.c.area_code), DOCUMENT.c.area_code.like(f"{area}%"))
        .order_by(DOCUMENT.c.lane.desc(), DOCUMENT.c.current_position.desc())
        .limit(limit)
    )
    if status is not None:
        wanted = wanted.where(DOCUMENT.c.status == status)
    if with_findings:
        wanted = wanted.where(counts > 0)
    if before is not None:
        wanted = wanted.where(
            sa.tuple_(DOCUMENT.c.lane, DOCUMENT.c.current_position)
            < sa.tuple_(sa.literal(before[0]), sa.literal(before[1]))
        )
    return session.execute(wanted).mappings().all()


def versions(session: Session, scope: Scope, shown: Document) -> Sequence[sa.RowMapping]:
    """Give the versions of a document with their counts of findings, in order."""
    if not scope.includes(shown.area_code):
        return []
    wanted = (
        sa.select(VERSION, VALIDATION.c.error_count, VALIDATION.c.warning_count)
        .join(
            VALIDATION,
            sa.and_(
                VALIDATION.c.lane == VERSION.c.lane, VALIDATION.c.position == VERSION.c.position
            ),
            isouter=True,
        )
        .where(VERSION.c.lane == shown.lane, VERSION.c.document_id == shown.document_id)
        .order_by(VERSION.c.position)
    )
    return session.execute(wanted).mappings().all()


def findings(session: Session, scope: Scope, shown: Document) -> Sequence[FindingRow]:
    """Give what was found about the current version of a document."""
    if not scope.includes(shown.area_code):
        return []
    wanted = (
        sa.select(FindingRow)
        .where(FINDING.c.lane == shown.lane, FINDING.c.position == shown.current_position)
        .order_by(FINDING.c.ordinal)
    )
    return session.execute(wanted).scalars().all()


def finding_counts(session: Session, scope: Scope, area: str) -> dict[str, int]:
    """Count the findings of current versions by rule."""
    wanted = (
        sa.select(FINDING.c.rule, sa.func.count().label("count"))
        .join(
            DOCUMENT,
            sa.and_(
                DOCUMENT.c.lane == FINDING.c.lane,
                DOCUMENT.c.current_position == FINDING.c.position,
            ),
        )
        .where(scope.covers(DOCUMENT.c.area_code), DOCUMENT.c.area_code.like(f"{area}%"))
        .group_by(FINDING.c.rule)
        .order_by(FINDING.c.rule)
    )
    return {rule: count for rule, count in session.execute(wanted)}  # noqa: C416 - rows, not pairs


def document_counts(session: Session, scope: Scope, area: str) -> dict[str, int]:
    """Count documents by status."""
    wanted = (
        sa.select(DOCUMENT.c.status, sa.func.count())
        .where(scope.covers(DOCUMENT.c.area_code), DOCUMENT.c.area_code.like(f"{area}%"))
        .group_by(DOCUMENT.c.status)
        .order_by(DOCUMENT.c.status)
    )
    return {status: count for status, count in session.execute(wanted)}  # noqa: C416 - rows


def version_counts(session: Session, scope: Scope) -> dict[tuple[str, str], int]:
    """Count documents by form and version."""
    key = (DOCUMENT.c.form_id, DOCUMENT.c.form_version)
    wanted = sa.select(*key, sa.func.count()).where(scope.covers(DOCUMENT.c.area_code))
    rows = session.execute(wanted.group_by(*key))
    return {(form_id, version): count for form_id, version, count in rows}
