"""Published versions of questionnaires and the lists that belong to them."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
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
