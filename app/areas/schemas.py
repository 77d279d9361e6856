"""What the region tree says to other floors and to callers."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.areas.codes import LEVEL_NAMES, AreaCode, Level

Geometry = dict[str, Any]  # a GeoJSON Polygon or MultiPolygon, WGS 84, rings as RFC 7946 turns them


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing that is wrong in a file: where, and what to do about it, in both languages.

    `place` is the line of a table (its header is line 1) or the number of a GeoJSON feature.
    """

    place: int
    message_id: str
    message_en: str

    def told(self, language: str) -> str:
        """Give the sentence in the language `id` or `en`."""
        return self.message_en if language == "en" else self.message_id


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `refused`: nothing at all was written, and `errors` says why."""

    outcome: Literal["imported", "unchanged", "refused"]
    rows: int = 0
    added: int = 0
    changed: int = 0
    retired: int = 0
    version: int | None = None
    errors: tuple[RowError, ...] = ()


class AreaLine(BaseModel, frozen=True):
    """A current area."""

    code: str = Field(description="BPS code")
    name: str
    parent_code: str | None
    kemendagri_code: str | None
    kemendagri_name: str | None
    postal_code: str | None
    latitude: float | None = Field(description="centroid, degrees, WGS 84")
    longitude: float | None = Field(description="centroid, degrees, WGS 84")
    area_km2: float | None
    expected_load: int | None = Field(description="muatan: units expected")

    @property
    def level(self) -> Level:
        """Give the level that the code tells."""
        return AreaCode(self.code).level

    def level_name(self, language: str) -> str:
        """Give the level's name in the language `id` or `en`."""
        return LEVEL_NAMES[self.level][language == "en"]


class AreaStep(BaseModel, frozen=True):
    """One step of the way down to an area."""

    code: str
    name: str


class AreaList(BaseModel):
    """The areas right below one, or those that a caller's scope begins with."""

    parent: str | None
    areas: list[AreaLine]


class AreaAnswer(AreaLine, frozen=True):
    """An area with the way down to it."""

    path: list[AreaStep]


@dataclass(frozen=True, slots=True)
class AreaMap:
    """Shapes by area code; `schematic` ones are no outlines, and whoever draws them says so."""

    schematic: bool
    shapes: dict[str, Geometry]

    def feature_collection(self) -> dict[str, Any]:
        """Give the shapes as GeoJSON, each feature with its `code` and `schematic`."""
        features = [
            {
                "type": "Feature",
                "properties": {"code": code, "schematic": self.schematic},
                "geometry": geometry,
            }
            for code, geometry in self.shapes.items()
        ]
        return {"type": "FeatureCollection", "features": features}
