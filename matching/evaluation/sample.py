"""A sample of pairs for people to judge, drawn so that few answers tell much.

Pairs are parted by score and by whether they are linked. Bands where the model is of two minds get
more questions than their size asks for; what is far below, and holds next to no matches by the
calibration, gets none and is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from math import inf, sqrt
from random import Random
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_EDGES: Final = (
    *(-inf, -12.0, -10.0, -8.0, -6.0, -5.0, -4.0, -3.0, -2.0, -1.0, 0.0),
    *(1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 11.0, 15.0, inf),
)
_LEAST: Final = 12  # questions of a stratum that is asked about
_LOST: Final = 0.005  # share of the matches that may lie where nobody is asked
UNSCORED: Final = -inf  # score of a pair that is linked by others alone


@dataclass(frozen=True, slots=True)
class Stratum:
    """Pairs of a band of scores, linked or not: how many, how many asked, what is expected."""

    low: float | None  # None: without a score
    high: float
    linked: bool
    pairs: int
    asked: int
    expected: float  # share of matches, by the calibration


@dataclass(frozen=True, slots=True)
class Design:
    """How a sample was drawn: what its answers stand for."""

    strata: tuple[Stratum, ...]
    linked: int  # all pairs in one unit
    left_out: float  # matches expected where nobody is asked
    seed: int

    def figures(self) -> dict[str, Any]:
        """Give the design as JSON would have it."""
        return asdict(self)

    @classmethod
    def of(cls, figures: dict[str, Any]) -> "Design":
        """Give the design that `figures` told."""
        strata = tuple(Stratum(**each) for each in figures["strata"])
        return cls(strata, figures["linked"], figures["left_out"], figures["seed"])


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample: places of pairs, and the stratum of each, in the order they are asked."""

    design: Design
    places: Sequence[int]
    strata: Sequence[int]


def draw(
    bits: Floats,
    linked: Flags,
    probability: Callable[[float], float],
    *,
    questions: int,
    seed: int,
) -> Drawn:
    """Draw a sample of about so many pairs; `bits` of `UNSCORED` are linked by others alone."""
    chances = np.array([probability(each) if each > UNSCORED else 0.5 for each in bits.tolist()])
    bands = np.searchsorted(np.array(_EDGES), bits, side="right") - 1
    bands[bits == UNSCORED] = -1
    kept = _kept_bands(bands, linked, chances)
    cells = [
        (band, side, np.flatnonzero((bands == band) & (linked == side)))
        for band in kept
        for side in (False, True)
    ]
    cells = [cell for cell in cells if len(cell[2])]
    shares = [float(chances[places].mean()) for _, _, places in cells]
    asked = _shared_out([len(places) for _, _, places in cells], shares, questions)
    rng = Random(seed)  # noqa: S311 - draws a sample, guards nothing
    chosen = [
        (place, number)
        for number, ((_, _, places), many) in enumerate(zip(cells, asked, strict=True))
        for place in rng.sample(places.tolist(), many)
    ]
    rng.shuffle(chosen)
    strata = tuple(
        Stratum(*_band(band), side, len(places), many, share)
        for (band, side, places), many, share in zip(cells, asked, shares, strict=True)
    )
    within = np.isin(bands, kept)
    design = Design(strata, int(linked.sum()), float(chances[~within].sum()), seed)
    return Drawn(design, [place for place, _ in chosen], [number for _, number in chosen])


def _kept_bands(bands: NDArray[np.int64], linked: Flags, chances: Floats) -> list[int]:
    """Leave out the lowest bands without links while next to no match is lost."""
    allowed = _LOST * float(chances.sum())
    lost = 0.0
    kept = sorted(set(bands.tolist()))
    for band in [each for each in kept if each >= 0]:
        here = bands == band
        lost += float(chances[here].sum())
        if lost > allowed or linked[here].any():
            break
        kept.remove(band)
    return kept


def _band(band: int) -> tuple[float | None, float]:
    return (None, 0.0) if band < 0 else (max(_EDGES[band], -99.0), min(_EDGES[band + 1], 99.0))


def _shared_out(sizes: Sequence[int], shares: Sequence[float], questions: int) -> list[int]:
    """Share out questions by size and doubt (Neyman), a few to each stratum."""
    doubts = [
        size * sqrt(max(share * (1 - share), 0.01))
        for size, share in zip(sizes, shares, strict=True)
    ]
    whole = sum(doubts) or 1.0
    return [
        min(size, max(_LEAST, round(questions * doubt / whole)))
        for size, doubt in zip(sizes, doubts, strict=True)
    ]
