import csv
import io
import math
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.areas.cells import schematic_cells
from app.areas.outlines import geometry_of, twice_area
from app.areas.reference import kota_pekalongan

Centroids = dict[str, tuple[float, float]]


def city() -> Centroids:
    rows = csv.DictReader(io.StringIO(kota_pekalongan().decode()))
    return {
        row["code"]: (float(row["latitude"]), float(row["longitude"]))
        for row in rows
        if len(row["code"]) == 10
    }


def ring(cell: Any) -> list[list[float]]:
    found: list[list[float]] = cell["coordinates"][0]
    return found


def holds(cell: Any, latitude: float, longitude: float) -> bool:
    corners = ring(cell)
    return all(
        (x2 - x1) * (latitude - y1) - (y2 - y1) * (longitude - x1) >= -1e-9
        for (x1, y1), (x2, y2) in pairwise(corners)
    )


def test_every_kelurahan_has_a_cell_around_its_centroid() -> None:
    centroids = city()
    cells = schematic_cells(centroids)
    assert cells.keys() == centroids.keys()
    for code, (latitude, longitude) in centroids.items():
        assert geometry_of(cells[code])["type"] == "Polygon"
        assert twice_area(ring(cells[code])) > 0
        inside = [one for one, cell in cells.items() if holds(cell, latitude, longitude)]
        assert inside == [code]


def test_the_cells_belong_to_whoever_is_nearest() -> None:
    centroids = city()
    cells = schematic_cells(centroids)
    random = Random(2026)
    east = math.cos(math.radians(-6.89))
    checked = 0
    for _ in range(2000):
        latitude, longitude = random.uniform(-6.93, -6.86), random.uniform(109.65, 109.71)
        distances = sorted(
            (math.hypot(latitude - lat, (longitude - lon) * east), code)
            for code, (lat, lon) in centroids.items()
        )
        inside = [code for code, cell in cells.items() if holds(cell, latitude, longitude)]
        if distances[1][0] - distances[0][0] < 1e-5:
            continue  # on a border
        assert inside in ([distances[0][1]], [])
        checked += bool(inside)
    assert checked > 1500


def test_the_same_centroids_give_the_same_cells_in_any_order() -> None:
    centroids = city()
    turned = dict(reversed(centroids.items()))
    assert schematic_cells(turned) == schematic_cells(centroids)


def test_few_and_coinciding_centroids_have_cells_too() -> None:
    assert schematic_cells({}) == {}
    alone = schematic_cells({"a": (-6.9, 109.7)})
    assert holds(alone["a"], -6.9, 109.7)
    line = schematic_cells({"a": (-6.9, 109.7), "b": (-6.9, 109.8), "c": (-6.9, 109.9)})
    assert all(twice_area(ring(cell)) > 0 for cell in line.values())
    spot = schematic_cells({"a": (-6.9, 109.7), "b": (-6.9, 109.7), "c": (-6.91, 109.7)})
    assert all(twice_area(ring(cell)) > 0 for cell in spot.values())


degrees = st.tuples(st.floats(-11, 6), st.floats(95, 141))


@given(st.lists(degrees, min_size=1, max_size=12))
def test_no_centroids_are_too_odd(found: list[tuple[float, float]]) -> None:
    cells = schematic_cells({str(number): point for number, point in enumerate(found)})
    assert len(cells) == len(found)
    for cell in cells.values():
        assert ring(cell)[0] == ring(cell)[-1]
        assert len(ring(cell)) >= 4
