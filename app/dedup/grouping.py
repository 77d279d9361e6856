"""Which units are one, and which questions are left for people; pure.

Groups come from average linkage on the model's bits, bound by what people said. Two units of one
source are never joined without a person. All falls apart by component: solving a neighbourhood that
nothing leaves gives what solving everything would give.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from app.dedup.rules import Pair, Standing, joined, pair_of
from matching.model import Model, Thresholds
from matching.record import FIELD

PAIR: Final = "pair"
CLAIM: Final = "claim"  # a pair that an officer calls one, whatever the machine says
CONTRADICTION: Final = "contradiction"
OPEN: Final = "open"
SECOND: Final = "second"
DEFERRED: Final = "deferred"
CLAIMED: Final = 0.8  # how likely an officer who has seen both is right


@dataclass(frozen=True, slots=True)
class Member:
    """A unit to be grouped."""

    unit_id: str
    source: str
    born: int  # first entry of it; 0: of the prelist

    @property
    def age(self) -> tuple[int, str]:
        """Give what orders units, the oldest first."""
        return self.born, self.unit_id


@dataclass(frozen=True, slots=True)
class Question:
    """Two units of two groups that a person should look at."""

    pair: Pair
    groups: Pair  # of the left one and of the right one
    kind: str
    state: str
    bits: float | None
    gain: float
    said_position: int | None


def heads_of(
    members: Iterable[Member], bits: Mapping[Pair, float], said: Standing, thresholds: Thresholds
) -> dict[str, str]:
    """Give for each unit the oldest of its group; pairs beyond `members` are not looked at."""
    ranked = sorted(members, key=lambda each: each.age)
    if not said.must and all(worth < thresholds.automatic for worth in bits.values()):
        return {each.unit_id: each.unit_id for each in ranked}
    from app.dedup.linking import lowest  # numpy and scipy: not before somebody is joined

    names = {each.unit_id for each in ranked}
    scored = {pair: worth for pair, worth in bits.items() if names.issuperset(pair)}
    must = {pair for pair in said.must if names.issuperset(pair)}
    cannot = {pair for pair in said.cannot if names.issuperset(pair)}
    return lowest(
        [each.unit_id for each in ranked],
        scored,
        must=must,
        cannot=cannot | _listed_twice(ranked, scored, must),
        alone=[each.source == FIELD for each in ranked],
        threshold=thresholds.automatic,
    )


def _listed_twice(
    ranked: Collection[Member], scored: Iterable[Pair], must: Collection[Pair]
) -> set[Pair]:
    """Give the pairs of one source, other than field, that no person has joined.

    Only those that something connects can come together at all.
    """
    source = {each.unit_id: each.source for each in ranked}
    parts = joined(source, scored)
    together = {name: number for number, one in enumerate(joined(source, must)) for name in one}
    return {
        pair
        for part in parts
        for pair in combinations(part, 2)
        if source[pair[0]] == source[pair[1]] != FIELD and together[pair[0]] != together[pair[1]]
    }


def questions(
    heads: Mapping[str, str],
    sizes: Mapping[str, int],
    bits: Mapping[Pair, float],
    said: Standing,
    model: Model,
    *,
    claimed: Collection[Pair] = (),
) -> list[Question]:
    """Give what people should be asked: of each two groups the best pair that nobody has decided.

    `heads` names the group of every unit in `bits`, `sizes` the members of every group. Where
    somebody said *different* of two groups, only a pair that the machine is sure of asks again.
    What an officer `claimed` is asked before what the machine finds, until somebody has answered.
    """
    barred = {_groups(pair, heads) for pair in said.cannot}
    best: dict[Pair, Pair] = {}
    for pair in sorted(bits):
        groups = _groups(pair, heads)
        least = model.thresholds.automatic if groups in barred else model.thresholds.clerical
        if groups[0] == groups[1] or pair in said.cannot or bits[pair] < least:
            continue
        if groups not in best or bits[pair] > bits[best[groups]]:
            best[groups] = pair
    for pair in sorted(claimed, reverse=True):
        groups = _groups(pair, heads)
        if groups[0] != groups[1] and groups not in barred:
            best[groups] = pair
    for pair in sorted(said.waiting, reverse=True):  # of which the machine may see nothing
        groups = _groups(pair, heads)
        if groups[0] != groups[1]:
            best[groups] = pair
    asked = [
        _question(
            pair,
            heads,
            bits.get(pair),
            _gain(bits.get(pair), groups, sizes, model, least=CLAIMED * (pair in claimed)),
            said,
            kind=CLAIM if pair in claimed else PAIR,
        )
        for groups, pair in sorted(best.items())
    ]
    return asked + _contradictions(heads, bits, said)


def _gain(
    bits: float | None, groups: Pair, sizes: Mapping[str, int], model: Model, *, least: float
) -> float:
    """Give how many pairs, apart until now, an answer is expected to bring together."""
    likely = max(least, model.probability(model.thresholds.clerical if bits is None else bits))
    return likely * sizes.get(groups[0], 1) * sizes.get(groups[1], 1)


def _question(
    pair: Pair,
    heads: Mapping[str, str],
    bits: float | None,
    gain: float,
    said: Standing,
    *,
    kind: str,
) -> Question:
    states = ((said.waiting, SECOND), (said.deferred, DEFERRED))
    state, at = next(((state, told[pair]) for told, state in states if pair in told), (OPEN, None))
    return Question(pair, _heads(pair, heads), kind, state, bits, gain, at)


def _contradictions(
    heads: Mapping[str, str], bits: Mapping[Pair, float], said: Standing
) -> list[Question]:
    last = {each.pair: each.position for each in said.contradictions}  # of one pair the latest
    return [
        Question(pair, _heads(pair, heads), CONTRADICTION, OPEN, bits.get(pair), 1.0, last[pair])
        for pair in sorted(last)
    ]


def _heads(pair: Pair, heads: Mapping[str, str]) -> Pair:
    return heads.get(pair[0], pair[0]), heads.get(pair[1], pair[1])


def _groups(pair: Pair, heads: Mapping[str, str]) -> Pair:
    return pair_of(*_heads(pair, heads))


def members_of(heads: Mapping[str, str]) -> dict[str, list[str]]:
    """Give the units of each group, in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for unit_id in sorted(heads):
        found[heads[unit_id]].append(unit_id)
    return dict(found)
