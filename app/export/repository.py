"""SQL of releases."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from app.auth.scope import Scope
from app.core.db import table_of
from app.export.models import Release
from app.intake.models import ProjectorCursor
from app.registry.fold import LISTINGS
from app.review.models import Document, Status

DOCUMENT = table_of(Document)
RELEASE = table_of(Release)
CURSOR = table_of(ProjectorCursor)
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Approved:
    """An approved document that speaks for its unit."""

    document_id: str
    form_id: str
    form_version: str
    area_code: str
    presence: str
    position: int


def position_of(session: Session, lane: str) -> int:
    """Give the journal position up to which documents are known."""
    wanted = sa.select(CURSOR.c.position).where(
        CURSOR.c.lane == lane, CURSOR.c.projector == "documents"
    )
    return session.execute(wanted).scalar_one_or_none() or 0


def approved(session: Session, scope: Scope, lane: str) -> Iterator[Approved]:
    """Give one approved document for each unit, the newest, ordered by document id.

    Listings, which are about no unit, are left out.
    """
    speaking = (
        sa.select(DOCUMENT)
        .where(
            DOCUMENT.c.lane == lane,
            DOCUMENT.c.status == Status.APPROVED,
            DOCUMENT.c.form_id.not_in(sorted(LISTINGS)),
            scope.covers(DOCUMENT.c.area_code),
        )
        .ext(postgresql.distinct_on(DOCUMENT.c.unit_id))
        .order_by(DOCUMENT.c.unit_id, DOCUMENT.c.current_position.desc())
        .subquery()
    )
    wanted = sa.select(
        speaking.c.document_id,
        speaking.c.form_id,
        speaking.c.form_version,
        speaking.c.area_code,
        speaking.c.presence,
        speaking.c.current_position,
    ).order_by(speaking.c.document_id)
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
