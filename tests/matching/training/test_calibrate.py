import numpy as np
import pytest

from matching.model import Thresholds
from matching.training.calibrate import Scores, calibrated, threshold, zones
from matching.training.office import raised


def scores(slope: float, size: int = 20_000) -> Scores:
    """Pairs whose true odds are 2 ** (slope * bits)."""
    chance = np.random.default_rng(3)
    bits = chance.uniform(-12, 12, size)
    same = chance.random(size) < 1 / (1 + 2.0 ** (-slope * bits))
    return Scores(bits, same, np.ones(size), chance.integers(0, 4, size))


@pytest.mark.parametrize("slope", [0.5, 1.0, 2.0])
def test_probabilities_follow_what_was_observed(slope: float) -> None:
    found = dict(calibrated(scores(slope)))
    for bits in (-4.0, -1.0, 0.0, 1.0, 4.0):
        assert found[bits] == pytest.approx(1 / (1 + 2.0 ** (-slope * bits)), abs=0.03)
    assert sorted(found.values()) == list(found.values())


def test_links_above_the_threshold_are_right_often_enough() -> None:
    known = scores(1.0)
    bound = threshold(known, 0.99, worst=0.98)
    above = known.bits >= bound
    assert known.same[above].mean() >= 0.99
    assert known.same[(known.bits >= bound - 1) & ~above].mean() < 0.99


def test_a_bad_group_raises_the_threshold() -> None:
    known = scores(1.0)
    misled = (known.groups == 2) & (known.bits > 4) & (known.bits < 6)
    worse = Scores(known.bits, known.same & ~misled, known.counts, known.groups)
    assert threshold(worse, 0.9, worst=0.985) > threshold(known, 0.9, worst=0.985)


def test_where_no_threshold_is_precise_enough_none_is_reached() -> None:
    wrong = Scores(np.arange(5.0), np.zeros(5, bool), np.ones(5), np.zeros(5, np.int64))
    assert threshold(wrong, 0.99, worst=0.9) > 4.0


def test_a_person_is_asked_from_the_wished_doubt_on() -> None:
    known = scores(1.0)
    marks = calibrated(known)
    found = zones(known, marks, precision=0.99, doubt=0.2)
    assert found.clerical == pytest.approx(-2.0, abs=0.2)
    assert found.automatic > found.clerical


def test_answers_with_errors_stop_no_links_and_allow_none_the_sooner() -> None:
    base = Thresholds(automatic=7.7, clerical=-2.95)
    drawn = np.random.default_rng(5)
    bits = drawn.uniform(-10.0, 20.0, 900)
    for share, automatic in ((0.0, 7.7), (0.025, 7.7), (0.2, 20.0)):
        same = (bits > 0) != (drawn.random(900) < share)
        scores = Scores(bits, same, np.ones(900), np.zeros(900, dtype=np.int64))
        found = raised(scores, calibrated(scores), base)
        assert found.automatic == pytest.approx(automatic, abs=1.5)
        assert found.automatic >= base.automatic
        assert found.clerical < 0
