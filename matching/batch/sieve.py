"""Which pairs can reach the floor at all: nine of ten cannot, and Splink never sees them.

The same levels and the same weights as Splink's, added up in one pass; of a term whose rarity
counts the rarest is assumed, and some measures are only bounded. So no pair is lost, and the bits
that count are Splink's.
"""

from collections.abc import Sequence
from math import log2
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matching.batch.measures import facts_of
from matching.levels.comparison import Comparison, Fact, Level
from matching.levels.sql import Asked, fact_column, first_that_holds
from matching.model import RAREST, Model, Weight

Floats = NDArray[np.float64]
_SLACK: Final = 1e-6  # bits, for adding up in another order


class Sieve:
    """Sifts pairs of a connection that has the table `prepared`."""

    def __init__(self, base: duckdb.DuckDBPyConnection, model: Model, wanted: Asked) -> None:
        comparisons = model.comparisons()
        facts = {fact_column(fact): fact for each in comparisons for fact in each.facts}
        together = _together(model, facts, comparisons)
        base.execute("drop table if exists together").fetchall()
        base.from_arrow(together).create("together")
        single = [
            first_that_holds(
                each.levels, map(_double, _capped(each.levels, _bits(model, each)).tolist())
            )
            for each in comparisons
            if not each.facts
        ]
        self._base, self._wanted = base, wanted
        bits = " + ".join(single) or "0e0"
        self._weighed = f"join_key_l, join_key_r, {_code(facts)} as facts, {bits} as bits"
        self._prior = model.prior

    def sift(self, floor: float) -> None:
        """Make the table `promising`: the pairs of `asked` that may reach the floor."""
        least = floor - _SLACK - self._prior
        pairs = facts_of(self._base, "asked", self._wanted, self._wanted.most)
        weighed = pairs.project(self._weighed)
        self._base.execute("drop table if exists promising").fetchall()
        weighed.join(self._base.table("together"), "facts").filter(
            f"bits + weight >= {_double(least)}"
        ).project("join_key_l, join_key_r").create("promising")


def _code(facts: dict[str, Fact]) -> str:
    """Give the SQL of a combination's number, the last fact counting fastest."""
    sql = "0"
    for name, fact in facts.items():
        sql = f"({sql} * {len(fact.levels)} + {name})"
    return f"{sql}::integer"


def _together(model: Model, facts: dict[str, Fact], comparisons: Sequence[Comparison]) -> pa.Table:
    """Tell what every combination of facts weighs, by its number."""
    shape = [len(fact.levels) for fact in facts.values()]
    places = [*facts]
    total = np.zeros(shape)
    for each in comparisons:
        if each.facts:
            one, other = each.facts
            square = _bits(model, each).reshape(len(one.levels), len(other.levels))
            square = _capped(other.levels, _capped(one.levels, square).T).T
            mine, its = places.index(fact_column(one)), places.index(fact_column(other))
            spread = [1] * len(shape)
            spread[mine], spread[its] = square.shape
            total += (square if mine < its else square.T).reshape(spread)
    return pa.table(
        {"facts": pa.array(np.arange(total.size, dtype=np.int32)), "weight": total.ravel()}
    )


def _bits(model: Model, each: Comparison) -> Floats:
    """Tell the most that each level can weigh."""
    return np.array([_most(weight) for weight in model.weights[each.name]])


def _most(weight: Weight) -> float:
    shares = (RAREST, weight.usual, 1.0)
    return weight.bits + max(weight.rarity * log2(weight.usual / share) for share in shares)


def _capped(levels: Sequence[Level], bits: Floats) -> Floats:
    """Tell the most that follows from what seems to be a level, and may be one of those after it.

    `bits` has a row for each level.
    """
    found = bits.copy()
    for at, level in enumerate(levels):
        if level.when is not None and any(each.most for each in level.when.taken):
            found[at] = bits[at:].max(axis=0)
    return found


def _double(number: float) -> str:
    return f"{number:.17e}"
