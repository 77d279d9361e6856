"""What a round of questions asks about."""

from collections import Counter
from pathlib import Path

import pytest

from matching.training import labels
from matching.training.examples import COLUMNS, read, row_of
from matching.training.labels import LabelsError
from matching.training.rounds import Candidate, covering, seen_of, shares

SIZES = {"apart": 90, "doubt 1": 90, "doubt 2": 90, "automatic": 90}
PLAIN = {"apart", "automatic"}


def pair(name: str, *levels: int) -> Candidate:
    return Candidate(name, name + "x", 0.0, levels)


def test_a_round_is_doubt_in_equal_parts_and_a_few_plain_pairs() -> None:
    assert shares(SIZES, PLAIN, 50) == {"apart": 5, "doubt 1": 20, "doubt 2": 20, "automatic": 5}
    short = shares(SIZES | {"doubt 1": 3}, PLAIN, 50)
    assert short == {"apart": 5, "doubt 1": 3, "doubt 2": 37, "automatic": 5}
    none = shares(SIZES | {"doubt 1": 0, "doubt 2": 0}, PLAIN, 50)
    assert none == {"apart": 25, "doubt 1": 0, "doubt 2": 0, "automatic": 25}
    assert sum(shares(dict.fromkeys(SIZES, 2), PLAIN, 50).values()) == 8
    assert sum(shares(SIZES, PLAIN, 1).values()) == 1
    assert shares({}, PLAIN, 50) == {}


def test_rare_levels_come_first_and_what_was_seen_before_comes_last() -> None:
    pool = [pair("a", 0, 0), pair("b", 0, 0), pair("c", 0, 0), pair("d", 1, 2), pair("e", 0, 2)]
    chosen = covering(pool, 3, seen_of([(0, 0), (0, 0)]))
    assert [each.left for each in chosen] == ["d", "e", "a"]
    assert [each.left for each in covering(pool, 3, Counter())][:2] == ["a", "d"]
    assert len(covering(pool, 99, Counter())) == 5


def test_examples_hold_both_records_and_are_a_labels_file(tmp_path: Path) -> None:
    one = {"source": "field", "name": 'Toko, "Sri"', "latitude": -6.9, "sls": "33750100040001"}
    other = {"source": "prelist", "phone": "0812"}
    rows = [
        row_of(("a", "b"), answer, (one, other), {"weight": 2.5, "stratum": "doubt 1"})
        for answer in ("same", "different", "unsure")
    ]
    path = tmp_path / "labels.csv"
    quoted = [",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows]
    path.write_text("\n".join([",".join(COLUMNS), *quoted]), "utf-8")
    same, different = read(path)
    assert (same.same, different.same, same.weight) == (True, False, 2.5)
    assert (same.left.name, same.left.latitude, same.right.phone) == (one["name"], -6.9, "0812")
    assert same.left.record_id == "a"
    assert labels.read(path).contradicted == (("a", "b"),)
    path.write_text("left,right,answer\na,b,same\n", "utf-8")
    with pytest.raises(LabelsError, match="--records"):
        read(path)
    path.write_text(",".join(COLUMNS) + "\n" + quoted[0].replace("2.5", "much"), "utf-8")
    with pytest.raises(LabelsError, match="Line 2"):
        read(path)
