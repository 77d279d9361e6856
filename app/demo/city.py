"""Invented SLS and sub-SLS below the kelurahan of Kota Pekalongan."""

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from random import Random

from app.areas.reference import kota_pekalongan
from app.demo.chance import chance

_KELURAHAN, _SUB_SLS = 10, 16
_KM = 1 / 111.2  # a degree of latitude holds so many kilometres, near the equator any degree does
_GOLDEN = math.pi * (3 - math.sqrt(5))  # turns by which points spread evenly over a disc
_FILLED = 0.42  # of a kelurahan's width, from its centroid: points stay inside most outlines
_DIVIDED = 0.35  # share of SLS that are split in two


@dataclass(frozen=True, slots=True)
class InventedArea:
    """One area, with the columns of an area table; None where a level does not have it."""

    code: str
    name: str
    kemendagri_code: str | None
    kemendagri_name: str | None
    postal_code: str | None
    latitude: float | None
    longitude: float | None
    area_km2: float | None
    expected_load: int | None = None


def invent_areas(seed: int) -> list[InventedArea]:
    """Give province to sub-SLS, each after the one above it; the upper levels are real."""
    told = csv.DictReader(io.StringIO(kota_pekalongan().decode()), strict=True)
    areas = []
    for row in told:
        area = _reference(row)
        areas.append(area)
        if len(area.code) == _KELURAHAN:
            areas += _below(area, chance(seed, "city", area.code))
    return areas


def areas_csv(areas: Sequence[InventedArea]) -> bytes:
    """Give areas as a file for `se2026 areas import`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(InventedArea))
    writer.writerows(map(astuple, areas))
    return out.getvalue().encode()


def leaves(areas: Sequence[InventedArea]) -> list[InventedArea]:
    """Give the sub-SLS, in the order of their codes."""
    return sorted(
        (area for area in areas if len(area.code) == _SUB_SLS), key=lambda area: area.code
    )


def _reference(row: Mapping[str, str]) -> InventedArea:
    return InventedArea(
        code=row["code"],
        name=row["name"],
        kemendagri_code=row["kemendagri_code"] or None,
        kemendagri_name=row["kemendagri_name"] or None,
        postal_code=row["postal_code"] or None,
        latitude=_number(row["latitude"]),
        longitude=_number(row["longitude"]),
        area_km2=_number(row["area_km2"]),
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _below(kelurahan: InventedArea, rng: Random) -> Iterator[InventedArea]:
    """Give the SLS of a kelurahan, each followed by its sub-SLS."""
    count = rng.randint(4, 8)
    per_rw = rng.choice((2, 3))
    for place in range(count):
        rw, rt = divmod(place, per_rw)
        code = f"{kelurahan.code}{place + 1:04}"
        name = f"RT {rt + 1:03} RW {rw + 1:03}"
        spot = _spot(kelurahan, (place + 0.5) / count, place * _GOLDEN)
        yield _made(kelurahan, code, name, spot, None)
        parts = 2 if rng.random() < _DIVIDED else 1
        for part in range(parts):
            yield _made(
                kelurahan,
                f"{code}{part + (parts > 1):02}",
                f"{name} bagian {part + 1}" if parts > 1 else name,
                (spot[0], spot[1] + (part - (parts - 1) / 2) * 0.1 * _KM),
                rng.randint(10, 21),
            )


def _spot(area: InventedArea, outwards: float, turn: float) -> tuple[float, float]:
    assert area.latitude is not None
    assert area.longitude is not None
    assert area.area_km2 is not None
    radius = _FILLED * math.sqrt(area.area_km2 * outwards) * _KM
    return area.latitude + radius * math.sin(turn), area.longitude + radius * math.cos(turn)


def _made(
    above: InventedArea, code: str, name: str, spot: tuple[float, float], load: int | None
) -> InventedArea:
    return InventedArea(
        code=code,
        name=name,
        kemendagri_code=None,
        kemendagri_name=None,
        postal_code=above.postal_code,
        latitude=round(spot[0], 6),
        longitude=round(spot[1], 6),
        area_km2=None,
        expected_load=load,
    )
