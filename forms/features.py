"""GeoJSON → rows of a list, as ODK reads it: one row for each feature."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from forms.errors import FormsError


def read_features(body: bytes) -> list[dict[str, str]]:
    """Return a row for each feature: its properties, its geometry as ODK writes it, its id.

    Raises FormsError with what to do.
    """
    try:
        collection = json.loads(body.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise FormsError("Not GeoJSON: save the map as a GeoJSON file in UTF-8") from None
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise FormsError("The outermost object should be a FeatureCollection: save the map as one")
    features = collection.get("features")
    if not isinstance(features, list):
        raise FormsError("A FeatureCollection needs its list of features")
    return [_row(number, feature) for number, feature in enumerate(features, 1)]


def _row(number: int, feature: object) -> dict[str, str]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise FormsError(f"Feature {number} is of another type: leave only features in the file")
    row: dict[str, str] = {}
    geometry, properties = feature.get("geometry"), feature.get("properties")
    if geometry is not None:
        try:
            row["geometry"] = "; ".join(_points(geometry))
        except (KeyError, IndexError, TypeError, ValueError):
            raise FormsError(
                f"The geometry of feature {number} is not read: give points, lines or polygons"
            ) from None
    if isinstance(properties, dict):
        row |= {str(name): _text(value) for name, value in properties.items()}
    if feature.get("id") is not None:
        row["id"] = _text(feature["id"])
    return row


def _points(geometry: Mapping[str, Any]) -> Iterator[str]:
    match geometry["type"]:
        case "Point":
            places = [geometry["coordinates"]]
        case "LineString":
            places = geometry["coordinates"]
        case "Polygon":
            places = (geometry["coordinates"] or [()])[0]
        case _:
            raise ValueError
    for place in places:
        yield f"{_number(place[1])} {_number(place[0])} 0 0"


def _number(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return str(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
