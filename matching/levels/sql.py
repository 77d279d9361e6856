"""Which level each comparison reaches, in SQL over prepared columns.

Every measure is taken once a pair and every fact once; a combination of two facts is then a number
made of two. The text speaks of columns of the two records as `name_l` and `name_r`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matching.levels.comparison import Comparison, Fact, Level

_SIDED = re.compile(r"\b([a-z_0-9]+)_[lr]\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """What comparisons ask of a pair: names and SQL, each step made of the steps before.

    `columns`: of each record, with `_l` and `_r`; `measures`: exact, `most`: or more, where that is
    cheaper; `facts`: the place of the fact's first level
    that holds; `places`: the same of each comparison, by its name.
    """

    columns: tuple[str, ...]
    measures: dict[str, str]
    most: dict[str, str]
    facts: dict[str, str]
    places: dict[str, str]


def asked(comparisons: Sequence[Comparison]) -> Asked:
    """Tell what some comparisons ask."""
    facts = {fact_column(fact): fact for each in comparisons for fact in each.facts}
    levels = [level for fact in facts.values() for level in fact.levels]
    levels += [level for each in comparisons if not each.facts for level in each.levels]
    taken = {each.name: each for level in levels if level.when for each in level.when.taken}
    measures = {name: each.sql for name, each in taken.items()}
    most = {name: each.most or each.sql for name, each in taken.items()}
    said = [*measures.values(), *most.values(), *(one.condition("prepared") for one in levels)]
    return Asked(
        tuple(sorted({name for sql in said for name in _SIDED.findall(sql)})),
        measures,
        most,
        {name: first_that_holds(fact.levels) for name, fact in facts.items()},
        {each.name: _place(each) for each in comparisons},
    )


def fact_column(fact: Fact) -> str:
    """Name the column that tells the level of a fact."""
    return f"fact_{fact.name}"


def first_that_holds(levels: Sequence[Level], worth: Iterable[object] | None = None) -> str:
    """Give what the first level that holds is worth: its place, where nothing else is given."""
    worths = [*(range(len(levels)) if worth is None else worth)]
    whens = " ".join(
        f"WHEN {level.condition('prepared')} THEN {each}"
        for level, each in zip(levels[:-1], worths[:-1], strict=True)
    )
    return f"CASE {whens} ELSE {worths[-1]} END"


def _place(each: Comparison) -> str:
    if not each.facts:
        return first_that_holds(each.levels)
    one, other = each.facts
    return f"{fact_column(one)} * {len(other.levels)} + {fact_column(other)}"
