"""Joining all mutual best pairs at once, round by round.

Average linkage is reducible: a joined group is never more alike to a third than the better of its
halves was. So two groups that are each other's best stay so whatever else joins, and joining all
such pairs in one sweep ends where joining them one by one from the top does.
"""

import numpy as np

from matching.linkage.bonds import Bonds
from matching.linkage.graph import Flags, Floats, Ints


class Joins:
    """The groups so far, and the joins that made them; groups are named by their lowest record."""

    def __init__(self, start: Ints, alone: Flags) -> None:
        count = len(start)
        self.parent = np.arange(count, dtype=np.int64)
        self._start = start
        self.size = np.bincount(start, minlength=count).astype(np.int64)
        self.alone = np.zeros(count, np.bool_)
        np.logical_or.at(self.alone, start, alone)
        self._kept: list[Ints] = []
        self._gone: list[Ints] = []
        self._worth: list[Floats] = []

    def join(self, kept: Ints, gone: Ints, worth: Floats) -> None:
        """Join pairs of groups, `kept < gone`, no group twice."""
        self.parent[gone] = kept
        self.size[kept] += self.size[gone]
        self.alone[kept] |= self.alone[gone]
        self._kept.append(kept)
        self._gone.append(gone)
        self._worth.append(worth)

    def join_in_turn(self, kept: list[int], gone: list[int], worth: list[float]) -> None:
        """Join pairs of groups one after the other; a group may grow many times."""
        for low, high in zip(kept, gone, strict=True):
            self.size[low] += self.size[high]
            self.alone[low] |= self.alone[high]
        self.parent[gone] = kept
        self._kept.append(np.array(kept, np.int64))
        self._gone.append(np.array(gone, np.int64))
        self._worth.append(np.array(worth, np.float64))

    def labels(self) -> Ints:
        """For each record the lowest record of its group."""
        parent = self.parent
        while True:
            above = parent[parent]
            if np.array_equal(above, parent):
                return parent[self._start]
            parent = above

    def pairs(self) -> tuple[Ints, Ints]:
        """Tell the two groups of each join."""
        none = [np.empty(0, np.int64)]
        return np.concatenate(self._kept or none), np.concatenate(self._gone or none)

    def worth(self) -> Floats:
        """Tell how alike they were, in grains above the unscored level."""
        return np.concatenate(self._worth or [np.empty(0, np.float64)])


def join_mutual(bonds: Bonds, joins: Joins, least: float, rounds: int) -> Bonds:
    """Join mutual best pairs in at most `rounds`; tell the bonds that still ask for a join."""
    for _ in range(rounds):
        worth = _worth(bonds, joins)
        open_ = worth >= least
        if not open_.any():
            return bonds.only(open_)
        bonds, worth, open_ = _alive(bonds, worth, open_, joins)
        mutual = _mutual(bonds, worth, open_, len(joins.parent))
        joins.join(bonds.left[mutual], bonds.right[mutual], worth[mutual])
        bonds = bonds.moved(joins.parent)
    return bonds


def _worth(bonds: Bonds, joins: Joins) -> Floats:
    """How alike two groups are, in grains above the unscored level; barred ones never."""
    size, alone = joins.size, joins.alone
    worth: Floats = bonds.sums / (size[bonds.left] * size[bonds.right]) + bonds.said
    barred = bonds.barred | (alone[bonds.left] & alone[bonds.right])
    worth[barred] = -np.inf
    return worth


def _alive(bonds: Bonds, worth: Floats, open_: Flags, joins: Joins) -> tuple[Bonds, Floats, Flags]:
    """Leave out the bonds of groups that can join nobody any more."""
    wanted = np.zeros(len(joins.parent), np.bool_)
    wanted[bonds.left[open_]] = True
    wanted[bonds.right[open_]] = True
    alive = wanted[bonds.left] & wanted[bonds.right]
    return bonds.only(alive), worth[alive], open_[alive]


def _mutual(bonds: Bonds, worth: Floats, open_: Flags, count: int) -> Ints:
    """Tell the bonds that are the best of both their groups; of equals the lower partner's."""
    places = np.flatnonzero(open_)
    low, high, value = bonds.left[places], bonds.right[places], worth[places]
    group = np.concatenate([low, high])
    partner = np.concatenate([high, low])
    order = np.lexsort((partner, -np.concatenate([value, value]), group))
    first = np.ones(len(order), np.bool_)
    first[1:] = group[order][1:] != group[order][:-1]
    best = np.full(count, -1, np.int64)
    best[group[order][first]] = partner[order][first]
    chosen: Ints = places[(best[low] == high) & (best[high] == low)]
    return chosen
