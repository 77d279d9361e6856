"""Reading outlines from GeoJSON: bytes → geometries by code, with everything that is wrong."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from app.areas.codes import AreaCode
from app.areas.errors import BadCode
from app.areas.rules import LATITUDES, LONGITUDES, BadField
from app.areas.schemas import Geometry, RowError

# names under which offices keep the BPS code, the first that holds one wins
CODE_PROPERTIES = (
    "bps_code",
    "kode_bps",
    "idsubsls",
    "id_subsls",
    "idsls",
    "id_sls",
    "kdkel",
    "iddesa",
    "id_desa",
    "idkel",
    "idkec",
    "idkab",
    "kode_desa",
    "code",
    "kode",
    "id",
)
_DECIMALS = 6  # about 0.1 m
_CORNERS = 4  # of the smallest closed ring: a triangle and its first corner again
_TURN = 360
_WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")

Position = list[float]


@dataclass(slots=True)
class Outlines:
    """The good geometries by code, the feature that each came from, and all errors."""

    geometries: dict[AreaCode, Geometry] = field(default_factory=dict)
    features: dict[AreaCode, int] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def wrong(self, feature: int, message_id: str, message_en: str) -> None:
        """Note what is wrong with a feature; 0 is the file as a whole."""
        self.errors.append(RowError(feature, message_id, message_en))


def read_outlines(body: bytes) -> Outlines:
    """Read a GeoJSON FeatureCollection in WGS 84; features are counted from 1."""
    outlines = Outlines()
    for number, feature in enumerate(_features(body, outlines), start=1):
        try:
            code = _code_of(feature)
            geometry = geometry_of(feature.get("geometry"))
        except (BadCode, BadField) as bad:
            outlines.wrong(number, bad.message_id, bad.message_en)
            continue
        first = outlines.features.setdefault(code, number)
        if first != number:
            outlines.wrong(
                number,
                f"wilayah {code} sudah ada di fitur {first}: gabungkan menjadi satu MultiPolygon",
                f"the area {code} is already feature {first}: merge them into one MultiPolygon",
            )
        outlines.geometries[code] = geometry
    return outlines


def _features(body: bytes, outlines: Outlines) -> Sequence[Mapping[str, Any]]:
    try:
        document = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        outlines.wrong(0, "berkas ini bukan JSON yang utuh", "this file is not whole JSON")
        return []
    found = document.get("features") if isinstance(document, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found) or not found:
        outlines.wrong(
            0,
            "berkas ini bukan FeatureCollection GeoJSON yang berisi batas wilayah",
            "this file is no GeoJSON FeatureCollection with outlines",
        )
        return []
    system = json.dumps(document.get("crs"))
    if system != "null" and not any(name in system for name in _WGS84):
        outlines.wrong(
            0,
            "sistem koordinat berkas ini bukan WGS 84: ekspor ulang sebagai EPSG:4326",
            "the coordinates of this file are not WGS 84: export it again as EPSG:4326",
        )
        return []
    return found


def _code_of(feature: Mapping[str, Any]) -> AreaCode:
    properties = feature.get("properties")
    plain = {
        str(name).lower(): value
        for name, value in (properties if isinstance(properties, dict) else {}).items()
    }
    for name in CODE_PROPERTIES:
        value = plain.get(name)
        if _is_scalar(value) and value != "":
            return AreaCode.parse(str(value))
    raise BadField(
        f"tidak ada kode BPS: beri properti bps_code (juga: {', '.join(CODE_PROPERTIES[1:])})",
        f"no BPS code: give a property bps_code (or {', '.join(CODE_PROPERTIES[1:])})",
    )


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def geometry_of(geometry: object) -> Geometry:
    """Check a Polygon or MultiPolygon and write it anew: two dimensions, rings as RFC 7946 says.

    Raises BadField.
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind == "Polygon":
        return {"type": "Polygon", "coordinates": _polygon_of(coordinates)}
    if kind == "MultiPolygon":
        polygons = [_polygon_of(polygon) for polygon in _list_of(coordinates)]
        return {"type": "MultiPolygon", "coordinates": polygons}
    raise BadField(
        f"bentuknya {str(kind)[:40]}, seharusnya Polygon atau MultiPolygon",
        f"its geometry is {str(kind)[:40]}, but must be a Polygon or MultiPolygon",
    )


def _polygon_of(rings: object) -> list[list[Position]]:
    return [_ring_of(ring, outer=number == 0) for number, ring in enumerate(_list_of(rings))]


def _ring_of(ring: object, *, outer: bool) -> list[Position]:
    positions = [_position_of(position) for position in _list_of(ring)]
    if positions[0] != positions[-1]:
        raise BadField(
            "garis batas tidak tertutup: titik terakhir harus sama dengan titik pertama",
            "a ring is not closed: its last position must be its first",
        )
    area = twice_area(positions)
    if len(positions) < _CORNERS or area == 0:
        raise BadField(
            "garis batas tidak melingkupi apa pun: perlu sedikitnya tiga titik berbeda",
            "a ring encloses nothing: it needs at least three different positions",
        )
    return positions if (area > 0) is outer else positions[::-1]


def twice_area(ring: Sequence[Position]) -> float:
    """Give twice the area within a closed ring, positive where it turns counterclockwise."""
    pairs = pairwise(ring)
    return math.fsum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)


def _list_of(value: object) -> list[object]:
    if not isinstance(value, list) or not value:
        raise BadField(
            "koordinat tidak tersusun seperti pada GeoJSON",
            "the coordinates are not arranged as in GeoJSON",
        )
    return value


def _position_of(value: object) -> Position:
    longitude, latitude = (_degree_of(one) for one in (*_list_of(value), None)[:2])
    if not (
        LONGITUDES[0] <= longitude <= LONGITUDES[1] and LATITUDES[0] <= latitude <= LATITUDES[1]
    ):
        raise BadField(
            f"titik {str(value)[:60]} di luar Indonesia: urutannya bujur, lintang, dalam derajat",
            f"the position {str(value)[:60]} lies outside Indonesia: the order is longitude, "
            "latitude, in degrees",
        )
    return [round(longitude, _DECIMALS), round(latitude, _DECIMALS)]


def _degree_of(value: object) -> float:
    """Give a number as it is, anything else as one that lies nowhere."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    return float(value) if abs(value) < _TURN else math.nan  # some whole numbers are no float
