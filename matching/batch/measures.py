"""Costly measures of a pair, taken once and not again in every level that asks for them.

Levels repeat the same call, such as a Jaro-Winkler similarity, up to fourteen times, and DuckDB
evaluates each anew. Splink hands one column of the blocked pairs through to the levels,
`match_key`: which blocking rule found the pair. Ours are all found by one rule, so the column
carries the measures instead, and the levels read them there. The same conditions, the same bits,
in half the time.
"""

import json
import re
from collections import Counter
from typing import Any, Final

import duckdb

from matching.levels.sql import facts_apart

Json = dict[str, Any]
CARRIER: Final = "match_key"
_CALL: Final = re.compile(
    r"len\(list_intersect\(\w+_l, \w+_r\)\)"
    r"|(?:jaro_winkler_similarity|levenshtein|contains)\(\w+_[lr], \w+_[lr]\)"
)
_SIDED: Final = re.compile(r"\b(\w+)_([lr])\b")


def taken_once(settings: Json) -> tuple[Json, dict[str, str]]:
    """Give settings that read repeated measures from `match_key`, and the SQL of each measure.

    The SQL speaks of columns of the two records as `l` and `r`.
    """
    settings, facts = facts_apart(settings, CARRIER)
    calls = Counter(
        call
        for comparison in settings["comparisons"]
        for level in comparison["comparison_levels"]
        for call in _CALL.findall(level["sql_condition"])
    )
    names = {call: f"m{place}" for place, (call, times) in enumerate(calls.items()) if times > 1}
    read = _CALL.sub(
        lambda found: f"{CARRIER}['{names[found[0]]}']" if found[0] in names else found[0],
        json.dumps(settings),
    )
    whole = {name: call for call, name in names.items()} | facts
    measures = {name: _SIDED.sub(r"\2.\1", sql) for name, sql in whole.items()}
    return json.loads(read), measures


def measure_asked(base: duckdb.DuckDBPyConnection, measures: dict[str, str]) -> None:
    """Make the table `measured`: the pairs of `asked` with their measures."""
    taken = ", ".join(f"'{name}': {sql}" for name, sql in measures.items())
    base.table("asked").set_alias("a").join(
        base.table("features").set_alias("l"), "l.record_id = a.join_key_l"
    ).join(base.table("features").set_alias("r"), "r.record_id = a.join_key_r").project(
        f"{{{taken}}} as {CARRIER}, join_key_l, join_key_r" if taken else "a.*"
    ).create("measured")
