"""The values of linkage: scored pairs, what people said, and the groups that come out.

Records are numbered from 0. The number is the rank by which ties are broken, and a group is named
by its lowest.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

GRAIN: Final = 1 << 16  # bits are summed as whole parts of this size: exact in any order
FARTHEST: Final = 64.0  # a weight beyond this says nothing more


def _no_ints() -> Ints:
    return np.empty(0, np.int64)


def _no_floats() -> Floats:
    return np.empty(0, np.float64)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of records, in any order within a pair."""

    left: Ints = field(default_factory=_no_ints)
    right: Ints = field(default_factory=_no_ints)

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True, slots=True)
class Weights(Pairs):
    """Pairs that were scored, in bits; of a pair that comes twice the higher counts."""

    bits: Floats = field(default_factory=_no_floats)


class Answers(Weights):
    """Pairs that a clerk judged: what each answer weighs, negative where it was *different*."""


@dataclass(frozen=True, slots=True)
class Rules:
    """When groups join: `threshold` bits on average; `unscored` bits where no pair was scored.

    Weights above `ceiling` or below `floor` count as these, so that no single pair outvotes a
    group.
    """

    threshold: float = 0.0
    unscored: float = -4.0
    ceiling: float = FARTHEST
    floor: float = -FARTHEST
    rounds: int = 24  # of mutual best pairs, before what is left is taken one by one


@dataclass(frozen=True, slots=True)
class Groups:
    """What linkage found.

    `of`: for each record the lowest record of its group. `kept`, `gone`, `bits`: the joins, each
    of two groups by their lowest records and how alike they were. `refused`: must-links that a
    cannot-link contradicts, as places in what was given.
    """

    of: Ints
    kept: Ints
    gone: Ints
    bits: Floats
    refused: Ints


def roots(size: int, pairs: Pairs) -> Ints:
    """For each record the lowest one that pairs connect it with."""
    every = np.arange(size, dtype=np.int64)
    if not len(pairs):
        return every
    joined = np.ones(len(pairs), np.int8)
    graph = coo_array((joined, (pairs.left, pairs.right)), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    lowest = np.full(int(component.max()) + 1, size, np.int64)
    np.minimum.at(lowest, component, every)
    found: Ints = lowest[component]
    return found


def component_of(touched: Ints, size: int, weights: Weights, said: Pairs, rules: Rules) -> Ints:
    """Tell the records whose groups may change when something about `touched` does, ascending.

    `said` are all must-links and answers. Solving these records alone, with the pairs among them,
    gives their groups as solving everything does.
    """
    strong = weights.bits >= rules.threshold
    linking = Pairs(
        np.concatenate([weights.left[strong], said.left]),
        np.concatenate([weights.right[strong], said.right]),
    )
    root = roots(size, linking)
    return np.flatnonzero(np.isin(root, root[touched])).astype(np.int64)
