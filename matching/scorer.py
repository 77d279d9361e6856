"""The bits of one pair, found in Python as Splink finds them in SQL."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol

from matching.features import Features
from matching.levels.comparison import Comparison
from matching.levels.early import sieve
from matching.levels.python import grades
from matching.model import RAREST, Model, Weight


class Frequencies(Protocol):
    """Where the share of a term among all records is known; `matching.reference.Reference` is."""

    def name_frequency(self, name: str) -> float:
        """Return the share of named records with this name."""
        ...

    def owner_frequency(self, owner: str) -> float:
        """Return the share of owned records with this owner."""
        ...


@dataclass(frozen=True, slots=True)
class Scored:
    """Bits of evidence that two records are one unit, and the level of each comparison."""

    bits: float
    levels: tuple[int, ...]  # places within `Comparison.levels`, in the model's order


@dataclass(frozen=True, slots=True)
class Reason:
    """What one comparison said of a pair, and the values it looked at, left and right."""

    comparison: str
    level: str
    bits: float
    left: tuple[object, ...]
    right: tuple[object, ...]


class Scorer:
    """Scores pairs by a model and a reference; equal to Splink's `predict` within 1e-9 bits."""

    def __init__(self, model: Model, reference: Frequencies) -> None:
        self._comparisons = model.comparisons()
        self._grade = grades(self._comparisons)
        self._prior = model.prior
        chosen = [model.weights[each.name] for each in self._comparisons]
        self._bits = [tuple(weight.bits for weight in each) for each in chosen]
        self._rare = {
            place: rarities_of(each, weights, reference)
            for place, (each, weights) in enumerate(zip(self._comparisons, chosen, strict=True))
            if any(weight.rarity for weight in weights)
        }
        self._sieve = sieve(self._comparisons, self._most(), model.prior)

    def _most(self) -> list[list[float]]:
        """Give the most that each level can weigh, for the rarest terms."""
        most = [list(each) for each in self._bits]
        for place, rarities in self._rare.items():
            for level, rarity in rarities.items():
                most[place][level] += rarity.most
        return most

    def score(self, a: Features, b: Features) -> Scored:
        """Return the pair's bits and levels; the order of the two does not matter."""
        return self._weighed(a, b, self._grade(a, b))

    def score_above(self, a: Features, b: Features, least: float) -> Scored | None:
        """Return what `score` does, but nothing where the bits are below `least`: soon over."""
        levels = self._sieve(a, b, least)
        if levels is None:
            return None
        scored = self._weighed(a, b, levels)
        return scored if scored.bits >= least else None

    def _weighed(self, a: Features, b: Features, levels: tuple[int, ...]) -> Scored:
        bits = self._prior
        for weights, level in zip(self._bits, levels, strict=True):
            bits += weights[level]
        for place, rarities in self._rare.items():
            rarity = rarities.get(levels[place])
            if rarity is not None:
                bits += rarity.bits(a, b)
        return Scored(bits, levels)

    def bits(self, a: Features, b: Features) -> float:
        """Return the pair's bits alone."""
        return self.score(a, b).bits

    def reasons(self, a: Features, b: Features) -> list[Reason]:
        """Return what every comparison says of the pair, in their order, without the prior."""
        found = []
        for place, level in enumerate(self._grade(a, b)):
            each = self._comparisons[place]
            bits = self._bits[place][level]
            rarity = self._rare.get(place, {}).get(level)
            if rarity is not None:
                bits += rarity.bits(a, b)
            found.append(
                Reason(each.name, each.levels[level].name, bits, _shown(a, each), _shown(b, each))
            )
        return found


@dataclass(frozen=True, slots=True)
class Rarity:
    """How a level's weight grows for rarer terms of a field."""

    term: Callable[[Features], str | None]
    frequency: Callable[[str], float]
    weight: float  # bits for each bit of rarity
    usual: float  # log2 of the usual frequency

    @property
    def most(self) -> float:
        """Return the most that `bits` can come to."""
        return max(0.0, self.weight * self.usual, self.weight * (self.usual - math.log2(RAREST)))

    def bits(self, a: Features, b: Features) -> float:
        """Return the bits to add; the commoner of the two terms counts."""
        shares = [self.frequency(term) for term in (self.term(a), self.term(b)) if term is not None]
        if not shares:
            return 0.0
        return self.weight * (self.usual - math.log2(max(*shares, RAREST)))


def _shown(features: Features, each: Comparison) -> tuple[object, ...]:
    return tuple(getattr(features, field) for field in each.fields)


def rarities_of(
    each: Comparison, weights: Sequence[Weight], reference: Frequencies
) -> dict[int, Rarity]:
    """Return, by level, how rarity adds to the weights of a comparison."""
    found = {}
    for place, (level, weight) in enumerate(zip(each.levels, weights, strict=True)):
        if level.frequency is not None and weight.rarity:
            found[place] = Rarity(
                attrgetter(level.frequency),
                getattr(reference, f"{level.frequency}_frequency"),
                weight.rarity,
                math.log2(weight.usual),
            )
    return found
