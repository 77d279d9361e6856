"""Which records are compared at all: those that share a key; strong keys first, weak ones last.

A key is a short text, the same in the batch, in Splink and in the index of the online path: a
letter for its kind, then what is shared. A key with too many holders (`most_holders`) tells
nothing of any two of them and is left out; whoever counts the holders tells what was cut.

| kind | shared |
|---|---|
| P, I | phone; NIB |
| O | sound of name and of owner, in any area |
| N | kelurahan and the sound of a name or of an owner |
| A | kelurahan, street or site, house number or stall |
| S | SLS, where it is not dense |
| W, U, J, K | a dense SLS and a word, a stall or house number, KBLI, its first three digits |
| G0-G3 | a cell of 60 m in one of four grids |
| B | kelurahan, the sound of a word, KBLI's first three digits |
| X | the sounds of two words, in any area: for records whose SLS is unknown or wrong |
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from math import floor
from typing import Final

from matching.features import Features
from matching.reference import DENSE, Reference

CELL: Final = 60.0  # metres; two within half of it share one of the four cells
CROWD: Final = 60  # holders of most kinds of key
CROWDS: Final[Mapping[str, int]] = {
    "S": DENSE,
    "N": 40,
    "A": 20,
    "B": 12,
    "X": 6,
}  # holders of the others
_NORTHWARD: Final = 111_195.0  # metres of a degree
_EASTWARD: Final = 110_100.0  # within 1 % from the equator to 11°: one grid without seams
_KELURAHAN: Final = 10  # digits
_SLS: Final = 14
_SOUND: Final = 3  # letters of a skeleton that may join two SLS
_WORDS: Final = 6  # words of a bag of which every two make a key
_INDUSTRY: Final = 3  # digits of KBLI


def kind_of(key: str) -> str:
    """Give the kind of a key: what stands before the first colon."""
    return key.partition(":")[0]


def most_holders(kind: str) -> int:
    """Give the number of records above which a key of this kind is left out."""
    return CROWDS.get(kind, CROWD)


def keys_of(features: Features, reference: Reference) -> list[str]:
    """Give the keys of settled features, each once, strong first, whoever else has them."""
    return list(dict.fromkeys(all_keys_of(features, reference)))


def all_keys_of(features: Features, reference: Reference) -> Iterator[str]:
    """Give the keys of settled features; some may come twice."""
    area = features.sls[:_KELURAHAN] if features.sls and len(features.sls) >= _KELURAHAN else ""
    if features.phone:
        yield f"P:{features.phone}"
    if features.nib:
        yield f"I:{features.nib}"
    if features.name_skeleton and features.owner_skeleton:
        yield f"O:{features.name_skeleton}:{features.owner_skeleton}"
    if area:
        yield from _within_kelurahan(features, area)
    yield from _within_sls(features, reference)
    yield from _cells(features)
    for one, other in combinations(features.bag[:_WORDS], 2):
        yield f"X:{one}:{other}"


def _within_kelurahan(features: Features, area: str) -> Iterator[str]:
    """Join records of which one names a neighbouring SLS."""
    for sound, whole in (
        (features.name_skeleton, features.name),
        (features.owner_skeleton, features.owner),
    ):
        if sound:
            yield f"N:{area}:{sound if len(sound) >= _SOUND else whole}"
    words = features.bag[:_WORDS]
    street = features.street_skeleton or features.site
    unit = features.stall or features.house_number
    if street and unit:
        yield f"A:{area}:{street}:{unit}"
    if features.kbli and len(features.kbli) >= _INDUSTRY:
        for word in words:
            yield f"B:{area}:{word}:{features.kbli[:_INDUSTRY]}"


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
        yield f"J:{sls}:{features.kbli}"
        yield f"K:{sls}:{features.kbli[:_INDUSTRY]}"


def _cells(features: Features) -> Iterator[str]:
    """Give the four cells of 60 m, each half a cell off, that a position lies in."""
    if features.latitude is None or features.longitude is None:
        return
    north = features.latitude * _NORTHWARD / CELL
    east = features.longitude * _EASTWARD / CELL
    for grid, (up, right) in enumerate(((0.0, 0.0), (0.0, 0.5), (0.5, 0.0), (0.5, 0.5))):
        yield f"G{grid}:{floor(north + up)}:{floor(east + right)}"
