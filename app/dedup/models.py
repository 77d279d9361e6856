"""What matching keeps of units, pairs of them, decisions, and the groups that follow.

Decisions, approvals, labels and their rounds are read from the journal by `app.dedup.projector`;
models of an office's own are plain rows; everything else follows from those and the registry, by
`app.dedup.keeper`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.core.db import Moment

_BY_PREFIX = "text_pattern_ops"  # area codes are looked up by their beginning


def _position(*, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(sa.BigInteger, primary_key=primary_key, nullable=False, autoincrement=False)


def _texts() -> sa.Column[list[str]]:
    return sa.Column(ARRAY(sa.Text), nullable=False)


def _json() -> sa.Column[Any]:
    return sa.Column(JSONB, nullable=False)


class MatchDecision(SQLModel, table=True):
    """What somebody decided of units: one entry of the journal."""

    __tablename__ = "match_decision"
    __table_args__ = (sa.Index(None, "lane", "decision_id"),)

    lane: str = Field(primary_key=True)
    position: int = Field(sa_column=_position(primary_key=True))
    decision_id: str
    what: str = Field(description="merge, unmerge, defer or retract")
    left_ids: list[str] = Field(sa_column=_texts())
    right_ids: list[str] = Field(sa_column=_texts())
    withdraws: str = Field(description="decision that a retraction takes back; empty: none")
    needs_second: bool = Field(description="counts only when somebody else says the same")
    actor: str
    role: str
    reason: str
    evidence: dict[str, Any] = Field(sa_column=_json())
    decided_at: datetime = Field(sa_type=Moment)


class MatchWord(SQLModel, table=True):
    """A unit that a decision speaks of."""

    __tablename__ = "match_word"
    __table_args__ = (sa.Index(None, "lane", "position"),)

    lane: str = Field(primary_key=True)
    unit_id: str = Field(primary_key=True)
    position: int = Field(sa_column=_position(primary_key=True))
    is_merge: bool = Field(description="the decision may make it one with the others")


class Approval(SQLModel, table=True):
    """The last verdict on one version of a document: verified visits outrank others."""

    __tablename__ = "approval"

    lane: str = Field(primary_key=True)
    version_position: int = Field(sa_column=_position(primary_key=True))
    position: int = Field(sa_type=sa.BigInteger, description="entry of the verdict")
    is_approved: bool


class MatchReference(SQLModel, table=True):
    """What all records of a lane tell of one: frequent terms, hub phones, dense SLS.

    Made by `app.dedup.renewal` from the records of its hour, and used until the next is made: it
    does not follow from the journal. All else that matching keeps follows from journal and it.
    """

    __tablename__ = "match_reference"

    lane: str = Field(primary_key=True)
    version: str
    content: str = Field(description="JSON of `matching.reference.Reference`")
    made_at: datetime = Field(sa_type=Moment)


class UnitRecord(SQLModel, table=True):
    """A unit as matching compares it."""

    __tablename__ = "unit_record"

    lane: str = Field(primary_key=True)
    unit_id: str = Field(primary_key=True)
    source: str = Field(description="prelist, field or online")
    born: int = Field(sa_type=sa.BigInteger, description="first entry of it; 0: of the prelist")
    is_silent: bool = Field(description="closed or called a duplicate: compared with nobody")
    normaliser: str = Field(
        description="versions of model, normaliser and reference it was matched by"
    )
    features: list[Any] = Field(
        sa_column=_json(), description="in the order of `matching.features.Features`"
    )


class UnitKey(SQLModel, table=True):
    """A key under which a unit is looked for."""

    __tablename__ = "unit_key"
    __table_args__ = (sa.Index(None, "lane", "unit_id"),)

    lane: str = Field(primary_key=True)
    key: int = Field(
        sa_column=_position(primary_key=True),
        description="of its digest; its last byte: how many may share it",
    )
    unit_id: str = Field(primary_key=True)


class Edge(SQLModel, table=True):
    """How alike two units are, in bits, where a person or a machine may call them one.

    left_id < right_id.
    """

    __tablename__ = "edge"
    __table_args__ = (
        sa.CheckConstraint('left_id < right_id COLLATE "C"', name="ordered"),
        sa.Index(None, "lane", "right_id"),
    )

    lane: str = Field(primary_key=True)
    left_id: str = Field(primary_key=True)
    right_id: str = Field(primary_key=True)
    bits: float
    levels: list[int] = Field(
        sa_column=sa.Column(ARRAY(sa.SmallInteger), nullable=False),
        description="of each comparison, in the model's order",
    )
    model: str = Field(description="version of the model that scored it")


class UnitMembership(SQLModel, table=True):
    """A unit that is one with others; who stands alone has no row."""

    __tablename__ = "unit_membership"
    __table_args__ = (sa.Index(None, "lane", "group_id"),)

    lane: str = Field(primary_key=True)
    unit_id: str = Field(primary_key=True)
    group_id: str = Field(description="unit id of the oldest member")


class GoldenRecord(SQLModel, table=True):
    """What is known of a business that several units are, field by field with its source."""

    __tablename__ = "golden_record"
    __table_args__ = (
        sa.Index(
            "ix_golden_record_area", "lane", "area_code", postgresql_ops={"area_code": _BY_PREFIX}
        ),
        sa.Index(None, "lane", "prelist_area_code"),
    )

    lane: str = Field(primary_key=True)
    unit_id: str = Field(primary_key=True, description="of the oldest member")
    member_count: int
    origin: str = Field(description="prelist or field")
    area_code: str = Field(description="sub-SLS; the lane's code where unknown")
    prelist_area_code: str | None = None
    presence: str | None = Field(description="00 1 2 3 4 9; absent: not visited")
    business_name: str
    owner_name: str
    address: str
    kbli: str
    phone: str
    nib: str
    latitude: float | None
    longitude: float | None
    accuracy: float | None
    document_id: str | None = Field(description="the document that speaks of it")
    report_count: int
    provenance: dict[str, Any] = Field(
        sa_column=_json(), description="field → unit, document (absent: the prelist) and position"
    )


class MatchCase(SQLModel, table=True):
    """A question for a person: are these two one business? Of two groups the best pair asks."""

    __tablename__ = "match_case"
    __table_args__ = (
        sa.Index(None, "lane", "left_group"),
        sa.Index(None, "lane", "right_group"),
        sa.Index(None, "lane", "gain"),
    )

    lane: str = Field(primary_key=True)
    case_id: str = Field(primary_key=True)
    left_id: str
    right_id: str
    left_group: str
    right_group: str
    kind: str = Field(description="pair, or contradiction: decisions that cannot all be true")
    state: str = Field(description="open, second (waits for a second person) or deferred")
    bits: float | None = Field(description="absent: the model sees nothing in it")
    gain: float = Field(description="pairs that the answer is expected to set right")
    said_position: int | None = Field(
        sa_type=sa.BigInteger, description="the decision that gave it this state, if any"
    )


class MatchLabel(SQLModel, table=True):
    """What somebody who knows the place says of a pair, to teach the model: it merges nothing.

    One entry of the journal each, answers and what takes them back. An answer keeps both records
    as they were, so that it still teaches when they have changed.
    """

    __tablename__ = "match_label"
    __table_args__ = (
        sa.Index(None, "lane", "label_id"),
        sa.Index(None, "lane", "left_id", "right_id"),
    )

    lane: str = Field(primary_key=True)
    position: int = Field(sa_column=_position(primary_key=True))
    label_id: str
    what: str = Field(description="answer or retract")
    withdraws: str = Field(description="label that a retraction takes back; empty: none")
    round_id: str = Field(description="empty: it came in a file")
    left_id: str
    right_id: str
    left_area: str = Field(description="area code when it was said")
    right_area: str
    answer: str = Field(description="same, different or unsure; of a retraction empty")
    bits: float | None = Field(description="of the model when the pair was chosen, if it was")
    levels: list[int] = Field(sa_column=sa.Column(ARRAY(sa.SmallInteger), nullable=False))
    model: str = Field(description="version of the model that chose it")
    stratum: str
    weight: float = Field(description="pairs of its stratum for which it stands")
    left_record: dict[str, Any] = Field(
        sa_column=_json(), description="what of `matching.record.Record` was known"
    )
    right_record: dict[str, Any] = Field(sa_column=_json())
    actor: str
    role: str
    labelled_at: datetime = Field(sa_type=Moment)


class LabelRound(SQLModel, table=True):
    """Pairs that were chosen for somebody to label: one entry of the journal."""

    __tablename__ = "label_round"
    __table_args__ = (sa.Index(None, "lane", "round_id"),)

    lane: str = Field(primary_key=True)
    position: int = Field(sa_column=_position(primary_key=True))
    round_id: str
    actor: str
    seed: int
    model: str
    pairs: list[dict[str, Any]] = Field(
        sa_column=_json(), description="of each: left, right, bits, levels, stratum, weight"
    )
    begun_at: datetime = Field(sa_type=Moment)


class MatchModel(SQLModel, table=True):
    """A model of an office's own: asked for, made by the worker, and perhaps in force."""

    __tablename__ = "match_model"
    __table_args__ = (
        sa.Index(None, "lane", "asked_at"),
        sa.Index(
            "uq_match_model_in_force",
            "lane",
            unique=True,
            postgresql_where=sa.text("in_force_since IS NOT NULL"),
        ),
    )

    model_id: UUID = Field(primary_key=True)
    lane: str
    asked_at: datetime = Field(sa_type=Moment)
    asked_by: str = Field(description="account id, or who ran the command")
    made_at: datetime | None = Field(sa_type=Moment)
    trouble: str = Field(description="why it could not be made; empty: it could, or waits")
    version: str = Field(description="empty until it is made")
    content: str = Field(description="the model file; empty until it is made")
    in_force_since: datetime | None = Field(
        sa_type=Moment, description="of one in a lane; where none is, the shipped model is"
    )
