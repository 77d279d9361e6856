"""Releases: what was written, from which journal positions."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.db import Moment


class Release(SQLModel, table=True):
    """A frozen export; the same positions give the same digest."""

    __tablename__ = "release"

    digest: str = Field(primary_key=True, description="sha256 of its checksum manifest")
    lane: str = Field(index=True)
    position: int = Field(sa_type=sa.BigInteger)
    path: str = Field(description="directory, below the data directory")
    row_counts: dict[str, Any] = Field(sa_column=sa.Column(JSONB, nullable=False))
    created_at: datetime = Field(sa_type=Moment)
    created_by: str
