"""Published versions of questionnaires and the lists that belong to them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.db import Moment


class State(StrEnum):
    """Where a version stands: only published ones are offered to phones."""

    PUBLISHED = "published"
    CLOSED = "closed"


class Questionnaire(SQLModel, table=True):
    """One version of one form; never changed once published."""

    __tablename__ = "questionnaire"

    form_id: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    title: str
    xform: bytes
    sha256: str
    state: State = Field(sa_type=sa.String)
    published_at: datetime = Field(sa_type=Moment)
    published_by: str
    note: str = Field(default="", description="why this version was published")
    draft_id: UUID | None = Field(default=None, description="the upload that it came from")
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_by: str = ""


class Draft(SQLModel, table=True):
    """A file that somebody uploaded, with what was found about it; tried out before it counts.

    `remarks` are JSON objects as `app.questionnaires.uploads` writes them; `xform` is absent where
    the file does not compile.
    """

    __tablename__ = "questionnaire_draft"
    __table_args__ = (sa.Index(None, "uploaded_at"),)

    id: UUID = Field(primary_key=True)
    file_name: str
    source: bytes
    form_id: str
    version: str
    title: str
    xform: bytes | None = None
    remarks: list[dict[str, Any]] = Field(sa_type=JSONB)
    uploaded_at: datetime = Field(sa_type=Moment)
    uploaded_by: str
    published_at: datetime | None = Field(default=None, sa_type=Moment)


class DraftList(SQLModel, table=True):
    """A list that was uploaded along with a draft."""

    __tablename__ = "questionnaire_draft_list"

    draft_id: UUID = Field(
        primary_key=True, foreign_key="questionnaire_draft.id", ondelete="CASCADE"
    )
    name: str = Field(primary_key=True, description="file name, such as kbli.csv")
    body: bytes


class Trial(SQLModel, table=True):
    """A test submission of a draft. It is no entry of the journal and counts nowhere."""

    __tablename__ = "questionnaire_trial"
    __table_args__ = (sa.UniqueConstraint("draft_id", "sha256"),)

    id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    )
    draft_id: UUID = Field(foreign_key="questionnaire_draft.id", ondelete="CASCADE")
    sha256: str
    body: bytes
    sent_at: datetime = Field(sa_type=Moment)
    sent_by: str


class QuestionnaireList(SQLModel, table=True):
    """A media file of a version as it stood from `since` on; older states stay for validation."""

    __tablename__ = "questionnaire_list"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["form_id", "version"], ["questionnaire.form_id", "questionnaire.version"]
        ),
    )

    form_id: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    name: str = Field(primary_key=True, description="file name, such as kbli.csv")
    since: datetime = Field(primary_key=True, sa_type=Moment)
    sha256: str
    body: bytes
