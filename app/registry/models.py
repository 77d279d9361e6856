"""Units and candidates for duplicates, both derived from the journal."""

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Unit(SQLModel, table=True):
    """One business unit as the journal has it up to `updated_position`."""

    __tablename__ = "unit"
    __table_args__ = (
        sa.Index(
            "ix_unit_area", "lane", "area_code", postgresql_ops={"area_code": "text_pattern_ops"}
        ),
        sa.Index(None, "lane", "document_id"),
    )

    lane: str = Field(primary_key=True)
    unit_id: str = Field(primary_key=True, description="IDSBR, or the root instance id if new")
    origin: str = Field(description="prelist or field")
    area_code: str = Field(description="sub-SLS; the lane's code where unknown")
    prelist_area_code: str | None = Field(default=None, description="sub-SLS of the prelist")
    presence: str | None = Field(default=None, description="00 1 2 3 4 9; absent: not visited")
    business_name: str = ""
    owner_name: str = ""
    address: str = ""
    kbli: str = ""
    document_id: str | None = Field(default=None, description="the document that speaks of it")
    prelist_digest: str | None = None
    updated_position: int = Field(sa_type=sa.BigInteger)


class UnitKey(SQLModel, table=True):
    """An exact key by which units are held against each other."""

    __tablename__ = "unit_key"
    __table_args__ = (sa.Index(None, "lane", "kind", "digest"),)

    lane: str = Field(primary_key=True)
    unit_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True, description="nib, owner_nik, mobile+name, name+sls …")
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
