"""What the prelist and the field say of each unit, what follows, and candidates for duplicates.

Every table is derived from the journal by `app.registry.projector`.
"""

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

_BY_PREFIX = "text_pattern_ops"  # area codes are looked up by their beginning


class PrelistUnit(SQLModel, table=True):
    """What the newest prelist entry says of a unit."""

    __tablename__ = "prelist_unit"
    __table_args__ = (
        sa.Index(
            "ix_prelist_unit_area", "lane", "idsubsls", postgresql_ops={"idsubsls": _BY_PREFIX}
        ),
    )

    lane: str = Field(primary_key=True)
    unit_id: str = Field(primary_key=True)
    position: int = Field(sa_type=sa.BigInteger, description="entry that says it")
    instance_id: str = Field(description="of that entry: the next one follows it")
    digest: str = Field(description="sha256 of that entry's body")
    idsbr: str = Field(description="number in the Statistical Business Register; empty: none")
    idsubsls: str
    business_name: str
    owner_name: str
    address: str
    kbli: str
    phone: str
    nib: str


class UnitReport(SQLModel, table=True):
    """What the current version of a document says of a unit."""

    __tablename__ = "unit_report"
    __table_args__ = (sa.Index(None, "lane", "unit_id", "position"),)

    lane: str = Field(primary_key=True)
    document_id: str = Field(primary_key=True)
    position: int = Field(sa_type=sa.BigInteger, description="entry of the current version")
    unit_id: str = Field(description="as named; the document's id for what is new")
    claimed_id: str = Field(description="unit id as answered, also where it did not count")
    form_id: str
    presence: str | None = Field(description="00 1 2 3 4 9; absent: no such answer")
    area_code: str | None = Field(
        description="sub-SLS; the lane's code for one outside the lane; absent: no such answer"
    )
    business_name: str
    owner_name: str
    address: str
    kbli: str
    mobile: str
    nib: str
    owner_key: str = Field(description="digest of the owner's NIK; empty: none that counts")
    latitude: float | None = Field(description="degrees, WGS 84")
    longitude: float | None = Field(description="degrees, WGS 84")
    accuracy: float | None = Field(description="metres")


class Unit(SQLModel, table=True):
    """One business unit: the prelist's word, overlaid by the newest report."""

    __tablename__ = "unit"
    __table_args__ = (
        sa.Index("ix_unit_area", "lane", "area_code", postgresql_ops={"area_code": _BY_PREFIX}),
        sa.Index(None, "lane", "prelist_area_code"),
        sa.Index(None, "lane", "document_id"),
    )

    lane: str = Field(primary_key=True)
    unit_id: str = Field(primary_key=True, description="IDSBR, or the document's id if new")
    origin: str = Field(description="prelist or field")
    area_code: str = Field(description="sub-SLS; the lane's code where unknown")
    prelist_area_code: str | None = Field(default=None, description="sub-SLS of the prelist")
    presence: str | None = Field(default=None, description="00 1 2 3 4 9; absent: not visited")
    business_name: str = ""
    owner_name: str = ""
    address: str = ""
    kbli: str = ""
    latitude: float | None = Field(default=None, description="degrees, WGS 84")
    longitude: float | None = Field(default=None, description="degrees, WGS 84")
    document_id: str | None = Field(default=None, description="the document that speaks of it")
    report_count: int = Field(default=0, description="documents that speak of it")
    updated_position: int = Field(
        sa_type=sa.BigInteger, description="the newest entry that it is derived from"
    )


class UnitKey(SQLModel, table=True):
    """An exact key by which units are held against each other."""

    __tablename__ = "unit_key"
    __table_args__ = (sa.Index(None, "lane", "kind", "digest"),)

    lane: str = Field(primary_key=True)
    unit_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True, description="nib, nik+name, mobile+name, name+sls, idsbr")
    digest: str = Field(description="sha256 of lane, kind and value: no NIK lies about in clear")


class Candidate(SQLModel, table=True):
    """A pair of units that share an exact key: perhaps one business. left_id < right_id."""

    __tablename__ = "candidate"
    __table_args__ = (
        sa.CheckConstraint('left_id < right_id COLLATE "C"', name="ordered"),
        sa.Index(None, "lane", "right_id"),
    )

    lane: str = Field(primary_key=True)
    left_id: str = Field(primary_key=True)
    right_id: str = Field(primary_key=True)
    reasons: str = Field(description="kinds of the keys they share, sorted, joined by space")
