"""A plain map of two points: how far apart, how sure of each, and who else is close by; pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 600.0
HEIGHT: Final = 340.0
_DEGREE: Final = 111_194.926  # metres of one degree of latitude on a sphere of 6,371 km
_LEAST: Final = 40.0  # metres shown at least, so that two points at one door are not torn apart
_ROOM: Final = 1.7  # what is shown, of what must be
_WIDEST_CIRCLE: Final = 500.0  # metres; a worse reading only says that nothing is known
_BARS: Final = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 200_000)
_LONGEST_BAR: Final = 0.3  # of the width


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees, and how sure of it in metres."""

    latitude: float
    longitude: float
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map, in its own units; `radius` of the circle within which it may lie."""

    x: float
    y: float
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class PairMap:
    """What is drawn: both points, those close by, and a bar of `bar_metres`."""

    left: Spot | None
    right: Spot | None
    others: tuple[Spot, ...]
    metres: float | None  # between the two
    bar: float
    bar_metres: int
    width: float = WIDTH
    height: float = HEIGHT


def metres_between(one: Point, other: Point) -> float:
    """Give the distance of two places, as matching measures it."""
    north = one.latitude - other.latitude
    narrow = math.cos(math.radians((one.latitude + other.latitude) / 2))
    return math.hypot(north, (one.longitude - other.longitude) * narrow) * _DEGREE


def pair_map(
    left: Point | None, right: Point | None, others: Iterable[tuple[float, float]]
) -> PairMap | None:
    """Draw two units and their neighbours (latitude, longitude); None where neither has a point."""
    known = [each for each in (left, right) if each is not None]
    if not known:
        return None
    middle = Point(
        sum(each.latitude for each in known) / len(known),
        sum(each.longitude for each in known) / len(known),
    )
    metres = metres_between(left, right) if left and right else None
    sure = max(min(each.accuracy or 0.0, _WIDEST_CIRCLE) for each in known)
    scale = HEIGHT / (_ROOM * max(_LEAST, (metres or 0.0) + sure))
    near = (_spot(Point(*each), middle, scale) for each in others)
    bar_metres = _bar(scale)
    return PairMap(
        left=None if left is None else _spot(left, middle, scale),
        right=None if right is None else _spot(right, middle, scale),
        others=tuple(each for each in near if 0 <= each.x <= WIDTH and 0 <= each.y <= HEIGHT),
        metres=metres,
        bar=round(bar_metres * scale, 1),
        bar_metres=bar_metres,
    )


def _spot(place: Point, middle: Point, scale: float) -> Spot:
    narrow = math.cos(math.radians(middle.latitude))
    east = (place.longitude - middle.longitude) * narrow * _DEGREE
    north = (place.latitude - middle.latitude) * _DEGREE
    radius = min(place.accuracy or 0.0, _WIDEST_CIRCLE) * scale
    return Spot(
        round(WIDTH / 2 + east * scale, 1), round(HEIGHT / 2 - north * scale, 1), round(radius, 1)
    )


def _bar(scale: float) -> int:
    """Give the longest round number of metres that fits the bar's room."""
    fitting = [each for each in _BARS if each * scale <= WIDTH * _LONGEST_BAR]
    return fitting[-1] if fitting else _BARS[0]
