"""Connected components: what every link chains together."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.linkage.graph import Pairs, roots


def components(count: int, links: NDArray[np.int64]) -> list[int]:
    """Give the lowest record of the component of each of `count` records.

    `links` has a row of two places each.
    """
    found: list[int] = roots(count, Pairs(*links.reshape(-1, 2).T)).tolist()
    return found


def joined_by_keys(keys: Sequence[Iterable[str]]) -> list[int]:
    """Give components of records that share a key, whatever it is."""
    first: dict[str, int] = {}
    links = [(first.setdefault(key, at), at) for at, held in enumerate(keys) for key in held]
    return components(len(keys), np.array(links, dtype=np.int64).reshape(-1, 2))
