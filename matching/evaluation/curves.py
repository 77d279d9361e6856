"""What scores are worth: how they spread, what they promise, what each threshold buys."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.evaluation.intervals import Interval, wilson

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Bar(NamedTuple):
    """Pairs between two scores, by what they truly are."""

    low: float
    high: float
    same: int
    different: int


class Mark(NamedTuple):
    """What a model said of some pairs, and how many of them were one unit."""

    said: float
    seen: Interval
    pairs: int


class Point(NamedTuple):
    """Precision and recall of linking every pair from a threshold on."""

    threshold: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Curves:
    """The three pictures of a set of scored pairs."""

    distribution: tuple[Bar, ...]
    calibration: tuple[Mark, ...]
    by_threshold: tuple[Point, ...]


def curves(bits: Floats, same: Flags, probability: Callable[[float], float], true: int) -> Curves:
    """Draw up the curves of scored pairs; `true` counts all true pairs, scored or not."""
    return Curves(
        distribution(bits, same),
        calibration(bits, same, probability),
        by_threshold(bits, same, true),
    )


def distribution(bits: Floats, same: Flags, width: float = 1.0) -> tuple[Bar, ...]:
    """Count pairs by score; scores beyond ±30 count at the ends."""
    places = np.clip(np.floor(bits / width), -30 / width, 30 / width).astype(np.int64)
    return tuple(
        Bar(
            float(place * width),
            float((place + 1) * width),
            int((same & (places == place)).sum()),
            int((~same & (places == place)).sum()),
        )
        for place in np.unique(places).tolist()
    )


def calibration(
    bits: Floats, same: Flags, probability: Callable[[float], float], parts: int = 12
) -> tuple[Mark, ...]:
    """Compare what was said with what is, in bands of the probability that was said."""
    said = np.array([probability(each) for each in bits.tolist()])
    bands = np.minimum((said * parts).astype(np.int64), parts - 1)
    return tuple(
        Mark(
            float(said[bands == band].mean()),
            wilson(int(same[bands == band].sum()), int((bands == band).sum())),
            int((bands == band).sum()),
        )
        for band in np.unique(bands).tolist()
    )


def by_threshold(bits: Floats, same: Flags, true: int, step: float = 0.5) -> tuple[Point, ...]:
    """Give precision and recall at each threshold from the lowest score to the highest."""
    if not len(bits) or not true:
        return ()
    order = np.argsort(-bits, kind="stable")
    right, ranked = np.cumsum(same[order]), bits[order]
    marks = np.arange(np.floor(bits.min()), min(bits.max(), 40.0) + step, step)
    points = []
    for mark in marks.tolist():
        kept = int(np.searchsorted(-ranked, -mark, side="right"))
        if kept:
            points.append(Point(mark, float(right[kept - 1] / kept), float(right[kept - 1] / true)))
    return tuple(points)
