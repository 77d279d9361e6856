"""FEBRL 3 and 4: not below what Splink's documentation reaches there (.997 and .999)."""

from typing import Any

import pytest

from matching.evaluation.agreement import judged
from matching.training.fit import Fit
from tests.support import febrl

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def fit() -> Fit:
    """Learn from FEBRL 1 and 2: other people than those that are judged."""
    learners: list[Any] = []
    for offset, name in ((0, "febrl1"), (100_000, "febrl2")):
        table = febrl.load(name)
        table.index = [f"rec-{int(each.split('-')[1]) + offset}" for each in table.index]
        learners.append(table)
    return febrl.learnt(febrl.people_of(*learners), labels=2000, seed=1)


def test_febrl_3_clustered(fit: Fit) -> None:
    people = febrl.people_of(febrl.load("febrl3"))
    found = febrl.grouped(people, fit)
    assert judged(found, febrl.true_of(people).tolist()).pairs.f1 >= 0.997


def test_febrl_4_linked(fit: Fit) -> None:
    left, right = febrl.load("febrl4")
    people = febrl.people_of(left, right)
    found = febrl.grouped(people, fit, across=len(left))
    assert judged(found, febrl.true_of(people).tolist()).pairs.f1 >= 0.999
