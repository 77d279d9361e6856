"""The levels of a pair, taken once, and Splink's settings that read them.

Splink hands one column of the blocked pairs through to the levels, `match_key`: which blocking rule
found the pair. Ours are all found by one rule, so the column carries the place of each comparison's
first level that holds, and Splink's conditions compare small numbers. The same conditions, the same
bits, in a fraction of the time.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb

from matching.levels.comparison import Comparison
from matching.levels.sql import Asked

Base = duckdb.DuckDBPyConnection
Json = dict[str, Any]
CARRIER: Final = "match_key"


def reading(settings: Json, comparisons: Sequence[Comparison]) -> Json:
    """Give settings whose levels read their place from `match_key`."""
    keys = {each.name: f"c{number}" for number, each in enumerate(comparisons)}
    changed = [
        each | {"comparison_levels": _reading(each, keys[each["output_column_name"]])}
        for each in settings["comparisons"]
    ]
    return settings | {"comparisons": changed}


def _reading(each: Json, key: str) -> list[Json]:
    levels = each["comparison_levels"]
    read = [
        level | {"sql_condition": f"{CARRIER}['{key}'] = {place}"}
        for place, level in enumerate(levels[:-1])
    ]
    return [*read, levels[-1]]


def carried(places: Mapping[str, str]) -> str:
    """Give the SQL of what `match_key` carries."""
    taken = ", ".join(
        f"'c{number}': ({sql})::utinyint" for number, sql in enumerate(places.values())
    )
    return f"{{{taken}}}"


def facts_of(
    base: Base, table: str, wanted: Asked, measures: Mapping[str, str]
) -> duckdb.DuckDBPyRelation:
    """Give the pairs of a table, of rows `join_key_l` and `join_key_r`, with their facts.

    Everything that levels speak of is beside them; `measures` are those of `wanted`, or its `most`.
    The records are those of the table `prepared`.
    """
    keys = ["join_key_l", "join_key_r"]
    sides = [f"{side}.{name} as {name}_{side}" for side in "lr" for name in wanted.columns]
    left, right = (base.table("prepared").set_alias(side) for side in "lr")
    pairs = base.table(table).set_alias("a").join(left, "l.row = a.join_key_l")
    found = pairs.join(right, "r.row = a.join_key_r").project(", ".join(keys + sides))
    for made in (measures, wanted.facts):
        found = found.project(", ".join(["*", *(f"{sql} as {name}" for name, sql in made.items())]))
    return found
