"""Figures of a grouping against the truth: pairs, clusters, hard classes, businesses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts of pairs (or clusters): found and true, found at all, true at all."""

    both: int
    found: int
    true: int

    @property
    def precision(self) -> float:
        """Give the share of what was found that is true; 1 where nothing was found."""
        return self.both / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Give the share of what is true that was found; 1 where nothing is true."""
        return self.both / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Give the harmonic mean of both."""
        return 2 * self.both / (self.found + self.true) if self.found + self.true else 1.0

    def figures(self) -> dict[str, float | int]:
        """Give everything by name."""
        shares = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {**shares, "both": self.both, "found": self.found, "true": self.true}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A grouping of records beside the truth."""

    records: int
    pairs: Agreement
    clusters: Agreement  # of two records or more, exactly alike
    pure: float  # share of the clusters found that hold one business only
    hard: Mapping[str, Agreement]  # pairs with a record of the class
    entities_found: int
    entities_true: int
    largest: int  # records of the largest cluster found
    all_hard: Agreement = field(default=Agreement(0, 0, 0))

    @property
    def entity_error(self) -> float:
        """Give by what share too many (or, below 0, too few) businesses were counted."""
        return self.entities_found / self.entities_true - 1

    def figures(self) -> dict[str, object]:
        """Give everything by name, as JSON would have it."""
        return {
            "records": self.records,
            "pairs": self.pairs.figures(),
            "clusters": self.clusters.figures(),
            "pure_clusters": self.pure,
            "hard": self.all_hard.figures(),
            "hard_classes": {name: each.figures() for name, each in self.hard.items()},
            "entities_found": self.entities_found,
            "entities_true": self.entities_true,
            "entity_error": self.entity_error,
            "largest_cluster": self.largest,
        }


def judged(
    found: Sequence[object], true: Sequence[object], classes: Mapping[str, Mask] | None = None
) -> Judgement:
    """Compare the units that were found with the true ones, record by record.

    `classes` marks the records of each hard class; a pair is hard when one of its records is.
    """
    here, there = coded(found), coded(true)
    if not len(here) or len(here) != len(there):
        raise ValueError("Please give as many found units as true ones, at least one.")
    masks = {name: mask for name, mask in (classes or {}).items() if mask.any()}
    sizes = np.bincount(here)
    return Judgement(
        records=len(here),
        pairs=pairwise(here, there),
        clusters=clusterwise(here, there),
        pure=_pure(here, there),
        hard={name: touching(here, there, mask) for name, mask in masks.items()},
        entities_found=int((sizes > 0).sum()),
        entities_true=len(np.unique(there)),
        largest=int(sizes.max()),
        all_hard=touching(here, there, np.logical_or.reduce(list(masks.values())))
        if masks
        else Agreement(0, 0, 0),
    )


def coded(units: Sequence[object]) -> Codes:
    """Give each unit a small number."""
    seen: dict[object, int] = {}
    return np.fromiter((seen.setdefault(each, len(seen)) for each in units), np.int64, len(units))


def pairwise(found: Codes, true: Codes) -> Agreement:
    """Count pairs of records of one unit."""
    return Agreement(
        _pairs(np.unique(_crossed(found, true), return_counts=True)[1]),
        _pairs(np.bincount(found)),
        _pairs(np.bincount(true)),
    )


def touching(found: Codes, true: Codes, mask: Mask) -> Agreement:
    """Count pairs of which one record at least is marked."""
    every, rest = pairwise(found, true), pairwise(found[~mask], true[~mask])
    return Agreement(every.both - rest.both, every.found - rest.found, every.true - rest.true)


def clusterwise(found: Codes, true: Codes) -> Agreement:
    """Count clusters of two records or more; found and true are alike in every record."""
    ours, theirs = np.bincount(found), np.bincount(true)
    crossed, first, shared = np.unique(_crossed(found, true), return_index=True, return_counts=True)
    alike = (shared == ours[found[first]]) & (shared == theirs[true[first]]) & (shared > 1)
    assert len(crossed) == len(alike)
    return Agreement(int(alike.sum()), int((ours > 1).sum()), int((theirs > 1).sum()))


def _pure(found: Codes, true: Codes) -> float:
    ours = np.bincount(found)
    _, first, shared = np.unique(_crossed(found, true), return_index=True, return_counts=True)
    size = ours[found[first]]
    many = int((ours > 1).sum())
    return int(((shared == size) & (size > 1)).sum()) / many if many else 1.0


def _crossed(found: Codes, true: Codes) -> Codes:
    return found * (int(true.max(initial=0)) + 1) + true


def _pairs(sizes: NDArray[np.int64]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())
