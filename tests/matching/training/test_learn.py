"""From invented towns to a model, and what an office's answers change."""

import random
from dataclasses import replace

import numpy as np
import pytest

from matching.levels.comparisons import COMPARISONS
from matching.model import Model, load
from matching.training.design import Coding
from matching.training.fit import Fit, bits_of
from matching.training.labels import Label, gathered
from matching.training.learn import Judged, grouped, learn
from matching.training.office import (
    TooFewLabelsError,
    labels_from,
    questions,
    relearn,
)
from matching.training.towns import Known, answered, invented


@pytest.fixture(scope="module")
def towns() -> list[Known]:
    return [invented(seed, 200, "usual") for seed in range(60, 64)]


@pytest.fixture(scope="module")
def learned(towns: list[Known]) -> Model:
    return learn(towns, "test", {"kind": "test"}, lambda _: None)


@pytest.mark.slow
def test_towns_make_a_model_that_groups_other_towns(learned: Model) -> None:
    other = invented(90, 300, "usual")
    fit = Fit(learned.prior, dict(learned.weights))
    bits = bits_of(Coding(COMPARISONS), fit, other.town.graded)
    f1, precision, recall = grouped(Judged(other, bits), 0.0)
    assert f1 > 0.8
    assert precision > 0.8
    assert recall > 0.7


@pytest.mark.slow
def test_the_model_tells_what_it_comes_from(learned: Model) -> None:
    assert learned.version == "test"
    assert len(learned.evaluation["towns"]) == 4
    assert learned.thresholds.clerical <= learned.thresholds.automatic


def test_a_perfect_score_groups_perfectly(towns: list[Known]) -> None:
    known = towns[0]
    f1, precision, recall = grouped(Judged(known, np.where(known.same, 20.0, -20.0)), 0.0)
    assert precision == 1.0
    assert f1 >= recall > 0.95


@pytest.mark.slow
def test_answers_move_the_weights_towards_them(towns: list[Known]) -> None:
    town, base = towns[1].town, load()
    truth = gathered(labels_from(town, [str(unit) for unit in towns[1].units], base))
    usual = relearn(town, truth, base, "usual")
    contrary = gathered(replace(each, same=not each.same) for each in truth.answers)
    turned = relearn(town, contrary, base, "turned")
    coding = Coding(COMPARISONS)
    chosen, same, _ = answered(town, truth)
    pairs = town.graded.where(chosen)
    before = bits_of(coding, Fit(usual.prior, dict(usual.weights)), pairs)
    after = bits_of(coding, Fit(turned.prior, dict(turned.weights)), pairs)
    assert before[same].mean() - before[~same].mean() > after[same].mean() - after[~same].mean()
    assert usual.labels["sha256"] == truth.sha256


def test_labels_of_pairs_never_compared_are_counted(towns: list[Known]) -> None:
    town = towns[2].town
    labels = gathered([Label("x", "y", same=True)])
    assert answered(town, labels)[2] == 1
    with pytest.raises(TooFewLabelsError, match="1 are not compared"):
        relearn(town, labels, load(), "none")


def test_questions_are_pairs_of_the_town(towns: list[Known]) -> None:
    town, chance = towns[3].town, random.Random(4)
    first = questions(town, gathered([]), load(), 40, chance)
    ids = {features.record_id for features in town.records}
    assert len(set(first)) == 40
    assert {each for pair in first for each in pair} <= ids
    asked = gathered(Label(*sorted(pair), same=False) for pair in first)
    second = questions(town, asked, load(), 40, chance)
    assert not {tuple(sorted(pair)) for pair in first} & {tuple(sorted(pair)) for pair in second}
