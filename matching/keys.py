"""Which records are compared at all: those that share a key; strong keys first, weak ones last.

A key is a short text, the same in the batch, in Splink and in the index of the online path. A key
with too many holders tells nothing of any two of them: the reference lists it as crowded, and it
is left out (`Reference.cut` counts what was left out).
"""

from collections.abc import Iterator
from math import cos, floor, radians
from typing import Final

from matching.features import Features
from matching.reference import Reference

CELL: Final = 60.0  # metres; two within half of it share one of the four cells
_METRES_PER_DEGREE: Final = 111_195.0
_KELURAHAN: Final = 10  # digits
_SLS: Final = 14
_SOUND: Final = 3  # letters of a skeleton that may join two SLS
_INDUSTRY: Final = 3  # digits of KBLI


def keys_of(features: Features, reference: Reference) -> list[str]:
    """Give the keys of settled features, each once, strong first, crowded ones left out."""
    crowded = reference.crowded
    return [key for key in dict.fromkeys(all_keys_of(features, reference)) if key not in crowded]


def all_keys_of(features: Features, reference: Reference) -> Iterator[str]:
    """Give the keys of settled features, crowded ones included; some may come twice."""
    if features.phone:
        yield f"P:{features.phone}"
    if features.nib:
        yield f"I:{features.nib}"
    yield from _across_sls(features)
    yield from _within_sls(features, reference)
    yield from _cells(features)


def _across_sls(features: Features) -> Iterator[str]:
    """Join records of a kelurahan that one of them names a wrong SLS of."""
    area = features.sls[:_KELURAHAN] if features.sls else ""
    name, owner = features.name_skeleton, features.owner_skeleton
    if name and len(name) >= _SOUND:
        yield f"N:{area}:{name}"
    if owner and len(owner) >= _SOUND:
        yield f"N:{area}:{owner}"


def _within_sls(features: Features, reference: Reference) -> Iterator[str]:
    sls = features.sls
    if sls is None or len(sls) != _SLS:
        return
    if sls not in reference.dense_sls:
        yield f"S:{sls}"
        return
    for word in features.bag:
        yield f"W:{sls}:{word}"
    unit = features.stall or features.house_number
    if unit:
        yield f"U:{sls}:{unit}"
    if features.kbli:
        yield f"K:{sls}:{features.kbli[:_INDUSTRY]}"


def _cells(features: Features) -> Iterator[str]:
    """Give the four cells of 60 m, each half a cell off, that a position lies in."""
    if features.latitude is None or features.longitude is None:
        return
    north = features.latitude * _METRES_PER_DEGREE / CELL
    band = cos(radians(round(features.latitude, 1)))
    east = features.longitude * _METRES_PER_DEGREE * band / CELL
    for grid, (up, right) in enumerate(((0.0, 0.0), (0.0, 0.5), (0.5, 0.0), (0.5, 0.5))):
        yield f"G{grid}:{floor(north + up)}:{floor(east + right)}"
