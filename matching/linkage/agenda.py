"""Joining one pair after the other from the most alike downwards: the order that always holds.

Answers add up where groups join, so that a joined group may be more alike to a third than its
halves were; only the plain order is right then.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush

import numpy as np

from matching.linkage.bonds import Bonds
from matching.linkage.rounds import Joins

Entry = tuple[float, int, int]  # worth (negated: the most alike first), then the groups
_SUM, _SAID, _BARRED = 0, 1, 2


class Agenda:
    """Groups of some components, what lies between them, and the joins still to be looked at."""

    def __init__(self, bonds: Bonds, joins: Joins, least: float) -> None:
        self._joins = joins
        self._least = least
        self._near: dict[int, dict[int, list[int]]] = defaultdict(dict)
        columns = (bonds.left, bonds.right, bonds.sums, bonds.said, bonds.barred)
        for left, right, total, said, barred in zip(*(c.tolist() for c in columns), strict=True):
            self._near[left][right] = self._near[right][left] = [total, said, int(barred)]
        members = np.array(sorted(self._near), np.int64)
        sizes, alone = joins.size[members].tolist(), joins.alone[members].tolist()
        self._size: dict[int, int] = dict(zip(members.tolist(), sizes, strict=True))
        self._alone: dict[int, bool] = dict(zip(members.tolist(), alone, strict=True))
        self._heap: list[Entry] = []
        for one, others in self._near.items():
            self._heap.extend(self._entries(one, (other for other in others if other > one)))
        heapify(self._heap)

    def work_off(self) -> None:
        """Join until nothing is alike enough."""
        kept, gone, worth = [], [], []
        while self._heap:
            negated, low, high = heappop(self._heap)
            if self._worth(low, high) != -negated:
                continue  # one of them has grown or gone since
            self._join(low, high)
            kept.append(low)
            gone.append(high)
            worth.append(-negated)
        self._joins.join_in_turn(kept, gone, worth)

    def _entries(self, one: int, others: Iterable[int]) -> Iterator[Entry]:
        for other in others:
            worth = self._worth(one, other)
            if worth is not None and worth >= self._least:
                yield -worth, min(one, other), max(one, other)

    def _worth(self, one: int, other: int) -> float | None:
        bond = self._near.get(one, {}).get(other)
        if bond is None or bond[_BARRED] or (self._alone[one] and self._alone[other]):
            return None
        return bond[_SUM] / (self._size[one] * self._size[other]) + bond[_SAID]

    def _join(self, kept: int, gone: int) -> None:
        near = self._near
        del near[kept][gone]
        for other, bond in near.pop(gone).items():
            if other == kept:
                continue
            del near[other][gone]
            known = near[kept].get(other)
            if known is None:
                near[kept][other] = near[other][kept] = bond
            else:
                known[_SUM] += bond[_SUM]
                known[_SAID] += bond[_SAID]
                known[_BARRED] |= bond[_BARRED]
        self._size[kept] += self._size[gone]
        self._alone[kept] |= self._alone[gone]
        for entry in self._entries(kept, near[kept]):
            heappush(self._heap, entry)
