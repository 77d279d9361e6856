"""Pairs as numbers: which level each comparison reached, and how rare the agreeing term is."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.features import Features
from matching.levels.comparison import Comparison
from matching.levels.python import grades
from matching.model import Weight
from matching.scorer import Frequencies, rarities_of

USUAL = 1e-3
FREE = (-math.inf, math.inf)
_ONE_EACH = (Weight(0.0, 1.0, USUAL),) * 64
Floats = NDArray[np.float64]
Pair = tuple[Features, Features]


@dataclass(frozen=True, slots=True)
class Graded:
    """Pairs after comparing.

    `levels` has a row a pair and a column a comparison; `rarities`, of the same columns, the bits
    by which the agreeing term is rarer than usual (0 where frequency does not count).
    """

    levels: NDArray[np.int8]
    rarities: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.levels)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Graded":
        """Return some of the pairs."""
        return Graded(self.levels[chosen], self.rarities[chosen])


def stacked(parts: Sequence[Graded]) -> Graded:
    """Return all pairs of several gradings in one."""
    return Graded(
        np.concatenate([part.levels for part in parts]),
        np.concatenate([part.rarities for part in parts]),
    )


def graded(
    comparisons: Sequence[Comparison], pairs: Iterable[Pair], reference: Frequencies
) -> Graded:
    """Compare pairs."""
    grade = grades(comparisons)
    watched = [
        (place, level, rarity)
        for place, each in enumerate(comparisons)
        for level, rarity in rarities_of(each, _ONE_EACH[: len(each.levels)], reference).items()
    ]
    levels: list[tuple[int, ...]] = []
    rare: list[tuple[int, int, float]] = []
    for row, (a, b) in enumerate(pairs):
        found = grade(a, b)
        levels.append(found)
        rare += [
            (row, place, rarity.bits(a, b))
            for place, level, rarity in watched
            if found[place] == level
        ]
    rarities = np.zeros((len(levels), len(comparisons)), dtype=np.float32)
    for row, place, bits in rare:
        rarities[row, place] = bits
    table = np.asarray(levels, dtype=np.int8).reshape(len(levels), len(comparisons))
    return Graded(table, rarities)


@dataclass(frozen=True, slots=True)
class Coding:
    """How weights become the parameters that are fitted.

    A falling comparison is coded by steps: its last level, then what each better level adds, which
    must not be negative. Other comparisons have a parameter for each level. Silent levels have
    none. A comparison with frequencies has one more, not negative: bits for each bit of rarity.
    """

    comparisons: tuple[Comparison, ...]

    def matrix(self, found: Graded) -> sparse.csr_matrix:
        """Return the rows to be multiplied with the parameters."""
        blocks = []
        for place, each in enumerate(self.comparisons):
            blocks.append(sparse.csr_matrix(self._table(each)[found.levels[:, place]]))
            if _frequent(each):
                blocks.append(sparse.csr_matrix(found.rarities[:, [place]].astype(np.float64)))
        return cast("sparse.csr_matrix", sparse.hstack(blocks, format="csr"))

    def bounds(self) -> list[tuple[float, float]]:
        """Return the least and most of each parameter."""
        found: list[tuple[float, float]] = []
        for each in self.comparisons:
            weighing = sum(not level.silent for level in each.levels)
            if each.falling:
                found += [FREE] + [(0.0, math.inf)] * (weighing - 1)
            else:
                found += [FREE] * weighing
            if _frequent(each):
                found.append((0.0, 1.0))
        return found

    def weights(self, parameters: Floats) -> dict[str, tuple[Weight, ...]]:
        """Return the weights (in bits) that the parameters (in bits) stand for."""
        found, at = {}, 0
        for each in self.comparisons:
            table = self._table(each)
            bits = table @ parameters[at : at + table.shape[1]]
            at += table.shape[1]
            share = float(parameters[at]) if _frequent(each) else 0.0
            at += _frequent(each)
            found[each.name] = tuple(
                Weight(float(value), share if level.frequency else 0.0, USUAL)
                for level, value in zip(each.levels, bits, strict=True)
            )
        return found

    def parameters(self, weights: Mapping[str, Sequence[Weight]]) -> Floats:
        """Return the parameters (in bits) that come nearest to the weights."""
        found: list[float] = []
        for each in self.comparisons:
            given = weights[each.name]
            bits = np.asarray([weight.bits for weight in given])
            found += list(np.linalg.lstsq(self._table(each), bits, rcond=None)[0])
            if _frequent(each):
                found.append(max(weight.rarity for weight in given))
        return np.asarray(found)

    def _table(self, each: Comparison) -> Floats:
        weighing = [place for place, level in enumerate(each.levels) if not level.silent]
        table = np.zeros((len(each.levels), len(weighing)))
        for order, place in enumerate(reversed(weighing)):
            if each.falling:
                table[place, : order + 1] = 1.0
            else:
                table[place, order] = 1.0
        return table


def _frequent(each: Comparison) -> bool:
    return any(level.frequency for level in each.levels)
