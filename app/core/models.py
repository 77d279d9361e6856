"""What the whole service keeps about itself."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.core.db import Moment


class Deployment(SQLModel, table=True):
    """The one row that says which life of the database this is."""

    __tablename__ = "deployment"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)

    id: int = Field(default=1, primary_key=True)
    epoch: int = Field(description="changes whenever the database is restored")
    created_at: datetime = Field(sa_type=Moment)
    office: UUID = Field(
        sa_column=sa.Column(sa.Uuid(), nullable=False, server_default=sa.text("gen_random_uuid()")),
        description="the same through all lives: a restored database is the same office",
    )
    vault: str | None = Field(default=None, description="the address, hashed, of its backup")


class OutboxNote(SQLModel, table=True):
    """A note that a lower floor leaves for a higher one: `key` changed."""

    __tablename__ = "outbox_note"
    __table_args__ = (sa.Index(None, "topic", "lane", "id"),)

    id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    )
    topic: str
    lane: str
    key: str
