"""The weights of the doorstep: what buckets in common say, learned on invented towns."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from scipy import optimize, sparse, special

from matching.doorstep import QUARTERS, VERSION, Marker, Marks, Weights, levels
from matching.record import FIELD, PRELIST
from matching.truth.make import make_truth
from matching.truth.survey import Labelled

WARNING: Final = -2 * QUARTERS  # better two needless warnings in a day than a business twice
RIDGE: Final = 1.0
FEWEST: Final = 30  # pairs with a level, for it to be told of


class Visit(NamedTuple):
    """What is typed at a door, and what the phone holds of that area; `unit` is the truth."""

    unit: int
    typed: Marks
    listed: Sequence[tuple[int, Marks]]


def visits(town: Iterable[Labelled]) -> Iterator[Visit]:
    """Give every visit of a town whose area is known, with the prelist of that area."""
    keys: dict[str, Marker] = {}
    lists: defaultdict[str, list[tuple[int, Marks]]] = defaultdict(list)
    doors = []
    for record, unit, _ in town:
        if record.sls is not None:
            marker = keys.setdefault(record.sls, Marker(record.sls))
            if record.source == PRELIST:
                lists[record.sls].append((unit, marker.marks(record)))
            elif record.source == FIELD:
                doors.append((unit, record.sls, marker.marks(record)))
    for unit, sls, typed in doors:
        yield Visit(unit, typed, lists[sls])


def learned(seeds: Iterable[int], records: int) -> Weights:
    """Learn the weights on invented towns of so many records; equal arguments, equal weights."""
    found = [
        (levels(each.typed, marks), unit == each.unit)
        for seed in seeds
        for each in visits(make_truth(records, seed))
        for unit, marks in each.listed
    ]
    counts = Counter(level for each, _ in found for level in each)
    names = sorted(name for name, count in counts.items() if count >= FEWEST)
    places = {name: place for place, name in enumerate(names, 1)}
    rows = [[0, *(places[each] for each in pair if each in places)] for pair, _ in found]
    design = sparse.csr_matrix(
        (
            np.ones(sum(map(len, rows))),
            [column for row in rows for column in row],
            np.cumsum([0, *map(len, rows)]),
        ),
        shape=(len(rows), len(names) + 1),
    )
    quarters = _fit(design, np.asarray([same for _, same in found])) * QUARTERS / np.log(2)
    prior, *weights = (round(each) for each in quarters.tolist())
    return Weights(prior, dict(zip(names, weights, strict=True)), WARNING)


def _fit(design: sparse.csr_matrix, same: np.ndarray) -> np.ndarray:
    """Give the weights in nats that explain best which pairs are one; the first is the prior."""
    pull = np.full(design.shape[1], RIDGE)
    pull[0] = 0.0
    signs = np.where(same, 1.0, -1.0)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (design @ weights)
        slope = design.T @ (-signs * special.expit(-margins)) + pull * weights
        return float(np.logaddexp(0, -margins).sum() + (pull * weights**2).sum() / 2), slope

    start = np.zeros(design.shape[1])
    return np.asarray(optimize.minimize(loss, start, jac=True, method="L-BFGS-B").x)


def save(weights: Weights, path: Path) -> None:
    """Write weights as `matching.doorstep.shipped` reads them."""
    told = {
        "version": VERSION,
        "prior": weights.prior,
        "warning": weights.warning,
        "levels": dict(weights.levels),
    }
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
