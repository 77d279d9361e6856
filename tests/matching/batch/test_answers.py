from pathlib import Path

import pytest

from matching.batch.answers import WEIGHT, Review, read_review
from matching.batch.errors import BadInput

PLACES = {"a": 0, "b": 1, "c": 2}


def read(tmp_path: Path, text: str) -> Review:
    path = tmp_path / "review.csv"
    path.write_text(text)
    return read_review(path, PLACES)


@pytest.mark.parametrize("column", ["answer", "decision", "label", "Match"])
@pytest.mark.parametrize(
    ("same", "different"), [("same", "different"), ("SAMA", "beda"), ("1", "0"), ("true", "False")]
)
def test_answers_are_read_in_all_their_spellings(
    tmp_path: Path, column: str, same: str, different: str
) -> None:
    review = read(tmp_path, f"left,right,{column}\na,b,{same}\nc,b,{different}\n")
    assert review.pairs == [("a", "b"), ("b", "c")]
    assert review.answers.bits.tolist() == [WEIGHT, -WEIGHT]
    assert review.answers.left.tolist() == [0, 1]
    assert review.answers.right.tolist() == [1, 2]
    assert review.given == 2


def test_the_same_answer_twice_weighs_twice_and_both_answers_weigh_nothing(tmp_path: Path) -> None:
    review = read(tmp_path, "left,right,answer\na,b,1\nb,a,1\na,c,1\nc,a,0\n")
    assert dict(zip(review.pairs, review.answers.bits, strict=True)) == {
        ("a", "b"): 2 * WEIGHT,
        ("a", "c"): 0,
    }
    assert review.contradicting == [("a", "c")]


def test_answers_that_fit_nothing_are_counted(tmp_path: Path) -> None:
    review = read(tmp_path, "left,right,answer\na,zz,1\na,b,maybe\na,a,1\na,b,\nb,c,1\n")
    assert review.unknown == 4
    assert review.pairs == [("b", "c")]


def test_a_file_without_answers_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no column named one of: answer"):
        read(tmp_path, "left,right\na,b\n")


def test_a_review_of_nothing_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "left,right,answer\n").pairs == []
