"""Precision and recall from the answers to a drawn sample, with how sure they are."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.evaluation.intervals import Interval, wilson
from matching.evaluation.sample import Design, Stratum

DRAWS: Final = 4000
_BOUNDS: Final = (2.5, 97.5)
_PRIOR: Final = 1.0  # answers that the model's own expectation is worth in each stratum
_SUREST: Final = 0.05  # no stratum is expected to be more one-sided than this
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Said:
    """What two people said of one question; None where nobody could tell."""

    stratum: int
    first: bool | None
    second: bool | None = None

    @property
    def same(self) -> float | None:
        """Give 1 for one business, 0 for two, one half where the two disagree."""
        votes = [each for each in (self.first, self.second) if each is not None]
        return sum(votes) / len(votes) if votes else None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the answers say of all pairs."""

    precision: Interval
    recall: Interval
    f1: Interval
    matches: Interval  # pairs that are one business
    asked: int
    unanswered: int
    kappa: float | None  # agreement of the two beyond chance
    strata: tuple[tuple[int, float], ...]  # answers and matches among them, stratum by stratum

    def figures(self) -> dict[str, Any]:
        """Give everything as JSON would have it."""
        told = asdict(self)
        for name in ("precision", "recall", "f1", "matches"):
            told[name] = getattr(self, name)._asdict()
        return told


def estimated(design: Design, said: Sequence[Said]) -> Estimate:
    """Weigh each answer by the pairs it stands for (Horvitz-Thompson).

    Bounds come from draws of each stratum's share (Beta, a prior worth one answer), so that a
    stratum in which all answers agree still leaves room for doubt.
    """
    asked = np.zeros(len(design.strata))
    right = np.zeros(len(design.strata))
    for each in said:
        if each.same is not None:
            asked[each.stratum] += 1
            right[each.stratum] += each.same
    totals = _totals(design, asked, right)
    point = _point(design, asked, right)
    linked = np.array([each.linked for each in design.strata])
    shares = [_shares(each, linked, design) for each in (point[None, :], totals)]
    named = {
        name: Interval(float(shares[0][name][0]), *_bounds(shares[1][name]))
        for name in ("precision", "recall", "f1", "matches")
    }
    return Estimate(
        **named,
        asked=int(asked.sum()),
        unanswered=len(said) - int(asked.sum()),
        kappa=_kappa(said),
        strata=tuple((int(n), float(k)) for n, k in zip(asked, right, strict=True)),
    )


def marks(design: Design, estimate: Estimate) -> list[dict[str, Any]]:
    """Compare what the model expected of each band of scores with what people said."""
    bands: dict[float, list[tuple[Stratum, int, float]]] = {}
    for stratum, (asked, right) in zip(design.strata, estimate.strata, strict=True):
        if asked and stratum.low is not None:
            bands.setdefault(stratum.low, []).append((stratum, asked, right))
    return [_mark(band) for band in bands.values()]


def _mark(band: Sequence[tuple[Stratum, int, float]]) -> dict[str, Any]:
    """Weigh the strata of a band by their pairs; bounds by the answers they are worth (Kish)."""
    pairs = sum(stratum.pairs for stratum, _, _ in band)
    said = sum(stratum.expected * stratum.pairs for stratum, _, _ in band) / pairs
    seen = sum(stratum.pairs * right / asked for stratum, asked, right in band) / pairs
    worth = pairs**2 / sum(stratum.pairs**2 / asked for stratum, asked, _ in band)
    return {"said": said, "seen": wilson(seen * worth, worth)._asdict(), "pairs": pairs}


def _point(design: Design, asked: Floats, right: Floats) -> Floats:
    """Give the matches of each stratum; the model's word where nobody answered."""
    pairs = np.array([each.pairs for each in design.strata], dtype=np.float64)
    expected = np.array([each.expected for each in design.strata])
    share = np.where(asked > 0, right / np.maximum(asked, 1), expected)
    return pairs * share


def _totals(design: Design, asked: Floats, right: Floats) -> Floats:
    """Draw the matches of each stratum, many times: a row a draw."""
    pairs = np.array([each.pairs for each in design.strata], dtype=np.float64)
    expected = np.clip([each.expected for each in design.strata], _SUREST, 1 - _SUREST)
    rng = np.random.default_rng(design.seed)
    shares = rng.beta(
        right + _PRIOR * expected,
        asked - right + _PRIOR * (1 - expected),
        size=(DRAWS, len(pairs)),
    )
    totals: Floats = right + np.maximum(pairs - asked, 0) * shares
    return totals


def _shares(totals: Floats, linked: NDArray[np.bool_], design: Design) -> dict[str, Floats]:
    found = totals[:, linked].sum(axis=1)
    matches = totals.sum(axis=1) + design.left_out
    return {
        "precision": found / max(design.linked, 1),
        "recall": found / np.maximum(matches, 1e-9),
        "f1": 2 * found / np.maximum(matches + design.linked, 1e-9),
        "matches": matches,
    }


def _bounds(drawn: Floats) -> tuple[float, float]:
    low, high = np.percentile(drawn, _BOUNDS)
    return float(low), float(high)


def _kappa(said: Sequence[Said]) -> float | None:
    """Give Cohen's kappa over the questions that both answered."""
    both = [(each.first, each.second) for each in said if None not in (each.first, each.second)]
    if not both:
        return None
    agreed = sum(one == other for one, other in both) / len(both)
    ones = [sum(bool(pair[at]) for pair in both) / len(both) for at in (0, 1)]
    chance = ones[0] * ones[1] + (1 - ones[0]) * (1 - ones[1])
    return (agreed - chance) / (1 - chance) if chance < 1 else 1.0
