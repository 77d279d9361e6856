"""How sure a share is that was counted in a sample."""

from math import sqrt
from typing import Final, NamedTuple

Z: Final = 1.959964  # of 95 per cent


class Interval(NamedTuple):
    """An estimate, and between what bounds it lies 95 times in 100."""

    value: float
    low: float
    high: float


def wilson(right: float, asked: float) -> Interval:
    """Give the share that is right, by Wilson's score interval; nothing asked, nothing known."""
    if asked <= 0:
        return Interval(float("nan"), 0.0, 1.0)
    share = right / asked
    shrink = 1 + Z * Z / asked
    middle = (share + Z * Z / (2 * asked)) / shrink
    half = Z / shrink * sqrt(share * (1 - share) / asked + Z * Z / (4 * asked * asked))
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))
