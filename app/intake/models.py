"""The journal, what was set aside, cursors, and the feed for devices."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.db import Moment

#: ends the name of the door by which an officer came in whose access had been revoked
REVOKED: Final = "-revoked"


class JournalEntry(SQLModel, table=True):
    """One entry of a lane; triggers refuse UPDATE, DELETE and TRUNCATE."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        sa.CheckConstraint("lane ~ '^[0-9]{4}$'", name="lane"),
        sa.CheckConstraint("position >= 1", name="position"),
        sa.UniqueConstraint("lane", "kind", "instance_id", "digest"),
        sa.Index(None, "lane", "device"),
        sa.Index(
            None,
            "lane",
            "prior_instance_id",
            postgresql_where=sa.text("prior_instance_id IS NOT NULL"),
        ),
    )

    lane: str = Field(primary_key=True)
    position: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    kind: str
    outcome: str
    instance_id: str
    form_id: str
    form_version: str
    actor: str
    device: str
    door: str
    captured_at: datetime | None = Field(default=None, sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)
    digest: str = Field(description="sha256 of body, hexadecimal")
    body: bytes
    prior_instance_id: str | None = None
    attachments: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=sa.Column(JSONB, nullable=False, server_default="[]")
    )
    previous_hash: str
    hash: str


class Quarantined(SQLModel, table=True):
    """Bytes that came as a submission and could not be read as one."""

    __tablename__ = "quarantined"

    id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    )
    received_at: datetime = Field(sa_type=Moment)
    lane: str
    actor: str
    door: str
    reason: str = Field(description="machine code of what was wrong")
    sha256: str = Field(index=True)
    body: bytes


class ReceiptTally(SQLModel, table=True):
    """How many receipts of each outcome a lane has given, since the beginning."""

    __tablename__ = "receipt_tally"

    lane: str = Field(primary_key=True)
    outcome: str = Field(primary_key=True)
    count: int = Field(sa_type=sa.BigInteger)


class ProjectorCursor(SQLModel, table=True):
    """How far one projector has read one lane."""

    __tablename__ = "projector_cursor"

    projector: str = Field(primary_key=True)
    lane: str = Field(primary_key=True)
    position: int = Field(sa_type=sa.BigInteger)


class SkippedEntry(SQLModel, table=True):
    """An entry that a projector could not take in; the journal keeps it, a rebuild tries again."""

    __tablename__ = "skipped_entry"

    projector: str = Field(primary_key=True)
    lane: str = Field(primary_key=True)
    position: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    error: str = Field(description="name of what was raised; never its message, which may quote")


class FeedChange(SQLModel, table=True):
    """The latest state of one thing that devices need; `seq` is the order of commits in a lane."""

    __tablename__ = "feed_change"
    __table_args__ = (
        sa.UniqueConstraint("lane", "seq"),
        sa.Index(
            "ix_feed_change_area",
            "lane",
            "area_code",
            postgresql_ops={"area_code": "text_pattern_ops"},
        ),
        sa.Index(None, "lane", "addressee", postgresql_where=sa.text("addressee IS NOT NULL")),
        sa.Index(
            "ix_feed_change_lane_seq_for_all",
            "lane",
            "seq",
            postgresql_where=sa.text("is_for_all"),
        ),
    )

    lane: str = Field(primary_key=True, description="empty: common to all lanes")
    kind: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    seq: int = Field(sa_type=sa.BigInteger)
    area_code: str = Field(description="who may see it: those whose scope covers this area")
    addressee: UUID | None = Field(
        default=None, description="an account that sees it wherever it works"
    )
    is_for_all: bool = Field(
        default=False,
        description="seen by all who work in the area, not only by those who cover it",
        sa_column_kwargs={"server_default": sa.false()},
    )
    payload: dict[str, Any] | None = Field(
        default=None,
        sa_column=sa.Column(JSONB(none_as_null=True), nullable=True),
        description="absent: a tombstone",
    )


class BackupMark(SQLModel, table=True):
    """Up to where the backup holds a lane, with the hash of that entry."""

    __tablename__ = "backup_mark"

    lane: str = Field(primary_key=True)
    position: int = Field(sa_type=sa.BigInteger)
    hash: str
    shipped_at: datetime = Field(sa_type=Moment)


class UnshippedFile(SQLModel, table=True):
    """A file that a shipped entry names and that had not arrived by then."""

    __tablename__ = "unshipped_file"

    lane: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
