"""What the doors of matching say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, Field

from app.dedup.models import GoldenRecord
from app.dedup.rules import What
from app.registry.fold import KELURAHAN_DIGITS
from matching.scorer import Reason

LONGEST_REASON = 2000
MOST_UNITS = 50  # on a side of a decision


class ReasonOut(BaseModel):
    """What one comparison says; values are told of those units alone that the caller may see."""

    comparison: str
    level: str
    bits: float
    left: list[Any] | None
    right: list[Any] | None

    @classmethod
    def of(cls, reason: Reason, *, shows_left: bool, shows_right: bool) -> Self:
        """Describe a reason."""
        return cls(
            comparison=reason.comparison,
            level=reason.level,
            bits=round(reason.bits, 4),
            left=list(reason.left) if shows_left else None,
            right=list(reason.right) if shows_right else None,
        )


class EndOut(BaseModel):
    """One unit of a pair; of one outside the caller's area only name and kelurahan are told."""

    name: str
    area_code: str
    unit_id: str | None = None
    group_id: str | None = None
    owner_name: str | None = None
    address: str | None = None
    kbli: str | None = None
    presence: str | None = None
    origin: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    document_id: str | None = None

    @classmethod
    def of(cls, row: sa.RowMapping, side: str) -> Self:
        """Describe the unit on a side of a case."""
        name = row[f"{side}_business_name"] or row[f"{side}_owner_name"]
        area_code = row[f"{side}_area_code"]
        if not row[f"{side}_visible"]:
            return cls(name=name, area_code=area_code[:KELURAHAN_DIGITS])
        told = ("owner_name", "address", "kbli", "presence", "origin", "latitude", "longitude")
        return cls(
            name=name,
            area_code=area_code,
            unit_id=row[f"{side}_id"],
            group_id=row[f"{side}_group"],
            document_id=row[f"{side}_document_id"],
            **{field: row[f"{side}_{field}"] for field in told},
        )


class CaseOut(BaseModel):
    """A question: are these two one business? The pair is the best of two groups."""

    lane: str
    case_id: str
    kind: str = Field(description="pair, or contradiction: decisions that cannot all be true")
    state: str = Field(description="open, second (waits for a second person) or deferred")
    bits: float | None = Field(description="of evidence; null: the model sees nothing in it")
    probability: float | None
    gain: float = Field(description="pairs that the answer is expected to set right")
    left: EndOut
    right: EndOut
    reasons: list[ReasonOut]
    may_decide: bool = Field(description="both units lie in the caller's area, and the role may")


class CasePage(BaseModel):
    """A page of questions, and how many there are on all pages."""

    items: list[CaseOut]
    total: int
    next_cursor: str | None = Field(description="ask for the next page with it; null: this is all")


class DecisionOut(BaseModel):
    """What somebody decided of units."""

    lane: str
    decision_id: str
    position: int
    what: What
    left: list[str]
    right: list[str]
    actor: str
    actor_name: str
    role: str
    reason: str
    evidence: dict[str, Any]
    decided_at: datetime
    needs_second: bool
    withdraws: str
    is_withdrawn: bool


class MemberOut(BaseModel):
    """A unit of a group; of one outside the caller's area only kelurahan and name."""

    name: str
    area_code: str
    unit_id: str | None = None
    owner_name: str | None = None
    address: str | None = None
    kbli: str | None = None
    presence: str | None = None
    origin: str | None = None
    document_id: str | None = None

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> Self:
        """Describe a member of a group."""
        name = row["business_name"] or row["owner_name"]
        if not row["visible"]:
            return cls(name=name, area_code=row["area_code"][:KELURAHAN_DIGITS])
        fields = ("area_code", "unit_id", "owner_name", "address", "kbli", "presence", "origin")
        return cls(
            name=name, document_id=row["document_id"], **{each: row[each] for each in fields}
        )


class CaseDetail(CaseOut):
    """A question with everything that helps to answer it."""

    left_members: list[MemberOut]
    right_members: list[MemberOut]
    history: list[DecisionOut]
    needs_second: bool = Field(description="an answer counts when somebody else gives it as well")


class GoldenOut(BaseModel):
    """What is known of a business, field by field, with the source of each."""

    unit_id: str
    members: list[MemberOut]
    values: dict[str, Any]
    provenance: dict[str, Any]

    @classmethod
    def of(cls, row: GoldenRecord, members: list[MemberOut]) -> Self:
        """Describe a golden record."""
        told = row.model_dump(exclude={"lane", "unit_id", "provenance"})
        return cls(unit_id=row.unit_id, members=members, values=told, provenance=row.provenance)


class Saying(BaseModel):
    """What somebody decides of units: those on the left and those on the right, each with each."""

    decision_id: UUID = Field(description="makes a retry harmless")
    what: What
    left: list[str] = Field(min_length=1, max_length=MOST_UNITS)
    right: list[str] = Field(min_length=1, max_length=MOST_UNITS)
    reason: str = Field(default="", max_length=LONGEST_REASON)
    evidence: dict[str, Any] = Field(default_factory=dict, description="what the decider saw")


class Undoing(BaseModel):
    """Why a decision is taken back; `decision_id` names the undoing itself."""

    decision_id: UUID
    reason: str = Field(default="", max_length=LONGEST_REASON)


class Moved(BaseModel):
    """A unit whose group is another than before."""

    unit_id: str
    before: str
    now: str


class Decided(BaseModel):
    """Where a decision stands in the journal, and the units that it affected."""

    decision_id: str
    lane: str
    position: int
    waits: bool = Field(description="for somebody else to say the same")
    affected: list[Moved]


class Described(BaseModel):
    """A business as somebody at the door describes it; everything may be left out."""

    name: str = Field(default="", max_length=300)
    owner: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=300)
    phone: str = Field(default="", max_length=60)
    nib: str = Field(default="", max_length=60)
    kbli: str = Field(default="", max_length=20)
    idsubsls: str = Field(pattern="^[0-9]{4,16}$", description="area; its regency is searched")
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    accuracy: float | None = Field(default=None, ge=0)
    unit_id: str = Field(default="", max_length=250, description="itself, not to be told")
    limit: int = Field(default=5, ge=1, le=50)


class NearOut(BaseModel):
    """A unit that may be the one described."""

    zone: str = Field(description="automatic, clerical or apart")
    bits: float
    probability: float
    unit: MemberOut
    group_id: str | None
    reasons: list[ReasonOut]


class NearPage(BaseModel):
    """The units most like a description, the most alike first."""

    items: list[NearOut]
    compared: int
    model: str


class DoorstepOut(BaseModel):
    """The businesses listed in a sub-SLS, as marks that name nobody."""

    version: int
    area: str
    key: str
    rows: str = Field(description="base64: 15 bytes for each, as `matching.doorstep.packed`")
