import math
from random import Random

import numpy as np
import pytest

from matching.evaluation.agreement import judged
from matching.evaluation.clerks import DIFFERENT, SAME, answered
from matching.evaluation.components import components, joined_by_keys
from matching.evaluation.exact import exact_units
from matching.record import Record
from matching.truth.make import make_truth


def record(number: int, **parts: str) -> Record:
    return Record(record_id=str(number), source="prelist", **parts)


def test_links_chain() -> None:
    units = components(5, np.array([[0, 1], [1, 2]]))
    assert units[0] == units[1] == units[2]
    assert len(set(units)) == 3


def test_no_links_no_groups() -> None:
    assert len(set(components(3, np.empty((0, 2), dtype=np.int64)))) == 3


def test_shared_keys_join() -> None:
    units = joined_by_keys([["a"], ["a", "b"], ["b"], ["c"], []])
    assert units[0] == units[1] == units[2]
    assert len(set(units)) == 3


def test_exact_keys() -> None:
    here = {"sls": "3375010001000100"}
    units = exact_units(
        [
            record(0, name="Toko Sari", **here),
            record(1, name="TOKO  SARI", **here),
            record(2, name="TOKO SARI"),
            record(3, phone="0812-3456-7891"),
            record(4, phone="+62 81234567891"),
            record(5, nib="0000000000000"),
            record(6, nib="0000000000000"),
            record(7, phone="9999"),
            record(8, phone="9999"),
        ]
    )
    assert units[0] == units[1]
    assert units[3] == units[4]
    assert len(set(units)) == 7


def test_clerks_answer_as_many_as_an_office_can_afford() -> None:
    questions = [("a", "b"), ("a", "c"), ("b", "c")]
    truth = {"a": "1", "b": "1", "c": "2"}
    said = answered(questions, truth, Random(1), records=25, error=0.0)
    assert said == [("a", "b", SAME), ("a", "c", DIFFERENT)]


def test_clerks_err_as_often_as_is_told() -> None:
    questions = [(str(at), str(at + 1)) for at in range(0, 8000, 2)]
    truth = {str(at): str(at // 2) for at in range(8000)}
    said = answered(questions, truth, Random(1), records=40_000, error=0.03)
    wrong = sum(each.answer == DIFFERENT for each in said) / len(said)
    assert math.isclose(wrong, 0.03, abs_tol=0.01)


@pytest.mark.slow
def test_the_textbook_falls_short_where_neighbours_are_alike() -> None:
    from matching.evaluation.textbook import textbook_units

    city = make_truth(700, 3)
    units = textbook_units([each.record for each in city])
    pairs = judged(units, [each.unit for each in city], {}).pairs
    assert 0.2 < pairs.f1 < 0.85
