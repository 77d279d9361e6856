"""What becomes of each scored pair: linked by itself, worth a question, or apart.

The clustering is the best estimate without people. Beside it stand smaller groups that need no
person: joined above the automatic threshold, with at most one field document each. Where two of
these touch there is one question, about their best pair; it is worth what an error there would
cost, the pairs of records between the two groups, times how likely that error is.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.linkage import Pairs, Rules, Weights, group
from matching.linkage.bonds import best_between
from matching.linkage.graph import Flags, Floats, Ints

AUTOMATIC: Final = "automatic"
CLERICAL: Final = "clerical"
APART: Final = "apart"
QUESTIONS: Final = 0.1  # at most, for each record
_WORTHLESS: Final = 0.005  # expected wrong pairs below which nobody is asked


@dataclass(frozen=True, slots=True)
class Scene:
    """Scored pairs between numbered records, and the groups that linkage made of them."""

    weights: Weights
    favoured: Weights  # the same pairs, as linkage weighed them
    groups: Ints  # for each record the lowest of its group
    field: Flags  # which records are field documents
    said: Pairs  # pairs a person has judged
    same: Flags  # of these, which are one

    @property
    def size(self) -> int:
        """Tell how many records there are."""
        return len(self.groups)


@dataclass(frozen=True, slots=True)
class Zones:
    """For each scored pair its zone, and for questions their rank from 1 (else 0).

    Pairs that go without saying have no zone: those below the threshold between records that are
    linked by others, and all but the best between two groups that are asked about.
    """

    automatic: Flags
    rank: Ints
    apart: Flags


def zones_of(scene: Scene, automatic: float, rules: Rules) -> Zones:
    """Tell the zone of every scored pair; `rules` are those that made the groups."""
    weights = scene.weights
    linked = scene.groups[weights.left] == scene.groups[weights.right]
    sure = _sure_groups(scene, automatic, rules)
    together = sure[weights.left] == sure[weights.right]
    rank = _ranks(scene, sure, rules)
    return Zones(
        automatic=together & (weights.bits >= automatic),
        rank=rank,
        apart=~linked & (rank == 0),
    )


def _sure_groups(scene: Scene, automatic: float, rules: Rules) -> Ints:
    """Group what needs no person, within the groups of the best estimate."""
    inside = scene.groups[scene.weights.left] == scene.groups[scene.weights.right]
    kept = Weights(*(column[inside] for column in _columns(scene.weights)))
    agreed = scene.same & (scene.groups[scene.said.left] == scene.groups[scene.said.right])
    found = group(
        scene.size,
        kept,
        must=Pairs(scene.said.left[agreed], scene.said.right[agreed]),
        alone=scene.field,
        rules=Rules(automatic, rules.unscored, rules.ceiling, rules.floor),
    )
    return found.of


def _ranks(scene: Scene, sure: Ints, rules: Rules) -> Ints:
    """Rank the questions by what an answer is expected to mend; 0 for pairs not asked about."""
    rank = np.zeros(len(scene.weights), np.int64)
    between = np.flatnonzero(sure[scene.weights.left] != sure[scene.weights.right])
    best, count, mean = best_between(sure, scene.favoured, between, rules)
    best, count, mean = _unanswered(scene, sure, best, count, mean)
    chance = 1 / (1 + np.exp2(rules.threshold - mean))
    left, right = scene.weights.left[best], scene.weights.right[best]
    linked = scene.groups[left] == scene.groups[right]
    gain = np.where(linked, 1 - chance, chance) * count
    asked = gain >= _WORTHLESS
    best, gain = best[asked], gain[asked]
    low = np.minimum(left, right)[asked]
    high = np.maximum(left, right)[asked]
    order = np.lexsort((high, low, -gain))[: int(scene.size * QUESTIONS)]
    rank[best[order]] = np.arange(1, len(order) + 1)
    return rank


def _unanswered(
    scene: Scene, sure: Ints, best: Ints, count: Ints, mean: Floats
) -> tuple[Ints, Ints, Floats]:
    """Leave out groups between which a person has already decided."""
    said = _keys(sure, scene.said.left, scene.said.right)
    asked = _keys(sure, scene.weights.left[best], scene.weights.right[best])
    new = ~np.isin(asked, said)
    return best[new], count[new], mean[new]


def _keys(sure: Ints, left: Ints, right: Ints) -> Ints:
    one, other = sure[left], sure[right]
    found: Ints = np.minimum(one, other) * len(sure) + np.maximum(one, other)
    return found


def _columns(weights: Weights) -> tuple[Ints, Ints, Floats]:
    return weights.left, weights.right, weights.bits
