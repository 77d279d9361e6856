"""Weights by logistic regression: the levels' own labels decide, not their independence."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse, special

from matching.model import Weight
from matching.training.design import Coding, Floats, Graded

LN2 = math.log(2)
MOST_STEPS = 100
SMALLEST_STEP = 1e-6
ENOUGH = 1e-7  # gain of a step, as a share of the loss


@dataclass(frozen=True, slots=True)
class Fit:
    """The prior and the weights of every comparison, in bits."""

    prior: float
    weights: dict[str, tuple[Weight, ...]]


@dataclass(frozen=True, slots=True)
class Sample:
    """Labelled pairs: what was compared, whether they are one, and how much each counts."""

    pairs: Graded
    same: NDArray[np.bool_]
    counts: Floats


def fitted(
    coding: Coding,
    sample: Sample,
    *,
    ridge: float = 1.0,
    around: Fit | None = None,
    start: Fit | None = None,
) -> Fit:
    """Return the weights that explain the labels best, drawn by `ridge` towards those of `around`.

    Maximises the likelihood with an L2 penalty within the coding's bounds; the prior is free.
    Without `around` the weights are drawn towards 0. A `start` near the end makes it quicker.
    """
    rows = sparse.hstack(
        [np.ones((len(sample.pairs), 1)), coding.matrix(sample.pairs)], format="csr"
    )
    home = np.zeros(rows.shape[1])
    if around is not None:
        home = np.concatenate([[around.prior], coding.parameters(around.weights)])
    pull = np.full(rows.shape[1], ridge)
    pull[0] = 1e-9
    bounds = np.asarray([(-np.inf, np.inf), *coding.bounds()], dtype=np.float64).T
    first = home
    if start is not None:
        first = np.concatenate([[start.prior], coding.parameters(start.weights)])
    found = _newton(_Loss(rows, sample, pull, home), first, bounds)
    return Fit(float(found[0]), coding.weights(found[1:]))


@dataclass(frozen=True, slots=True)
class _Loss:
    """The penalised likelihood's negative, in parameters of bits."""

    rows: sparse.csr_matrix
    sample: Sample
    pull: Floats
    home: Floats

    def value(self, parameters: Floats) -> float:
        margin = np.where(self.sample.same, LN2, -LN2) * (self.rows @ parameters)
        astray = parameters - self.home
        return float(
            self.sample.counts @ np.logaddexp(0.0, -margin) + 0.5 * self.pull @ (astray * astray)
        )

    def slope(self, parameters: Floats) -> tuple[Floats, Floats]:
        """Return the first derivatives and the matrix of second ones."""
        chance = special.expit(LN2 * (self.rows @ parameters))
        first = self.rows.T @ (LN2 * self.sample.counts * (chance - self.sample.same))
        curve = LN2 * LN2 * self.sample.counts * chance * (1.0 - chance)
        second = (self.rows.T @ self.rows.multiply(curve[:, None]).tocsr()).toarray()
        first = first + self.pull * (parameters - self.home)
        return first, second + np.diag(self.pull + 1e-9)


def _newton(loss: _Loss, start: Floats, bounds: Floats) -> Floats:
    """Return the least point within the bounds.

    Newton's step among the parameters that no bound holds back, projected and halved until it
    leads down (Bertsekas' two-metric projection).
    """
    low, high = bounds
    here = np.clip(start, low, high)
    value = loss.value(here)
    for _ in range(MOST_STEPS):
        first, second = loss.slope(here)
        free = ~(((here <= low) & (first > 0)) | ((here >= high) & (first < 0)))
        step = np.zeros_like(here)
        step[free] = linalg.solve(second[np.ix_(free, free)], -first[free], assume_a="pos")
        share = 1.0
        there = np.clip(here + step, low, high)
        while (reached := loss.value(there)) > value and share > SMALLEST_STEP:
            share /= 2
            there = np.clip(here + share * step, low, high)
        if value - reached <= ENOUGH * abs(value):
            break
        here, value = there, reached
    return here


def bits_of(coding: Coding, fit: Fit, pairs: Graded) -> Floats:
    """Return the bits of graded pairs, as the scorer would."""
    found = np.full(len(pairs), fit.prior)
    for place, each in enumerate(coding.comparisons):
        weights = fit.weights[each.name]
        levels = pairs.levels[:, place]
        found += np.asarray([weight.bits for weight in weights])[levels]
        rarities = np.asarray([weight.rarity for weight in weights])[levels]
        found += rarities * pairs.rarities[:, place]
    return found
