"""Assignments and announcements as callers send and see them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field


class AssignmentIn(BaseModel):
    """Who is to work a sub-SLS; no officer: nobody."""

    idsubsls: str = Field(max_length=16)
    officer: str | None = Field(default=None, max_length=64, description="user name")
    note: str = ""


class AssignmentsIn(BaseModel):
    """What is said at one time, all of it or nothing; the id makes a retry harmless."""

    decision_id: UUID
    assignments: list[AssignmentIn] = Field(min_length=1, max_length=500)


class AssignmentOut(BaseModel):
    """Who works a sub-SLS."""

    idsubsls: str
    officer: str
    display_name: str
    note: str
    assigned_at: datetime


class AssignmentPage(BaseModel):
    """Some assignments, and the sub-SLS behind which to go on."""

    items: list[AssignmentOut]
    next_after: str | None


class AnnouncementIn(BaseModel):
    """What is to be told; the id makes a retry harmless."""

    announcement_id: UUID
    title: str
    text: str
    area: str = Field(max_length=16)
    valid_from: date
    valid_until: date


class AnnouncementOut(BaseModel):
    """What is told in an area."""

    announcement_id: str
    title: str
    text: str
    area: str
    valid_from: date
    valid_until: date
    announced_by: str
    announced_at: datetime
    is_withdrawn: bool


class Withdrawal(BaseModel):
    """That an announcement holds no longer; the id makes a retry harmless."""

    decision_id: UUID


class Said(BaseModel):
    """Where something that was said stands in the journal."""

    outcome: str
    lane: str
    position: int
