"""Distances and areas on the sphere, as JavaRosa computes them."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from forms.xpath.context import World
from forms.xpath.operand import Context, Evaluator, Function, Functions, Here, Operand, eager
from forms.xpath.values import Value, to_text

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
RADIUS = 6_378_100.0  # metres

Point = tuple[float, float]  # latitude, longitude in degrees


def points(values: Iterable[Value]) -> list[Point] | None:
    """Points of geopoints, traces and shapes in order; None when one is no number.

    Among several values an empty one counts as the point 0 0, as in JavaRosa.
    """
    found: list[Point] = []
    texts = [to_text(value) for value in values]
    for text in texts:
        if not text.strip() and len(texts) > 1:
            found.append((0.0, 0.0))
            continue
        for part in text.split(";"):
            cells = part.split()
            if not cells:
                continue
            latitude = _degrees(cells[0])
            longitude = _degrees(cells[1]) if len(cells) > 1 else 0.0
            if not (math.isfinite(latitude) and math.isfinite(longitude)):
                return None
            found.append((latitude, longitude))
    return found


def _degrees(cell: str) -> float:
    return float(cell) if _NUMBER.fullmatch(cell) else math.nan


def _between(one: Point, other: Point) -> float:
    """Spherical law of cosines; NaN where rounding takes the cosine beyond 1, as in JavaRosa."""
    lat1, lat2 = math.radians(one[0]), math.radians(other[0])
    turn = math.radians(other[1] - one[1])
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(turn)
    return math.acos(cosine) * RADIUS if abs(cosine) <= 1 else math.nan


def _length(path: Sequence[Point]) -> float:
    return sum((_between(a, b) for a, b in pairwise(path)), 0.0)


def _area(shape: Sequence[Point]) -> float:
    """Square metres of a ring, flattened around its first point."""
    if len(shape) < 3:  # noqa: PLR2004 - a triangle
        return 0.0
    around = 2 * RADIUS * math.pi
    south, west = shape[0]
    flat = [
        ((lon - west) * around * math.cos(math.radians(lat)) / 360.0, (lat - south) * around / 360)
        for lat, lon in shape[1:]
    ]
    pairs = pairwise(flat)
    return abs(sum((y1 * x2 - x1 * y2) / 2 for (x1, y1), (x2, y2) in pairs))


def _measure(measure: Callable[[Sequence[Point]], float]) -> Function:
    def build(_: Context, operands: Sequence[Operand]) -> Evaluator:
        parts = [operand.all_values() for operand in operands]

        def evaluate(world: World, here: Here) -> float:
            found = points(value for part in parts for value in part(world, here))
            return math.nan if found is None else measure(found)

        return evaluate

    return Function(build, 1, None)


def _inside(point: Value, ring: Value) -> bool:
    """Whether a point lies within a shape, which ends where it begins (even-odd rule)."""
    at, corners = points([point]), points([ring])
    if at is None or not corners:
        return False
    lat, lon = at[0] if at else (0.0, 0.0)
    within = False
    for (lat2, lon2), (lat1, lon1) in pairwise(corners):
        if (lat1 > lat) != (lat2 > lat) and lon < lon1 + (lat - lat1) / (lat2 - lat1) * (
            lon2 - lon1
        ):
            within = not within
    return within


FUNCTIONS: Functions = {
    "distance": _measure(_length),
    "area": _measure(_area),
    "enclosed-area": _measure(_area),
    "geofence": eager(_inside, 2),
}
