"""What the whole file adds to a pair's bits: who else is near.

The bits of a pair know these two records alone. Of two records that match no third as well, the
same bits say more: on cities that no weight was fitted to, pairs around the threshold were one
business about twice as often where each was the other's best. So such pairs are favoured, and
those that are the best of one side a little.
"""

from typing import Final

import numpy as np

from matching.linkage import Weights

BOTH: Final = 5.0  # bits, where each is the other's best
ONE: Final = 3.0  # bits, where one is the other's best


def favoured(size: int, weights: Weights) -> Weights:
    """Give the pairs with what being the best of `size` records' pairs adds."""
    best = np.full(size, -np.inf)
    np.maximum.at(best, weights.left, weights.bits)
    np.maximum.at(best, weights.right, weights.bits)
    sides = (best[weights.left] == weights.bits).astype(np.int64)
    sides += best[weights.right] == weights.bits
    return Weights(weights.left, weights.right, weights.bits + np.array([0.0, ONE, BOTH])[sides])
