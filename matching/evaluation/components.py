"""Connected components: what every link chains together."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components


def components(count: int, links: NDArray[np.int64]) -> list[int]:
    """Give the component of each of `count` records; `links` has a row of two places each."""
    ones = np.ones(len(links), dtype=np.int8)
    left, right = links.reshape(-1, 2).T
    graph = coo_matrix((ones, (left, right)), shape=(count, count))
    found: list[int] = connected_components(graph, directed=False)[1].tolist()
    return found


def joined_by_keys(keys: Sequence[Iterable[str]]) -> list[int]:
    """Give components of records that share a key, whatever it is."""
    first: dict[str, int] = {}
    links = [(first.setdefault(key, at), at) for at, held in enumerate(keys) for key in held]
    return components(len(keys), np.array(links, dtype=np.int64).reshape(-1, 2))
