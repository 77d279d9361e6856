"""Sets of records whose candidate pairs are compared, and whose truth or answers are known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.features import Features
from matching.levels.comparisons import COMPARISONS
from matching.normalise import features_of
from matching.record import Record
from matching.reference import Reference
from matching.reference_build import build
from matching.training.candidates import candidates
from matching.training.design import Graded, graded
from matching.training.labels import Labels
from matching.truth.make import make_truth

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Town:
    """Settled records and their graded candidate pairs (rows of two places in `records`)."""

    name: str
    records: Sequence[Features]
    reference: Reference
    pairs: NDArray[np.int64]
    graded: Graded


@dataclass(frozen=True, slots=True)
class Known:
    """A town of which is known which records are one unit; equal numbers, one unit."""

    town: Town
    units: NDArray[np.int64]

    @property
    def same(self) -> NDArray[np.bool_]:
        """Tell of each candidate pair whether it is one unit."""
        of: NDArray[np.bool_] = (
            self.units[self.town.pairs[:, 0]] == self.units[self.town.pairs[:, 1]]
        )
        return of


def town_of(name: str, records: Iterable[Record]) -> Town:
    """Read records and compare their candidate pairs."""
    read = [features_of(record) for record in records]
    reference = build(read)
    settled = [reference.settled(features) for features in read]
    pairs = candidates(settled, reference)
    compared = ((settled[left], settled[right]) for left, right in pairs.tolist())
    return Town(name, settled, reference, pairs, graded(COMPARISONS, compared, reference))


def invented(seed: int, records: int, noise: str) -> Known:
    """Invent a town of its own world; equal arguments, equal town."""
    labelled = make_truth(records, seed, noise=noise)
    town = town_of(f"{noise} {seed}", [each.record for each in labelled])
    return Known(town, np.asarray([each.unit for each in labelled], dtype=np.int64))


def answered(town: Town, labels: Labels) -> tuple[NDArray[np.int64], NDArray[np.bool_], int]:
    """Return the places of the labelled candidate pairs, their answers, and how many are missed.

    A label about records that are not in the town, or never compared, is missed.
    """
    places = {features.record_id: place for place, features in enumerate(town.records)}
    rows = {(left, right): row for row, (left, right) in enumerate(town.pairs.tolist())}
    found: list[tuple[int, bool]] = []
    for label in labels.answers:
        left, right = places.get(label.left, UNKNOWN), places.get(label.right, UNKNOWN)
        row = rows.get((min(left, right), max(left, right)), UNKNOWN)
        if row != UNKNOWN:
            found.append((row, label.same))
    chosen = np.asarray([row for row, _ in found], dtype=np.int64)
    same = np.asarray([answer for _, answer in found], dtype=np.bool_)
    return chosen, same, len(labels.answers) - len(found)
