"""Average linkage of named units; apart from `grouping`, as it needs numpy and scipy.

A service that joins nobody never loads them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from app.dedup.rules import Pair
from matching.linkage import Pairs, Rules, Weights, group


def lowest(
    names: Sequence[str],
    bits: Mapping[Pair, float],
    *,
    must: Collection[Pair],
    cannot: Collection[Pair],
    alone: Sequence[bool],
    threshold: float,
) -> dict[str, str]:
    """Give for each name the one of its group that comes first among `names`.

    Pairs are of these names; `alone` tells of each name whether no two such ones may be joined.
    """
    place = {name: number for number, name in enumerate(names)}
    scored = sorted(bits)
    found = group(
        len(names),
        Weights(*_places(place, scored), np.array([bits[pair] for pair in scored], np.float64)),
        must=Pairs(*_places(place, sorted(must))),
        cannot=Pairs(*_places(place, sorted(cannot))),
        alone=np.array(alone, np.bool_),
        rules=Rules(threshold=threshold),
    )
    return {name: names[head] for name, head in zip(names, found.of.tolist(), strict=True)}


def _places(place: Mapping[str, int], pairs: Iterable[Pair]) -> tuple[np.ndarray, np.ndarray]:
    found = [(place[one], place[other]) for one, other in pairs]
    left, right = np.array(found, np.int64).reshape(-1, 2).T
    return left, right
