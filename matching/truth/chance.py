"""Chance with weights, quick enough for a million draws."""

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import exp, log, pi, sin, sqrt
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Weighted(Generic[T]):
    """Things with their weights; the weights need not sum to one."""

    things: Sequence[T]
    sums: Sequence[float] = field(repr=False)

    @classmethod
    def of(cls, pairs: Iterable[tuple[T, float]]) -> "Weighted[T]":
        """Build from things and weights; refuses an empty list."""
        held = [(thing, weight) for thing, weight in pairs if weight > 0]
        if not held:
            raise ValueError("Please give at least one thing with a weight above zero.")
        return cls([thing for thing, _ in held], list(accumulate(weight for _, weight in held)))

    def draw(self, rng: Random) -> T:
        """Draw one."""
        return self.things[bisect(self.sums, rng.random() * self.sums[-1], hi=len(self.sums) - 1)]


def zipf(things: Sequence[T], steepness: float) -> Weighted[T]:
    """Weigh things by their rank: the first is the most frequent."""
    return Weighted.of((each, (rank + 2) ** -steepness) for rank, each in enumerate(things))


def happens(rng: Random, chance: float) -> bool:
    """Throw for something of a chance of 0 to 1."""
    return rng.random() < chance


def between(rng: Random, low: float, high: float) -> float:
    """Draw a number, as likely anywhere between."""
    return low + (high - low) * rng.random()


def bell(rng: Random, spread: float) -> float:
    """Draw from a normal distribution about 0; one draw at a time, no memory between."""
    return spread * sqrt(-2 * log(1 - rng.random())) * sin(2 * pi * rng.random())


def lognormal(rng: Random, middle: float, spread: float) -> float:
    """Draw a number about `middle`, long to the right."""
    return middle * exp(bell(rng, spread))
