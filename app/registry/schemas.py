"""What the doors of the registry say."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from app.registry.models import Unit


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


class UnitPage(BaseModel):
    """A page of units."""

    items: list[UnitOut]
    next_cursor: str | None = Field(description="ask for the next page with it; null: this is all")
