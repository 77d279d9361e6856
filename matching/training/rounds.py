"""A round of questions for people: doubtful pairs of every kind, and a few that seem plain.

Pure Python, because pages ask for it: nothing here loads NumPy.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

PLAIN: Final = 0.1  # share of a round from each stratum that seems plain
Seen = Counter[tuple[int, int]]  # how often a comparison (its place) was at a level


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that could be asked about, with the level of each comparison."""

    left: str
    right: str
    bits: float
    levels: tuple[int, ...]


def seen_of(levels: Collection[Sequence[int]]) -> Seen:
    """Count the levels of pairs that were answered before."""
    return Counter((place, level) for each in levels for place, level in enumerate(each))


def shares(sizes: Mapping[str, int], plain: Collection[str], count: int) -> dict[str, int]:
    """Part a round of `count` among strata of these sizes; give how many of each are asked.

    Plain strata get a tenth each, the others equal parts of the rest. What a stratum does not
    have goes to the others, the doubtful ones first.
    """
    asked = dict.fromkeys(sizes, 0)
    doubtful = [name for name in sizes if name not in plain]
    for name in sizes:
        if name in plain:
            asked[name] = min(max(round(count * PLAIN), 1), sizes[name])
    while sum(asked.values()) > count:  # a round of very few
        asked[max(asked, key=lambda name: asked[name])] -= 1
    for group in (doubtful, list(sizes)):
        while sum(asked.values()) < count:
            open_ones = [name for name in group if asked[name] < sizes[name]]
            if not open_ones:
                break
            asked[min(open_ones, key=lambda name: asked[name])] += 1
    return asked


def covering(pool: Sequence[Candidate], count: int, seen: Seen) -> list[Candidate]:
    """Choose pairs whose levels were seen least, one after the other; `seen` grows with them.

    Of equals the first of the pool comes first, so equal pools give equal choices.
    """
    left = list(pool)
    chosen: list[Candidate] = []
    while left and len(chosen) < count:
        best = max(range(len(left)), key=lambda place: (_news(left[place], seen), -place))
        taken = left.pop(best)
        seen.update(enumerate(taken.levels))
        chosen.append(taken)
    return chosen


def _news(each: Candidate, seen: Seen) -> float:
    return sum(1.0 / (1 + seen[found]) for found in enumerate(each.levels))
