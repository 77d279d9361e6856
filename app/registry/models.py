"""What the prelist and the field say of each unit, and what follows.

Beside it the lists of entities that phones keep.

Every table is derived from the journal, by `app.registry.projector` and `entity_projector`.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
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
    __table_args__ = (
        sa.Index(None, "lane", "unit_id", "position"),
        sa.Index(None, "lane", "position"),
        sa.Index(None, "lane", "duplicate_of", postgresql_where=sa.text("duplicate_of <> ''")),
    )

    lane: str = Field(primary_key=True)
    document_id: str = Field(primary_key=True)
    position: int = Field(sa_type=sa.BigInteger, description="entry of the current version")
    unit_id: str = Field(description="as named; the document's id for what is new")
    claimed_id: str = Field(description="unit id as answered, also where it did not count")
    form_id: str
    presence: str | None = Field(description="00 1 2 3 4 9; absent: no such answer")
    duplicate_of: str = Field(
        default="",
        description="the unit that this one is called a duplicate of; empty: none is named",
        sa_column_kwargs={"server_default": ""},
    )
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


def _fields() -> sa.Column[dict[str, str]]:
    return sa.Column(JSONB, nullable=False)


class Entity(SQLModel, table=True):
    """One entity as it stands; a phone is told `epoch * 1000000 + number` as its version."""

    __tablename__ = "entity"
    __table_args__ = (
        sa.Index(
            "ix_entity_area",
            "lane",
            "dataset",
            "area_code",
            postgresql_ops={"area_code": "text_pattern_ops"},
        ),
        sa.Index(
            "ix_entity_open",
            "lane",
            "dataset",
            "entity_id",
            postgresql_where=sa.text("held_count > 0 OR conflict_count > 0"),
        ),
    )

    lane: str = Field(primary_key=True)
    dataset: str = Field(primary_key=True, description="name of the list")
    entity_id: str = Field(primary_key=True)
    number: int = Field(description="of versions; 0: all that was said of it is held")
    label: str
    fields: dict[str, str] = Field(sa_column=_fields())
    area_code: str = Field(description="sub-SLS; the lane's code where unknown")
    is_deleted: bool
    held_count: int = Field(description="words that wait for what they build on")
    conflict_count: int
    updated_position: int = Field(sa_type=sa.BigInteger)


class EntityVersion(SQLModel, table=True):
    """What one entry said of an entity, and the version that it became."""

    __tablename__ = "entity_version"
    __table_args__ = (sa.Index(None, "lane", "dataset", "entity_id"),)

    lane: str = Field(primary_key=True)
    position: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    ordinal: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True, autoincrement=False))
    dataset: str
    entity_id: str
    origin: str = Field(description="kind of the entry: submission, prelist or entity")
    instance_id: str
    replaces: str | None = Field(default=None, description="instance id of what it corrects")
    creates: bool
    updates: bool
    deletes: bool | None = Field(default=None, description="false: brought back")
    base: int | None = Field(default=None, sa_type=sa.BigInteger, description="version seen")
    trunk: int | None = Field(
        default=None, sa_type=sa.BigInteger, description="last version of ours that was seen"
    )
    branch: str = Field(description="what the phone calls its own versions after that")
    fields: dict[str, str] = Field(sa_column=_fields())
    forces: list[str] = Field(
        sa_column=sa.Column(JSONB, nullable=False, server_default="[]"),
        description="instance ids of held words that this one lets happen",
    )
    number: int | None = Field(default=None, description="absent: held")


class EntityConflict(SQLModel, table=True):
    """A field that two changed, neither knowing of the other; the later word stands."""

    __tablename__ = "entity_conflict"

    lane: str = Field(primary_key=True)
    dataset: str = Field(primary_key=True)
    entity_id: str = Field(primary_key=True)
    number: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True, autoincrement=False))
    field: str = Field(primary_key=True)
    base_value: str | None = Field(default=None, description="what the later one had seen")
    other_value: str = Field(description="what it had become meanwhile")
    value: str = Field(description="what stands now")
