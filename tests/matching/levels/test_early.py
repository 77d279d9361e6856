"""What stops early drops exactly what cannot reach the bound."""

import random

import pytest

from matching.levels.comparisons import COMPARISONS
from matching.levels.early import sieve
from matching.levels.python import grades
from matching.model import load
from matching.scorer import Scorer
from tests.matching.invented import Shares, crowd


@pytest.mark.parametrize("seed", range(3))
def test_a_pair_passes_up_to_its_bits_and_not_beyond(seed: int) -> None:
    chance = random.Random(seed)
    rows = crowd(60, seed=seed)
    bits = [[chance.uniform(-5, 5) for _ in each.levels] for each in COMPARISONS]
    passes, grade = sieve(COMPARISONS, bits, 1.5), grades(COMPARISONS)
    for left, right in zip(rows, rows[1:] + rows[:1], strict=True):
        for other in (left, right, *chance.sample(rows, 8)):
            levels = grade(left, other)
            worth = 1.5 + sum(each[level] for each, level in zip(bits, levels, strict=True))
            assert passes(left, other, worth) == levels
            assert passes(left, other, worth + 0.001) is None


def test_what_reaches_the_bound_scores_the_very_same() -> None:
    rows = crowd(150, seed=5)
    scorer, least = Scorer(load(), Shares(rows)), load().thresholds.clerical
    kept = 0
    for place, left in enumerate(rows):
        for right in rows[place + 1 :]:
            scored = scorer.score(left, right)
            assert scorer.score_above(left, right, scored.bits) == scored
            found = scorer.score_above(left, right, least)
            assert found == (scored if scored.bits >= least else None)
            kept += found is not None
    assert kept > 100
