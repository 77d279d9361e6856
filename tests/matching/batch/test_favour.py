import numpy as np

from matching.batch.favour import BOTH, ONE, favoured
from matching.linkage import Weights


def test_the_best_of_both_records_is_favoured_and_that_of_one_a_little() -> None:
    pairs = {(0, 1): 5.0, (1, 2): 3.0, (2, 3): 1.0, (0, 2): 0.5, (4, 5): -9.0}
    left, right = np.array(list(pairs), np.int64).T
    given = Weights(left, right, np.array(list(pairs.values())))
    found = favoured(7, given)
    added = dict(zip(pairs, (found.bits - given.bits).tolist(), strict=True))
    # record 2's best is with 1, whose best is another; 3 knows only 2
    assert added == {(0, 1): BOTH, (1, 2): ONE, (2, 3): ONE, (0, 2): 0.0, (4, 5): BOTH}


def test_nothing_is_favoured_where_nothing_was_scored() -> None:
    assert len(favoured(3, Weights())) == 0
