"""SQL for uploaded questionnaires and their test submissions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from app.core.db import table_of
from app.questionnaires.models import Draft, DraftList, Trial

DRAFT = table_of(Draft)
LIST = table_of(DraftList)
TRIAL = table_of(Trial)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """An upload as the list of drafts shows it."""

    id: UUID
    file_name: str
    form_id: str
    version: str
    title: str
    uploaded_at: datetime
    uploaded_by: str
    compiles: bool
    remarks: list[dict[str, Any]]


def add(session: Session, row: Draft | DraftList | Trial) -> None:
    """Add an upload or one of its lists."""
    session.add(row)
    session.flush()


def find(session: Session, draft_id: UUID) -> Draft | None:
    """Give an upload."""
    return session.get(Draft, draft_id)


def locked(session: Session, draft_id: UUID) -> Draft | None:
    """Give an upload, held against others until the transaction ends."""
    return session.get(Draft, draft_id, with_for_update=True)


def unpublished(session: Session, limit: int = 100) -> list[DraftLine]:
    """Give the newest uploads that are not published."""
    wanted = (
        sa.select(
            DRAFT.c.id,
            DRAFT.c.file_name,
            DRAFT.c.form_id,
            DRAFT.c.version,
            DRAFT.c.title,
            DRAFT.c.uploaded_at,
            DRAFT.c.uploaded_by,
            DRAFT.c.xform.is_not(None),
            DRAFT.c.remarks,
        )
        .where(DRAFT.c.published_at.is_(None))
        .order_by(DRAFT.c.uploaded_at.desc(), DRAFT.c.id)
        .limit(limit)
    )
    return [DraftLine(*row) for row in session.execute(wanted)]


def remove(session: Session, draft_id: UUID) -> None:
    """Delete an upload with its lists and test submissions."""
    session.execute(sa.delete(DRAFT).where(DRAFT.c.id == draft_id))


def lists(session: Session, draft_id: UUID) -> dict[str, bytes]:
    """Give the lists that were uploaded along, by file name."""
    wanted = sa.select(LIST.c.name, LIST.c.body).where(LIST.c.draft_id == draft_id)
    return {row.name: row.body for row in session.execute(wanted.order_by(LIST.c.name))}


def add_trial(session: Session, draft_id: UUID, **values: Any) -> bool:  # noqa: ANN401 - columns
    """Keep a test submission; False where the same bytes are kept already."""
    adding = (
        postgresql.insert(TRIAL)
        .values(draft_id=draft_id, **values)
        .on_conflict_do_nothing()
        .returning(TRIAL.c.id)
    )
    return session.execute(adding).first() is not None


def trials(session: Session, draft_id: UUID, limit: int) -> list[Trial]:
    """Give the newest test submissions of a draft."""
    wanted = sa.select(Trial).where(TRIAL.c.draft_id == draft_id)
    return list(session.execute(wanted.order_by(TRIAL.c.id.desc()).limit(limit)).scalars())


def trial_count(session: Session, draft_id: UUID) -> int:
    """Give how many test submissions a draft has."""
    wanted = sa.select(sa.func.count()).where(TRIAL.c.draft_id == draft_id)
    return int(session.execute(wanted).scalar_one())
