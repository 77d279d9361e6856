"""Facts taken once a pair in SQL too: combinations of facts then only compare small numbers."""

from typing import Any

from matching.levels.comparison import Comparison, Fact
from matching.levels.comparisons import COMPARISONS

Json = dict[str, Any]


def facts_apart(settings: Json, carrier: str) -> tuple[Json, dict[str, str]]:
    """Give settings that read facts from a struct column `carrier`, and the SQL of each fact.

    The SQL (DuckDB) speaks of columns as `name_l` and `name_r`, as levels do; the same pairs reach
    the same levels.
    """
    known = {each.name: each for each in COMPARISONS if each.facts}
    facts: dict[str, Fact] = {}
    changed = []
    for each in settings["comparisons"]:
        whole = known.get(each["output_column_name"])
        changed.append(each if whole is None else _reading(each, whole, carrier))
        facts |= {_key(fact): fact for fact in (whole.facts if whole else ())}
    return settings | {"comparisons": changed}, {key: _case(fact) for key, fact in facts.items()}


def _reading(settings: Json, whole: Comparison, carrier: str) -> Json:
    one, other = whole.facts
    read = [
        f"{carrier}['{_key(one)}'] = {mine} AND {carrier}['{_key(other)}'] = {its}"
        for mine in range(len(one.levels))
        for its in range(len(other.levels))
    ]
    levels = settings["comparison_levels"]
    reading = [
        level | {"sql_condition": sql} for level, sql in zip(levels[:-1], read[:-1], strict=True)
    ]
    return settings | {"comparison_levels": [*reading, levels[-1]]}


def _key(fact: Fact) -> str:
    return f"fact_{fact.name}"


def _case(fact: Fact) -> str:
    asked = " ".join(
        f"WHEN {level.condition('duckdb')} THEN {place}"
        for place, level in enumerate(fact.levels[:-1])
    )
    return f"(CASE {asked} ELSE {len(fact.levels) - 1} END)"
