"""The region tree: current areas, their history, their boundaries."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.db import Moment


class AreaVersion(SQLModel, table=True):
    """One import of the region tree."""

    __tablename__ = "area_version"

    id: int | None = Field(
        default=None, sa_column=sa.Column(sa.Integer, sa.Identity(), primary_key=True)
    )
    label: str
    source_digest: str = Field(description="sha256 of the file that was imported")
    imported_at: datetime = Field(sa_type=Moment)
    imported_by: str


class Area(SQLModel, table=True):
    """A node of the region tree as it stands now; retired ones keep their row."""

    __tablename__ = "area"
    __table_args__ = (
        sa.CheckConstraint("code ~ '^[0-9]+$'", name="digits"),
        sa.CheckConstraint("length(code) IN (2, 4, 7, 10, 14, 16)", name="level"),
        sa.Index("ix_area_code_prefix", "code", postgresql_ops={"code": "text_pattern_ops"}),
    )

    code: str = Field(primary_key=True, description="BPS code: 2, 4, 7, 10, 14 or 16 digits")
    name: str
    parent_code: str | None = Field(default=None, foreign_key="area.code", index=True)
    kemendagri_code: str | None = Field(default=None, unique=True)
    kemendagri_name: str | None = None
    postal_code: str | None = None
    latitude: float | None = Field(default=None, description="centroid, degrees, WGS 84")
    longitude: float | None = Field(default=None, description="centroid, degrees, WGS 84")
    area_km2: float | None = None
    expected_load: int | None = Field(default=None, description="muatan: units expected")
    since_version: int = Field(foreign_key="area_version.id")
    until_version: int | None = Field(
        default=None, foreign_key="area_version.id", description="the import that retired it"
    )


class AreaRevision(SQLModel, table=True):
    """What one import said of one area; rows are only added."""

    __tablename__ = "area_revision"

    code: str = Field(primary_key=True, foreign_key="area.code")
    version_id: int = Field(primary_key=True, foreign_key="area_version.id")
    content: dict[str, Any] = Field(sa_column=sa.Column(JSONB, nullable=False))


class Boundary(SQLModel, table=True):
    """The outline of an area, as an office imported it."""

    __tablename__ = "boundary"

    code: str = Field(primary_key=True, foreign_key="area.code")
    geometry: dict[str, Any] = Field(
        sa_column=sa.Column(JSONB, nullable=False), description="GeoJSON geometry, WGS 84"
    )
    source: str
    imported_at: datetime = Field(sa_type=Moment)
