"""A model learns from labels what made them."""

import math
import random

import numpy as np
import pytest

from matching.levels.comparisons import COMPARISONS
from matching.model import Weight, load
from matching.scorer import Scorer
from matching.training.active import PER_PATTERN, first_questions, next_questions
from matching.training.design import Coding, Graded, graded, stacked
from matching.training.fit import Sample, bits_of, fitted
from tests.matching.invented import Shares, crowd

CODING = Coding(COMPARISONS)


@pytest.fixture(scope="module")
def pairs() -> Graded:
    rows = crowd(400, seed=11)
    chance = random.Random(2)
    chosen = [tuple(chance.sample(rows, k=2)) for _ in range(6000)]
    return graded(COMPARISONS, [(a, b) for a, b in chosen], Shares(rows))


def labelled(pairs: Graded, seed: int) -> Sample:
    """Answers as the hand-made weights of the model would have them."""
    model = load()
    fit = type(fitted(CODING, _few(pairs)))(model.prior + 6, dict(model.weights))
    chance = np.random.default_rng(seed)
    bits = bits_of(CODING, fit, pairs)
    return Sample(pairs, chance.random(len(pairs)) < 1 / (1 + 2.0**-bits), np.ones(len(pairs)))


def _few(pairs: Graded) -> Sample:
    few = pairs.where(np.arange(20))
    return Sample(few, np.arange(20) % 2 == 0, np.ones(20))


def test_weights_learned_from_labels_predict_other_labels(pairs: Graded) -> None:
    half = np.arange(len(pairs)) % 2 == 0
    sample = labelled(pairs, 1)
    fit = fitted(CODING, Sample(pairs.where(half), sample.same[half], sample.counts[half]))
    bits = bits_of(CODING, fit, pairs.where(~half))
    right = ((bits > 0) == sample.same[~half]).mean()
    assert right > 0.93


def test_falling_comparisons_fall(pairs: Graded) -> None:
    sample = labelled(pairs, 1)
    fit = fitted(CODING, sample, ridge=0.1)
    for each in COMPARISONS:
        if each.falling:
            weighing = [
                weight.bits
                for weight, level in zip(fit.weights[each.name], each.levels, strict=True)
                if not level.silent
            ]
            assert weighing == sorted(weighing, reverse=True), each.name


def test_silent_levels_weigh_nothing_and_rarity_only_adds(pairs: Graded) -> None:
    fit = fitted(CODING, labelled(pairs, 1))
    for each in COMPARISONS:
        for weight, level in zip(fit.weights[each.name], each.levels, strict=True):
            assert weight.rarity >= 0
            assert not level.silent or weight == Weight(0.0)


def test_graded_bits_are_the_scorers() -> None:
    rows = crowd(60, seed=4)
    shares = Shares(rows)
    chosen = [(a, b) for a in rows[:20] for b in rows[20:]]
    model = load()
    found = graded(COMPARISONS, chosen, shares)
    fit = type(fitted(CODING, _few(found)))(model.prior, dict(model.weights))
    scorer = Scorer(model, shares)
    bits = bits_of(CODING, fit, found)
    for place, (a, b) in enumerate(chosen):
        assert math.isclose(bits[place], scorer.score(a, b).bits, abs_tol=1e-4)


def test_first_questions_are_spread_over_all_bits(pairs: Graded) -> None:
    bits = bits_of(CODING, fitted(CODING, labelled(pairs, 1)), pairs)
    chosen = bits[first_questions(bits, 240, random.Random(1))]
    histogram, _ = np.histogram(chosen, bins=12, range=(bits.min(), bits.max()))
    assert len(chosen) == 240
    assert np.median(histogram) >= 12


def test_next_questions_are_doubtful_new_and_varied(pairs: Graded) -> None:
    bits = bits_of(CODING, fitted(CODING, labelled(pairs, 1)), pairs)
    asked = list(range(50))
    twice = stacked([pairs, pairs])
    chosen = next_questions(twice, np.tile(bits, 2), asked, 100, random.Random(1))
    assert len(chosen) == len(set(chosen)) == 100
    assert not set(chosen) & set(asked)
    patterns = [twice.levels[place].tobytes() for place in chosen]
    assert max(map(patterns.count, patterns)) <= PER_PATTERN + 1
    assert np.median(abs(np.tile(bits, 2)[chosen])) < np.median(abs(bits)) / 4
