"""The pairs of a set of records that share a key: those that would be compared."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matching.features import Features
from matching.keys import keys_of, kind_of, most_holders
from matching.reference import Reference


def candidates(records: Sequence[Features], reference: Reference) -> NDArray[np.int64]:
    """Return the pairs (rows of two places, ascending) of settled records; crowds are cut."""
    holders: dict[str, list[int]] = {}
    for place, features in enumerate(records):
        for key in keys_of(features, reference):
            holders.setdefault(key, []).append(place)
    found = {
        pair
        for key, places in holders.items()
        if 1 < len(places) <= most_holders(kind_of(key))
        for pair in combinations(places, 2)
    }
    return np.asarray(sorted(found), dtype=np.int64).reshape(len(found), 2)
