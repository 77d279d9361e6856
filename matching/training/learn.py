"""A model from towns whose truth is known, judged on towns that it did not learn from."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.levels.comparisons import COMPARISONS
from matching.linkage import Rules, Weights, group
from matching.model import Model
from matching.normalise import NORMALISER_VERSION
from matching.record import FIELD
from matching.training.calibrate import Scores, calibrated, zones
from matching.training.design import Coding, Floats, stacked
from matching.training.fit import Fit, Sample, bits_of, fitted
from matching.training.towns import Known

RIDGE: Final = 5.0
EASY: Final = -8.0  # bits below which unlike pairs are plain
KEPT: Final = 0.04  # share of the plain pairs that is looked at
LEANS: Final = tuple(step / 4 for step in range(-4, 13))  # bits tried
PRECISION: Final = 0.996  # of pairs linked without a person
DOUBT: Final = 0.08  # least chance of being one worth a question
FLOOR: Final = -12.0  # no pair speaks louder against a group
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a fit says of pairs that it did not learn from, town by town."""

    known: Known
    bits: Floats


def learn(towns: Sequence[Known], version: str, labels: dict[str, Any], told: Told) -> Model:
    """Return the model of these towns; at least two, each half judges the other's model."""
    coding = Coding(COMPARISONS)
    rough = fitted(coding, _sample(towns, None, coding), ridge=RIDGE)
    told(f"{sum(len(known.same) for known in towns)} pairs of {len(towns)} towns")
    judged: list[Judged] = []
    for half in (0, 1):
        taught = [known for place, known in enumerate(towns) if place % 2 != half]
        fit = fitted(coding, _sample(taught, rough, coding), ridge=RIDGE, start=rough)
        judged += [
            Judged(known, bits_of(coding, fit, known.town.graded))
            for place, known in enumerate(towns)
            if place % 2 == half
        ]
        told(f"half {half + 1} judged by the other")
    lean = best_lean(judged)
    told(f"groups join best when the prior leans by {lean} bits")
    final = fitted(coding, _sample(towns, rough, coding), ridge=RIDGE, start=rough)
    calibration = calibrated(scores_of(judged, lean))
    sure = linkable(judged, lean)
    return Model(
        version=version,
        normaliser=str(NORMALISER_VERSION),
        prior=final.prior + lean,
        weights=final.weights,
        thresholds=zones(sure, calibration, precision=PRECISION, doubt=DOUBT),
        calibration=calibration,
        lean=lean,
        labels=labels | digest_of(towns),
        evaluation={"how": "each half of the towns judged by the other", **figures(judged, lean)},
    )


def linkable(judged: Sequence[Judged], lean: float) -> Scores:
    """Return the pairs that could be linked without a person, of those that a grouping joins.

    Two field documents are never linked without one.
    """
    parts = []
    for place, each in enumerate(judged):
        town, groups = each.known.town, _groups(each, lean)
        field = np.asarray([features.source == FIELD for features in town.records])
        left, right = town.pairs[:, 0], town.pairs[:, 1]
        kept = (groups[left] == groups[right]) & ~(field[left] & field[right])
        bits, same = each.bits[kept] + lean, each.known.same[kept]
        parts.append(Scores(bits, same, np.ones(len(bits)), np.full(len(bits), place)))
    return Scores(
        np.concatenate([part.bits for part in parts]),
        np.concatenate([part.same for part in parts]),
        np.concatenate([part.counts for part in parts]),
        np.concatenate([part.groups for part in parts]),
    )


def digest_of(towns: Sequence[Known]) -> dict[str, Any]:
    """Return how many pairs of the towns are one, of how many, and a digest of those answers."""
    found = hashlib.sha256()
    for known in towns:
        found.update(known.town.name.encode())
        found.update(np.ascontiguousarray(known.town.pairs, dtype="<i8").tobytes())
        found.update(known.same.tobytes())
    return {
        "pairs": sum(len(known.same) for known in towns),
        "same": sum(int(known.same.sum()) for known in towns),
        "sha256": found.hexdigest(),
    }


def best_lean(judged: Sequence[Judged]) -> float:
    """Return the bits to add to the prior so that groups that join above 0 come out best."""
    found = {lean: np.mean([grouped(each, lean)[0] for each in judged]) for lean in LEANS}
    return max(found, key=lambda lean: (found[lean], -abs(lean)))


def grouped(each: Judged, lean: float) -> tuple[float, float, float]:
    """Return F1, precision and recall of the pairs within groups (also of those not compared)."""
    groups = _groups(each, lean)
    both = _pairs_within(groups.astype(np.int64) * (each.known.units.max() + 1) + each.known.units)
    found, true = _pairs_within(groups), _pairs_within(each.known.units)
    return 2 * both / max(found + true, 1), both / max(found, 1), both / max(true, 1)


def _groups(each: Judged, lean: float) -> NDArray[np.int64]:
    pairs = each.known.town.pairs
    weights = Weights(pairs[:, 0], pairs[:, 1], each.bits + lean)
    return group(len(each.known.units), weights, rules=Rules(floor=FLOOR)).of


def _pairs_within(groups: NDArray[np.int64]) -> int:
    sizes = np.unique(groups, return_counts=True)[1].astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def scores_of(judged: Sequence[Judged], lean: float) -> Scores:
    """Return all judged pairs in one."""
    return Scores(
        np.concatenate([each.bits + lean for each in judged]),
        np.concatenate([each.known.same for each in judged]),
        np.ones(sum(len(each.bits) for each in judged)),
        np.concatenate([np.full(len(each.bits), place) for place, each in enumerate(judged)]),
    )


def figures(judged: Sequence[Judged], lean: float) -> dict[str, Any]:
    """Return what is written into the model file of the judged towns."""
    each = [grouped(one, lean) for one in judged]
    return {
        "towns": {
            one.known.town.name: {
                "records": len(one.known.units),
                "f1": round(found[0], 4),
                "precision": round(found[1], 4),
                "recall": round(found[2], 4),
            }
            for one, found in zip(judged, each, strict=True)
        },
        "f1": round(float(np.mean([found[0] for found in each])), 4),
        "precision": round(float(np.mean([found[1] for found in each])), 4),
        "recall": round(float(np.mean([found[2] for found in each])), 4),
    }


def _sample(towns: Sequence[Known], rough: Fit | None, coding: Coding) -> Sample:
    """Return the pairs to learn from: all that are in doubt, of the plain ones a part."""
    chance = np.random.default_rng(0)
    parts, same, counts = [], [], []
    for known in towns:
        truth = known.same
        bits = (
            bits_of(coding, rough, known.town.graded)
            if rough is not None
            else np.full(len(truth), EASY - 1)
        )
        plain = (bits < EASY) & ~truth
        kept = ~plain | (chance.random(len(truth)) < KEPT)
        parts.append(known.town.graded.where(kept))
        same.append(truth[kept])
        counts.append(np.where(plain, 1 / KEPT, 1.0)[kept])
    return Sample(stacked(parts), np.concatenate(same), np.concatenate(counts))
