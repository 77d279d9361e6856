"""Documents, their versions, findings and decisions, all derived from the journal."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.core.db import Moment


class Status(StrEnum):
    """Where a document stands, in FASIH's words."""

    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


class Document(SQLModel, table=True):
    """One questionnaire about one unit, with all its versions."""

    __tablename__ = "document"
    __table_args__ = (
        sa.Index(
            "ix_document_area",
            "lane",
            "area_code",
            postgresql_ops={"area_code": "text_pattern_ops"},
        ),
        sa.Index(None, "lane", "status"),
        sa.Index(None, "lane", "current_position"),
    )

    lane: str = Field(primary_key=True)
    document_id: str = Field(primary_key=True, description="instance id of its first version")
    form_id: str
    form_version: str
    unit_id: str
    area_code: str = Field(description="sub-SLS; the lane's code where unknown")
    status: Status = Field(sa_type=sa.String)
    presence: str = ""
    current_position: int = Field(sa_type=sa.BigInteger, description="entry of the current version")
    current_instance_id: str
    version_count: int = 1
    rival_count: int = 0
    actor: str
    received_at: datetime = Field(sa_type=Moment)
    decided_position: int | None = Field(default=None, sa_type=sa.BigInteger)


class DocumentVersion(SQLModel, table=True):
    """One submission of a document."""

    __tablename__ = "document_version"
    __table_args__ = (
        sa.Index(None, "lane", "document_id"),
        sa.Index(None, "lane", "instance_id"),
    )

    lane: str = Field(primary_key=True)
    position: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    document_id: str
    instance_id: str
    prior_instance_id: str | None = None
    is_rival: bool = False


class Validation(SQLModel, table=True):
    """That one submission was checked against its questionnaire, and what came of it."""

    __tablename__ = "validation"

    lane: str = Field(primary_key=True)
    position: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    error_count: int
    warning_count: int


class FindingRow(SQLModel, table=True):
    """One rule that one answer of one version breaks."""

    __tablename__ = "finding"
    __table_args__ = (sa.Index(None, "lane", "rule"),)

    lane: str = Field(primary_key=True)
    position: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    ordinal: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True, autoincrement=False))
    path: str
    rule: str
    severity: str
    message: str


class AssignmentWord(SQLModel, table=True):
    """What an entry said of who works a sub-SLS, as the findings read it."""

    __tablename__ = "assignment_word"
    __table_args__ = (
        sa.Index(None, "lane", "idsubsls", "position"),
        sa.Index(None, "lane", "officer", "position"),
    )

    lane: str = Field(primary_key=True)
    position: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    idsubsls: str
    officer: str = Field(description="account id; empty: nobody from here on")
    said_at: datetime = Field(sa_type=Moment)


class Decision(SQLModel, table=True):
    """What a supervisor said about one version of a document."""

    __tablename__ = "decision"
    __table_args__ = (sa.Index(None, "lane", "document_id"),)

    lane: str = Field(primary_key=True)
    position: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    document_id: str
    version_position: int = Field(sa_type=sa.BigInteger)
    verdict: str
    note: str
    actor: str
    decided_at: datetime = Field(sa_type=Moment)


class Revalidation(SQLModel, table=True):
    """That somebody asked how documents of a form stand against other rules.

    `from_version` is empty for documents of every version; the rules are those of
    `against_version`, or of the draft `draft_id`. Documents are taken in the order of their ids, up
    to `last_document` so far. `trouble` names what made it stop for good.
    """

    __tablename__ = "revalidation"
    __table_args__ = (sa.Index(None, "asked_at"),)

    id: UUID = Field(primary_key=True)
    lane: str
    form_id: str
    from_version: str
    against_version: str
    draft_id: UUID | None = None
    asked_at: datetime = Field(sa_type=Moment)
    asked_by: str
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    trouble: str = ""
    total: int
    done: int = 0
    changed: int = Field(default=0, description="documents with other findings than before")
    last_document: str = ""


class RevalidationChange(SQLModel, table=True):
    """One finding that the other rules add to a document, or take from it."""

    __tablename__ = "revalidation_change"

    revalidation_id: UUID = Field(
        primary_key=True, foreign_key="revalidation.id", ondelete="CASCADE"
    )
    document_id: str = Field(primary_key=True)
    ordinal: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True, autoincrement=False))
    appeared: bool
    path: str
    rule: str
    severity: str
    message: str
