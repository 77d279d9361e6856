"""Schematic cells for areas whose outlines nobody imported: who is nearest to which centroid.

A Voronoi division, cut off by a hull around the centroids. Pure and deterministic: the same
centroids give the same cells.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

from app.areas.schemas import Geometry

Point = tuple[float, float]
Polygon = list[Point]  # counterclockwise, the first corner not repeated

_AROUND = 24  # corners of the round buffer about a centroid
_DEGREE_KM = 111.32
_LONE_KM = 1.0  # buffer where nothing tells how far apart the areas are
_DECIMALS = 6
_NEAR = 1e-4  # km: centroids that lie closer than this count as one spot


def schematic_cells(centroids: Mapping[str, tuple[float, float]]) -> dict[str, Geometry]:
    """Give a cell for each code: GeoJSON polygons from centroids (latitude, longitude).

    Cells share their borders, cover the hull without gaps, and each holds its centroid. They are
    no outlines: whoever shows them says so.
    """
    if not centroids:
        return {}
    codes = sorted(centroids)
    plane = _Plane(math.fsum(centroids[code][0] for code in codes) / len(codes))
    sites = _apart([plane.to_km(*centroids[code]) for code in codes])
    hull = _buffered_hull(sites)
    return {code: plane.polygon(_cell(number, sites, hull)) for number, code in enumerate(codes)}


class _Plane:
    """Kilometres east and north; true enough for a regency."""

    def __init__(self, middle_latitude: float) -> None:
        self._east = _DEGREE_KM * math.cos(math.radians(middle_latitude))

    def to_km(self, latitude: float, longitude: float) -> Point:
        return longitude * self._east, latitude * _DEGREE_KM

    def polygon(self, corners: Polygon) -> Geometry:
        ring = [
            [round(east / self._east, _DECIMALS), round(north / _DEGREE_KM, _DECIMALS)]
            for east, north in (*corners, corners[0])
        ]
        return {"type": "Polygon", "coordinates": [ring]}


def _apart(sites: Sequence[Point]) -> list[Point]:
    """Move sites of one spot a few metres apart, each in its own direction."""
    moved: list[Point] = []
    taken: dict[tuple[int, int], int] = {}
    for x, y in sites:
        spot = round(x / _NEAR), round(y / _NEAR)
        earlier = taken.get(spot, 0)
        taken[spot] = earlier + 1
        turn, step = 2.4 * earlier, 0.005 * math.sqrt(earlier)  # a sunflower's seeds
        moved.append((x + step * math.cos(turn), y + step * math.sin(turn)))
    return moved


def _buffered_hull(sites: Sequence[Point]) -> Polygon:
    """Give the convex hull of circles about the sites, as wide as neighbours lie apart."""
    radius = median(_nearest(number, sites) for number in range(len(sites)))
    turns = [2 * math.pi * corner / _AROUND for corner in range(_AROUND)]
    return _hull(
        [
            (x + radius * math.cos(turn), y + radius * math.sin(turn))
            for x, y in sites
            for turn in turns
        ]
    )


def _nearest(number: int, sites: Sequence[Point]) -> float:
    apart = (math.dist(sites[number], other) for at, other in enumerate(sites) if at != number)
    return min(apart, default=_LONE_KM)


def _hull(points: Sequence[Point]) -> Polygon:
    """Give the convex hull, counterclockwise (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    return _half_hull(ordered)[:-1] + _half_hull(ordered[::-1])[:-1]


def _half_hull(ordered: Sequence[Point]) -> Polygon:
    chain: Polygon = []
    for point in ordered:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Point, b: Point, c: Point) -> float:
    """Tell the turn at b on the way from a to c: positive to the left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _cell(number: int, sites: Sequence[Point], hull: Polygon) -> Polygon:
    """Cut the hull by the line halfway to each other site, the nearest first."""
    site = sites[number]
    others = sorted(
        (math.dist(site, other), other) for at, other in enumerate(sites) if at != number
    )
    cell = hull
    for distance, other in others:
        if distance > 2 * max(math.dist(site, corner) for corner in cell):
            break  # whoever is farther away than this cannot cut
        cell = _cut(cell, site, other)
    return cell


def _cut(cell: Polygon, site: Point, other: Point) -> Polygon:
    """Keep the part of a convex cell that is nearer to `site` than to `other`."""
    kept: Polygon = []
    for here, there in pairwise((*cell, cell[0])):
        near_here, near_there = _nearer(here, site, other), _nearer(there, site, other)
        if near_here >= 0:
            kept.append(here)
        if near_here * near_there < 0:
            part = near_here / (near_here - near_there)
            kept.append(
                (here[0] + part * (there[0] - here[0]), here[1] + part * (there[1] - here[1]))
            )
    return kept


def _nearer(point: Point, site: Point, other: Point) -> float:
    """Tell how much nearer a point is to `site`: positive on its side of the middle line."""
    return math.dist(point, other) ** 2 - math.dist(point, site) ** 2
