"""Average linkage over everything at once, and one by one where people's answers weigh in."""

from collections.abc import Iterable

import numpy as np

from matching.linkage.agenda import Agenda
from matching.linkage.bonds import Bonds, bonds_between
from matching.linkage.graph import (
    GRAIN,
    Answers,
    Flags,
    Groups,
    Ints,
    Pairs,
    Rules,
    Weights,
    roots,
)
from matching.linkage.rounds import Joins, join_mutual

_RULES = Rules()


def group(
    size: int,
    weights: Weights,
    *,
    must: Pairs | None = None,
    cannot: Pairs | None = None,
    answers: Answers | None = None,
    alone: Flags | None = None,
    rules: Rules = _RULES,
) -> Groups:
    """Group `size` records by average linkage.

    `must` come in order of precedence: one that would bring a pair of `cannot` together is refused
    and told; a cannot-link always holds. Of the records flagged in `alone` no two ever share a
    group unless a must-link says so.
    """
    must, cannot, answers = must or Pairs(), cannot or Pairs(), answers or Answers()
    start, refused = _obeyed(size, must, cannot)
    flags = np.zeros(size, np.bool_) if alone is None else alone
    bonds = bonds_between(start, weights, cannot, answers, rules)
    joins = Joins(start, flags)
    _solve(bonds, joins, rules)
    bits = joins.worth() / GRAIN + rules.unscored
    return Groups(joins.labels(), *joins.pairs(), bits, refused)


def _solve(bonds: Bonds, joins: Joins, rules: Rules) -> None:
    """Join what is alike enough, component by component, into `joins`."""
    least = (rules.threshold - rules.unscored) * GRAIN
    bonds, component = _within_components(bonds, joins, least)
    answered = np.isin(component, component[bonds.said != 0])
    left = join_mutual(bonds.only(~answered), joins, least, rules.rounds)
    for part in (left, bonds.only(answered)):
        if len(part):
            Agenda(part, joins, least).work_off()


def _within_components(bonds: Bonds, joins: Joins, least: float) -> tuple[Bonds, Ints]:
    """Keep the bonds that can matter, and tell the component of each."""
    worth = bonds.sums / (joins.size[bonds.left] * joins.size[bonds.right]) + bonds.said
    linking = ~bonds.barred & (worth >= least)
    linking |= bonds.said > 0  # together with others they may reach it
    root = roots(len(joins.size), Pairs(bonds.left[linking], bonds.right[linking]))
    kept = bonds.only(root[bonds.left] == root[bonds.right])
    return kept, root[kept.left]


def _obeyed(size: int, must: Pairs, cannot: Pairs) -> tuple[Ints, Ints]:
    """Contract must-links, except those that a cannot-link contradicts."""
    start = roots(size, must)
    if not np.any(start[cannot.left] == start[cannot.right]):
        return start, np.empty(0, np.int64)
    refused = _contradicted(must, cannot)
    kept = np.ones(len(must), np.bool_)
    kept[refused] = False
    return roots(size, Pairs(must.left[kept], must.right[kept])), np.array(refused, np.int64)


def _contradicted(must: Pairs, cannot: Pairs) -> list[int]:
    """Take must-links in their order, and tell those that would break a cannot-link."""
    groups: dict[int, set[int]] = {}
    foes: dict[int, set[int]] = {}
    for one, other in _each(cannot):
        foes.setdefault(one, set()).add(other)
        foes.setdefault(other, set()).add(one)
    refused = []
    for place, (one, other) in enumerate(_each(must)):
        here = groups.setdefault(one, {one})
        there = groups.setdefault(other, {other})
        if here is there:
            continue
        if any(not foes.get(member, set()).isdisjoint(there) for member in here):
            refused.append(place)
            continue
        here |= there
        for member in there:
            groups[member] = here
    return refused


def _each(pairs: Pairs) -> Iterable[tuple[int, int]]:
    return zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
