"""Assignments and announcements as they stand, derived from the journal."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.core.db import Moment


class Assignment(SQLModel, table=True):
    """Who works a sub-SLS. One officer at a time: the newest entry says who."""

    __tablename__ = "assignment"
    __table_args__ = (sa.Index(None, "lane", "officer"),)

    lane: str = Field(primary_key=True)
    idsubsls: str = Field(primary_key=True)
    officer: UUID = Field(description="account of the enumerator")
    note: str
    assigned_by: str = Field(description="account id")
    assigned_at: datetime = Field(sa_type=Moment)
    position: int = Field(sa_type=sa.BigInteger, description="entry that says it")


class AssignmentHistory(SQLModel, table=True):
    """What every entry said of a sub-SLS: who worked it from when on."""

    __tablename__ = "assignment_history"
    __table_args__ = (
        sa.Index(None, "lane", "idsubsls", "position"),
        sa.Index(None, "lane", "officer"),
    )

    lane: str = Field(primary_key=True)
    position: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    idsubsls: str
    officer: UUID | None = Field(default=None, description="nobody from here on, where absent")
    note: str
    assigned_by: str = Field(description="account id")
    assigned_at: datetime = Field(sa_type=Moment)


class Announcement(SQLModel, table=True):
    """What everybody who works in an area is told, from one day until another."""

    __tablename__ = "announcement"

    lane: str = Field(primary_key=True)
    announcement_id: str = Field(primary_key=True)
    area_code: str
    title: str
    text: str
    valid_from: date = Field(description="first day, in western Indonesian time")
    valid_until: date = Field(description="last day")
    announced_by: str = Field(description="account id")
    announced_at: datetime = Field(sa_type=Moment)
    position: int = Field(sa_type=sa.BigInteger, description="entry that says it")
    is_withdrawn: bool
