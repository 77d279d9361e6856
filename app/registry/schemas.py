"""What the doors of the registry say."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from app.areas.scope import Scope
from app.registry.fold import KELURAHAN_DIGITS
from app.registry.models import Unit
from app.registry.repository import End, Pair


class UnitOut(BaseModel):
    """A unit as its officers may see it."""

    model_config = ConfigDict(from_attributes=True)

    unit_id: str
    origin: str = Field(description="prelist or field")
    area_code: str = Field(description="sub-SLS; the regency's code where unknown")
    prelist_area_code: str | None
    presence: str | None = Field(description="00 1 2 3 4 9; null: not visited")
    business_name: str
    owner_name: str
    address: str
    kbli: str
    latitude: float | None
    longitude: float | None
    document_id: str | None
    report_count: int

    @classmethod
    def of(cls, unit: Unit) -> Self:
        """Describe a unit."""
        return cls.model_validate(unit)


class EndOut(BaseModel):
    """One unit of a pair; of one outside the caller's area only name and kelurahan are told."""

    name: str
    area_code: str
    unit_id: str | None = None
    address: str | None = None
    presence: str | None = None
    origin: str | None = None

    @classmethod
    def of(cls, end: End, scope: Scope) -> Self:
        """Describe a unit to somebody with this scope."""
        if not scope.includes(end.area_code):
            return cls(name=end.name, area_code=end.area_code[:KELURAHAN_DIGITS])
        return cls(
            name=end.name,
            area_code=end.area_code,
            unit_id=end.unit_id,
            address=end.address,
            presence=end.presence,
            origin=end.origin,
        )


class CandidateOut(BaseModel):
    """Two units that share exact keys: perhaps one business, for a person to decide."""

    left: EndOut
    right: EndOut
    reasons: list[str] = Field(description="nib, nik+name, mobile+name, name+sls, idsbr")

    @classmethod
    def of(cls, pair: Pair, scope: Scope) -> Self:
        """Describe a pair to somebody with this scope."""
        return cls(
            left=EndOut.of(pair.left, scope),
            right=EndOut.of(pair.right, scope),
            reasons=list(pair.reasons),
        )


class UnitPage(BaseModel):
    """A page of units."""

    items: list[UnitOut]
    next_cursor: str | None = Field(description="ask for the next page with it; null: this is all")


class CandidatePage(BaseModel):
    """A page of candidates, and how many there are on all pages."""

    items: list[CandidateOut]
    total: int
    next_cursor: str | None = Field(description="ask for the next page with it; null: this is all")
