"""SQL of releases."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from app.auth.scope import Scope
from app.core.db import table_of
from app.dedup.models import GoldenRecord, UnitMembership
from app.dedup.survival import SEEN
from app.export.models import Release
from app.intake.models import ProjectorCursor
from app.registry.fold import LISTINGS
from app.review.models import Document, Status

DOCUMENT = table_of(Document)
GOLDEN = table_of(GoldenRecord)
MEMBER = table_of(UnitMembership)
RELEASE = table_of(Release)
CURSOR = table_of(ProjectorCursor)
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Approved:
    """An approved document that speaks for its business, or was merged into the one that does."""

    document_id: str
    form_id: str
    form_version: str
    area_code: str
    presence: str
    position: int
    merged_into: str | None = None  # document that speaks for it


def position_of(session: Session, lane: str) -> int:
    """Give the journal position up to which documents are known."""
    wanted = sa.select(CURSOR.c.position).where(
        CURSOR.c.lane == lane, CURSOR.c.projector == "documents"
    )
    return session.execute(wanted).scalar_one_or_none() or 0


def approved(session: Session, scope: Scope, lane: str) -> Iterator[Approved]:
    """Give one approved document for each business, ordered by document id.

    The newest of its unit; of several units that are one, that of the visit which tells what became
    of it, and beside it those that were merged. Listings, which are about no unit, are left out.
    """
    member = (MEMBER.c.lane == DOCUMENT.c.lane) & (MEMBER.c.unit_id == DOCUMENT.c.unit_id)
    golden = (GOLDEN.c.lane == MEMBER.c.lane) & (GOLDEN.c.unit_id == MEMBER.c.group_id)
    is_merged = MEMBER.c.group_id.is_not(None)
    business = sa.func.coalesce(MEMBER.c.group_id, DOCUMENT.c.unit_id)
    tells = sa.func.coalesce(GOLDEN.c.document_id == DOCUMENT.c.document_id, sa.false())
    saw = is_merged & DOCUMENT.c.presence.in_(sorted(SEEN))
    best_first = (tells.desc(), saw.desc(), DOCUMENT.c.current_position.desc())
    speaking = sa.func.first_value(DOCUMENT.c.document_id).over(
        partition_by=business, order_by=best_first
    )
    every = (
        sa.select(DOCUMENT, speaking.label("speaking"), is_merged.label("is_merged"))
        .select_from(DOCUMENT.outerjoin(MEMBER, member).outerjoin(GOLDEN, golden))
        .where(
            DOCUMENT.c.lane == lane,
            DOCUMENT.c.status == Status.APPROVED,
            DOCUMENT.c.form_id.not_in(sorted(LISTINGS)),
            scope.covers(DOCUMENT.c.area_code),
        )
        .subquery()
    )
    wanted = (
        sa.select(
            every.c.document_id,
            every.c.form_id,
            every.c.form_version,
            every.c.area_code,
            every.c.presence,
            every.c.current_position,
            sa.func.nullif(every.c.speaking, every.c.document_id),
        )
        .where(every.c.is_merged | (every.c.speaking == every.c.document_id))
        .order_by(every.c.document_id)
    )
    for row in session.execute(wanted, execution_options={"yield_per": _PAGE}):
        yield Approved(*row)


def keep(session: Session, release: Release) -> None:
    """Note a release; the same content again is the same release."""
    values = release.model_dump()
    session.execute(postgresql.insert(RELEASE).values(values).on_conflict_do_nothing())


def releases(session: Session, scope: Scope) -> list[Release]:
    """Give the releases of regencies that lie in the scope, newest first."""
    wanted = (
        sa.select(Release).where(scope.covers(RELEASE.c.lane)).order_by(RELEASE.c.created_at.desc())
    )
    return list(session.execute(wanted).scalars())


def release(session: Session, scope: Scope, digest: str) -> Release | None:
    """Give one release, where its regency lies in the scope."""
    wanted = sa.select(Release).where(RELEASE.c.digest == digest, scope.covers(RELEASE.c.lane))
    return session.execute(wanted).scalar_one_or_none()
