from itertools import combinations
from random import Random

import numpy as np
import pytest

from matching.evaluation.agreement import Agreement, coded, judged, pairwise, touching


def pairs(units: list[int], marked: list[bool] | None = None) -> set[tuple[int, int]]:
    return {
        (one, other)
        for one, other in combinations(range(len(units)), 2)
        if units[one] == units[other] and (marked is None or marked[one] or marked[other])
    }


def test_two_businesses_joined_and_one_split() -> None:
    found = ["a", "a", "a", "b", "c", "d"]
    true = ["1", "1", "2", "3", "3", "4"]
    judgement = judged(found, true, {})
    assert judgement.pairs == Agreement(both=1, found=3, true=2)
    assert judgement.pairs.precision == pytest.approx(1 / 3)
    assert judgement.pairs.recall == 1 / 2
    assert judgement.pairs.f1 == pytest.approx(2 / 5)
    assert judgement.clusters == Agreement(both=0, found=1, true=2)
    assert judgement.pure == 0
    assert (judgement.entities_found, judgement.entities_true) == (4, 4)
    assert judgement.largest == 3


def test_the_truth_is_without_fault() -> None:
    judgement = judged([1, 1, 2], ["x", "x", "y"], {})
    assert judgement.pairs.f1 == judgement.clusters.f1 == judgement.pure == 1
    assert judgement.entity_error == 0


def test_finding_nothing_is_precise_and_recalls_nothing() -> None:
    judgement = judged([1, 2, 3], [1, 1, 1], {})
    assert (judgement.pairs.precision, judgement.pairs.recall, judgement.pairs.f1) == (1, 0, 0)
    assert judgement.entity_error == 2


def test_counts_are_those_of_all_pairs_one_by_one() -> None:
    rng = Random(3)
    for _ in range(30):
        found = [rng.randrange(6) for _ in range(25)]
        true = [rng.randrange(8) for _ in range(25)]
        marked = [rng.random() < 0.3 for _ in range(25)]
        here, there = pairs(found), pairs(true)
        counted = pairwise(coded(found), coded(true))
        assert counted == Agreement(len(here & there), len(here), len(there))
        here, there = pairs(found, marked), pairs(true, marked)
        counted = touching(coded(found), coded(true), np.array(marked))
        assert counted == Agreement(len(here & there), len(here), len(there))


def test_hard_classes_that_do_not_occur_are_left_out() -> None:
    masks = {"chain": np.array([True, False]), "stall": np.array([False, False])}
    assert list(judged([1, 1], [1, 1], masks).hard) == ["chain"]


def test_as_many_found_as_true_are_asked_for() -> None:
    with pytest.raises(ValueError, match="as many found"):
        judged([1, 2], [1], {})


def test_figures_have_names() -> None:
    figures = judged([1, 1], [1, 1], {"chain": np.array([True, False])}).figures()
    assert figures["hard_classes"] == {"chain": Agreement(1, 1, 1).figures()}
