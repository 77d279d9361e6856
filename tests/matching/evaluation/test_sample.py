from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from matching.evaluation.estimate import Estimate, Said, estimated, marks
from matching.evaluation.sample import UNSCORED, Design, Drawn, draw

Population = tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]


def probability(bits: float) -> float:
    return float(1 / (1 + 2**-bits))


def population(seed: int, *, boast: float = 0.0) -> Population:
    """Give bits, links and truth: many far pairs, few matches; `boast` bits too many."""
    rng = np.random.default_rng(seed)
    bits = np.concatenate([rng.normal(-11, 2.5, 60_000), rng.normal(9, 4, 6_000)])
    same = rng.random(len(bits)) < 1 / (1 + 2 ** -(bits - boast))
    return bits, bits > 0.5, same


def answers(drawn: Drawn, same: NDArray[np.bool_]) -> list[Said]:
    return [
        Said(stratum, bool(same[place]))
        for place, stratum in zip(drawn.places, drawn.strata, strict=True)
    ]


def surveyed(seed: int, *, boast: float = 0.0) -> tuple[Estimate, float, float]:
    bits, linked, same = population(seed, boast=boast)
    drawn = draw(bits, linked, probability, questions=1200, seed=seed)
    true = float((linked & same).sum())
    found = estimated(drawn.design, answers(drawn, same))
    return found, true / linked.sum(), true / same.sum()


def test_every_question_is_asked_once_and_belongs_to_its_stratum() -> None:
    bits, linked, _ = population(1)
    drawn = draw(bits, linked, probability, questions=600, seed=1)
    assert len(set(drawn.places)) == len(drawn.places)
    assert [each.asked for each in drawn.design.strata] == np.bincount(drawn.strata).tolist()
    for place, number in zip(drawn.places, drawn.strata, strict=True):
        stratum = drawn.design.strata[number]
        assert stratum.low is not None
        assert stratum.low <= bits[place] <= stratum.high
        assert stratum.linked == linked[place]


def test_doubt_is_asked_about_more_than_certainty() -> None:
    bits, linked, _ = population(1)
    strata = draw(bits, linked, probability, questions=1000, seed=1).design.strata
    share = {each.low: each.asked / each.pairs for each in strata}
    assert share[0.0] > 3 * share[15.0]


def test_equal_seeds_draw_equal_samples() -> None:
    bits, linked, _ = population(1)
    one, other = (draw(bits, linked, probability, questions=300, seed=5) for _ in range(2))
    assert one == other


def test_what_is_left_out_is_little_and_told() -> None:
    bits, linked, _ = population(1)
    design = draw(bits, linked, probability, questions=300, seed=1).design
    assert min(each.low or 0 for each in design.strata) > -99
    assert 0 < design.left_out < 0.01 * 6_000


def test_a_design_can_be_put_away() -> None:
    bits, linked, _ = population(1)
    design = draw(bits, linked, probability, questions=300, seed=1).design
    assert Design.of(design.figures()) == design


@pytest.mark.unmeasured
def test_bounds_hold_the_truth_nearly_always() -> None:
    held = {"precision": 0, "recall": 0}
    for seed in range(30):
        found, precision, recall = surveyed(seed)
        held["precision"] += found.precision.low <= precision <= found.precision.high
        held["recall"] += found.recall.low <= recall <= found.recall.high
        assert found.precision.high - found.precision.low < 0.05
        assert found.recall.high - found.recall.low < 0.06
    assert min(held.values()) >= 26


@pytest.mark.unmeasured
def test_a_boasting_model_does_not_sway_the_estimate() -> None:
    misses = []
    for seed in range(10):
        found, precision, recall = surveyed(seed, boast=2.0)
        misses += [found.precision.value - precision, found.recall.value - recall]
    assert abs(float(np.mean(misses))) < 0.01


def test_pairs_linked_by_others_alone_are_asked_about() -> None:
    bits = np.array([UNSCORED] * 40 + [9.0] * 60)
    linked = np.ones(100, dtype=bool)
    drawn = draw(bits, linked, probability, questions=50, seed=1)
    assert drawn.design.strata[0].low is None
    assert drawn.design.strata[0].pairs == 40
    found = estimated(drawn.design, answers(drawn, bits > 0))
    assert found.precision.value == pytest.approx(0.6)


def test_what_nobody_could_tell_is_left_to_the_model() -> None:
    bits, linked, same = population(2)
    drawn = draw(bits, linked, probability, questions=600, seed=2)
    said = [replace(each, first=None) for each in answers(drawn, same)]
    found = estimated(drawn.design, said)
    assert (found.asked, found.unanswered) == (0, len(said))
    assert found.precision.value == pytest.approx((linked & same).sum() / linked.sum(), abs=0.05)


def test_two_who_agree_and_two_who_do_not() -> None:
    bits, linked, same = population(2)
    drawn = draw(bits, linked, probability, questions=600, seed=2)
    said = answers(drawn, same)
    assert estimated(drawn.design, said).kappa is None
    alike = [replace(each, second=each.first) for each in said]
    assert estimated(drawn.design, alike).kappa == 1
    opposed = [replace(each, second=not each.first) for each in said]
    kappa = estimated(drawn.design, opposed).kappa
    assert kappa is not None
    assert kappa < 0


def test_marks_compare_expectation_and_answers() -> None:
    bits, linked, same = population(3)
    drawn = draw(bits, linked, probability, questions=900, seed=3)
    found = marks(drawn.design, estimated(drawn.design, answers(drawn, same)))
    held = [each["seen"]["low"] <= each["said"] <= each["seen"]["high"] for each in found]
    assert sum(held) >= 0.8 * len(held) > 10
