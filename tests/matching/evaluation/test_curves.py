import numpy as np
import pytest

from matching.evaluation.curves import by_threshold, calibration, curves, distribution
from matching.evaluation.intervals import wilson


def probability(bits: float) -> float:
    return 1 / (1 + 2**-bits)


BITS = np.array([5.2, 5.7, 0.1, -0.5, -3.0])
SAME = np.array([True, True, True, False, False])


def test_scores_are_counted_by_what_pairs_are() -> None:
    bars = distribution(BITS, SAME)
    assert [(bar.low, bar.same, bar.different) for bar in bars] == [
        (-3.0, 0, 1),
        (-1.0, 0, 1),
        (0.0, 1, 0),
        (5.0, 2, 0),
    ]


def test_scores_out_of_sight_count_at_the_ends() -> None:
    bars = distribution(np.array([999.0, -999.0]), np.array([True, False]))
    assert [(bar.low, bar.same + bar.different) for bar in bars] == [(-30.0, 1), (30.0, 1)]


def test_a_threshold_trades_recall_for_precision() -> None:
    points = {point.threshold: point for point in by_threshold(BITS, SAME, true=4)}
    assert points[-3.0].precision == pytest.approx(3 / 5)
    assert points[0.0].precision == 1
    assert points[0.0].recall == 3 / 4
    assert points[5.5].recall == 1 / 4


def test_nothing_scored_has_no_curve() -> None:
    none = np.array([], dtype=np.float64)
    assert by_threshold(none, none.astype(bool), true=3) == ()


def test_a_calibrated_model_is_seen_as_it_says() -> None:
    rng = np.random.default_rng(1)
    bits = rng.normal(0, 3, 20_000)
    same = rng.random(20_000) < 1 / (1 + 2**-bits)
    marks = calibration(bits, same, probability)
    assert all(abs(mark.said - mark.seen.value) < 0.04 for mark in marks)


def test_a_boaster_is_found_out() -> None:
    bits = np.full(500, 6.0)
    same = np.arange(500) < 250
    (mark,) = calibration(bits, same, probability)
    assert mark.said > 0.98
    assert mark.seen.high < 0.56


def test_curves_are_of_the_same_pairs() -> None:
    drawn = curves(BITS, SAME, probability, true=4)
    assert sum(bar.same + bar.different for bar in drawn.distribution) == 5
    assert sum(mark.pairs for mark in drawn.calibration) == 5


def test_wilsons_interval_never_leaves_the_shares() -> None:
    assert wilson(0, 10).low == 0
    assert wilson(0, 10).high == pytest.approx(0.2775, abs=1e-3)
    assert wilson(10, 10).high == pytest.approx(1)
    assert wilson(0, 0)[1:] == (0.0, 1.0)
