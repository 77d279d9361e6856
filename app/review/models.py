"""Documents, their versions, findings and decisions, all derived from the journal."""

from datetime import datetime
from enum import StrEnum

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
