"""SQL for published questionnaires and their lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from app.core.db import table_of
from app.questionnaires.models import Questionnaire, QuestionnaireList, State


@dataclass(frozen=True, slots=True)
class ListState:
    """A list as it stood from `since` on."""

    name: str
    since: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version as lists of versions show it."""

    form_id: str
    version: str
    title: str
    state: State
    published_at: datetime
    published_by: str
    note: str
    closed_at: datetime | None
    draft_id: UUID | None
    sha256: str


FORM = table_of(Questionnaire)
LIST = table_of(QuestionnaireList)


def find(session: Session, form_id: str, version: str) -> Questionnaire | None:
    """Give one version of a form."""
    return session.get(Questionnaire, (form_id, version))


def newest(session: Session, form_id: str) -> Questionnaire | None:
    """Give the newest published version of a form."""
    wanted = (
        sa.select(Questionnaire)
        .where(FORM.c.form_id == form_id, FORM.c.state == State.PUBLISHED)
        .order_by(FORM.c.published_at.desc())
        .limit(1)
    )
    return session.execute(wanted).scalar_one_or_none()


def offered(session: Session) -> list[Questionnaire]:
    """Give the newest published version of every form."""
    wanted = (
        sa.select(Questionnaire)
        .where(FORM.c.state == State.PUBLISHED)
        .ext(postgresql.distinct_on(FORM.c.form_id))
        .order_by(FORM.c.form_id, FORM.c.published_at.desc())
    )
    return list(session.execute(wanted).scalars())


def published(session: Session) -> list[Questionnaire]:
    """Give every published version of every form, newest first within its form."""
    wanted = (
        sa.select(Questionnaire)
        .where(FORM.c.state == State.PUBLISHED)
        .order_by(FORM.c.form_id, FORM.c.published_at.desc())
    )
    return list(session.execute(wanted).scalars())


def list_names(session: Session, form_id: str, version: str) -> dict[str, str]:
    """Give the sha256 of the present state of every list of a version, by file name."""
    wanted = (
        sa.select(LIST.c.name, LIST.c.sha256)
        .where(LIST.c.form_id == form_id, LIST.c.version == version)
        .ext(postgresql.distinct_on(LIST.c.name))
        .order_by(LIST.c.name, LIST.c.since.desc())
    )
    return {row.name: row.sha256 for row in session.execute(wanted)}


def lists_as_of(
    session: Session, form_id: str, version: str, moment: datetime
) -> Mapping[str, QuestionnaireList]:
    """Give the lists of a version as they stood at a moment; the first state where none did."""
    before = (LIST.c.since <= moment).label("before")
    wanted = (
        sa.select(QuestionnaireList)
        .where(LIST.c.form_id == form_id, LIST.c.version == version)
        .ext(postgresql.distinct_on(LIST.c.name))
        .order_by(
            LIST.c.name,
            before.desc(),
            sa.case((LIST.c.since <= moment, LIST.c.since)).desc().nulls_last(),
            LIST.c.since,
        )
    )
    return {found.name: found for found in session.execute(wanted).scalars()}


def list_states(session: Session, form_id: str, version: str) -> list[ListState]:
    """Give every state that every list of a version has had, oldest first, without the rows."""
    wanted = (
        sa.select(LIST.c.name, LIST.c.since, LIST.c.sha256)
        .where(LIST.c.form_id == form_id, LIST.c.version == version)
        .order_by(LIST.c.since)
    )
    return [ListState(*row) for row in session.execute(wanted)]


def list_body(session: Session, form_id: str, version: str, state: ListState) -> bytes:
    """Give the rows of a list as they stood in one state."""
    key = (form_id, version, state.name, state.since)
    return session.get_one(QuestionnaireList, key).body


def add(session: Session, row: Questionnaire | QuestionnaireList) -> None:
    """Add a version or a state of a list."""
    session.add(row)
    session.flush()


def versions(session: Session) -> list[VersionLine]:
    """Give every version of every form, newest first within its form, without its XForm."""
    wanted = sa.select(
        FORM.c.form_id,
        FORM.c.version,
        FORM.c.title,
        FORM.c.state,
        FORM.c.published_at,
        FORM.c.published_by,
        FORM.c.note,
        FORM.c.closed_at,
        FORM.c.draft_id,
        FORM.c.sha256,
    ).order_by(FORM.c.form_id, FORM.c.published_at.desc())
    return [VersionLine(*row) for row in session.execute(wanted)]


def close(session: Session, form_id: str, version: str, *, actor: str, now: datetime) -> bool:
    """Close a published version; False where there is no such version or it is closed already."""
    closing = (
        sa.update(FORM)
        .where(
            FORM.c.form_id == form_id, FORM.c.version == version, FORM.c.state == State.PUBLISHED
        )
        .values(state=State.CLOSED, closed_at=now, closed_by=actor)
        .returning(FORM.c.form_id)
    )
    return session.execute(closing).first() is not None
