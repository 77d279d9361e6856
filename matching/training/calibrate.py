"""What bits mean: probabilities as observed, and the thresholds that follow from them."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from matching.model import Thresholds
from matching.training.design import Floats

MARKS: Final = range(-14, 15)
LN2 = math.log(2)


@dataclass(frozen=True, slots=True)
class Scores:
    """Pairs whose answer is known, scored by a model that did not learn from them."""

    bits: Floats
    same: NDArray[np.bool_]
    counts: Floats
    groups: NDArray[np.int64]  # pairs of one city or one area have one number


def calibrated(scores: Scores) -> list[tuple[float, float]]:
    """Return marks (bits, probability) of the straight line through the log odds (Platt)."""
    signs = np.where(scores.same, 1.0, -1.0)
    total = float(scores.counts.sum())

    def loss(line: Floats) -> float:
        margin = signs * LN2 * (line[0] + line[1] * scores.bits)
        kept = 1e-3 * float((line[1] - 1.0) ** 2 + line[0] ** 2)  # decides where labels do not
        return float(scores.counts @ np.logaddexp(0.0, -margin)) / total + kept

    found = optimize.minimize(
        loss, np.asarray([0.0, 1.0]), method="L-BFGS-B", bounds=[(None, None), (0.2, 5.0)]
    )
    start, slope = found.x
    return [(float(mark), float(special.expit(LN2 * (start + slope * mark)))) for mark in MARKS]


def threshold(scores: Scores, precision: float, *, worst: float) -> float:
    """Return the least bits from which on links are right often enough.

    Right in `precision` of all pairs and in `worst` of those of the worst group with 50 or more.
    """
    order = np.argsort(-scores.bits, kind="stable")
    least = _least(scores, order, precision)
    for group in np.unique(scores.groups):
        members = order[scores.groups[order] == group]
        if scores.same[members].sum() >= 50:  # noqa: PLR2004 — fewer say nothing of a hundredth
            least = max(least, _least(scores, members, worst))
    return least


def _least(scores: Scores, order: NDArray[np.int64], precision: float) -> float:
    counts = scores.counts[order]
    right = np.cumsum(np.where(scores.same[order], counts, 0.0)) / np.cumsum(counts)
    good = np.flatnonzero(right >= precision)
    return float(scores.bits[order][good[-1]]) if len(good) else float(scores.bits.max()) + 1.0


def zones(
    scores: Scores,
    calibration: list[tuple[float, float]],
    *,
    precision: float,
    doubt: float,
) -> Thresholds:
    """Return where links are automatic, and where a person is asked (from a chance of `doubt`)."""
    automatic = round(max(threshold(scores, precision, worst=precision - 0.01), 0.5), 2)
    marks = [mark for mark, _ in calibration]
    chances = [chance for _, chance in calibration]
    clerical = round(float(np.interp(doubt, chances, marks)), 2)
    return Thresholds(automatic=automatic, clerical=min(clerical, automatic))
