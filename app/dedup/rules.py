"""What people said of pairs of units, and what of it stands; pure.

A decision speaks of every pair of a unit on its left with one on its right. Of two that cannot both
be true the higher role's stands, of equal roles the later one. What is set aside without having
been taken back by the same pair's later word is a contradiction, for a person to clear up.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from typing import Final

from app.auth.models import Role

Pair = tuple[str, str]  # unit ids in the order of their code points

MATCH: Final = "match"  # kind of the entries that carry a decision
RANK: Final[Mapping[str, int]] = {
    Role.SUPERVISOR: 1,
    Role.COORDINATOR: 2,
    Role.REGENCY_ADMIN: 3,
    Role.NATIONAL_ADMIN: 4,
}
_TWO = 2  # people, where four eyes are asked for


class What(StrEnum):
    """What a decision does."""

    MERGE = "merge"
    UNMERGE = "unmerge"
    DEFER = "defer"
    RETRACT = "retract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided of units; `withdraws` names the decision that a retraction undoes.

    One that `needs_second` stands only when somebody else has said the same of the same pair.
    """

    position: int
    decision_id: str
    what: What
    left: tuple[str, ...]
    right: tuple[str, ...]
    actor: str
    role: str
    needs_second: bool = False
    withdraws: str = ""

    @property
    def pairs(self) -> Iterator[Pair]:
        """Give the pairs that it speaks of."""
        return (pair_of(one, other) for one, other in product(self.left, self.right))

    @property
    def units(self) -> frozenset[str]:
        """Give the units that it speaks of."""
        return frozenset((*self.left, *self.right))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A word on a pair that cannot stand beside stronger ones."""

    pair: Pair
    same: bool
    position: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What of all decisions stands."""

    must: frozenset[Pair] = frozenset()
    cannot: frozenset[Pair] = frozenset()
    waiting: Mapping[Pair, int] = field(default_factory=dict)  # pair → who said it first, position
    deferred: Mapping[Pair, int] = field(default_factory=dict)  # pair → position
    contradictions: tuple[Contradiction, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class _Claim:
    """What is held of a pair, with all that speaks for it."""

    rank: int
    position: int
    pair: Pair
    same: bool


def pair_of(one: str, other: str) -> Pair:
    """Give two units in order."""
    return (one, other) if one < other else (other, one)


def effective(decisions: Iterable[Decision]) -> list[Decision]:
    """Give the decisions that nobody has taken back, in their order; retractions are not among.

    A retraction counts for what was said before it by somebody of no higher role, and may be
    retracted itself.
    """
    said = sorted(decisions, key=lambda each: each.position)
    known = {each.decision_id: each for each in said}
    withdrawn: set[str] = set()
    for each in reversed(said):
        if each.what is What.RETRACT and each.decision_id not in withdrawn:
            target = known.get(each.withdraws)
            if target is not None and _withdraws(each, target):
                withdrawn.add(target.decision_id)
    return [
        each for each in said if each.what is not What.RETRACT and each.decision_id not in withdrawn
    ]


def may_withdraw(role: str, of_role: str) -> bool:
    """Tell whether one role may take back what another has decided."""
    return RANK.get(role, 0) >= RANK.get(of_role, 0)


def _withdraws(retraction: Decision, target: Decision) -> bool:
    earlier = target.position < retraction.position
    return earlier and may_withdraw(retraction.role, target.role)


def standing(decisions: Iterable[Decision]) -> Standing:
    """Fold decisions into what stands; the order in which they are given does not matter."""
    said = effective(decisions)
    claims, waiting = _claims(said)
    kept, aside = _consistent(sorted(claims, reverse=True))
    strongest = {claim.pair: claim for claim in kept}
    return Standing(
        must=frozenset(claim.pair for claim in kept if claim.same),
        cannot=frozenset(claim.pair for claim in kept if not claim.same),
        waiting=waiting,
        deferred=_deferred(said, claims),
        contradictions=tuple(
            Contradiction(claim.pair, claim.same, claim.position)
            for claim in sorted(aside, key=lambda each: (each.pair, each.position))
            if not _is_superseded(claim, strongest)
        ),
    )


def _claims(said: Iterable[Decision]) -> tuple[list[_Claim], dict[Pair, int]]:
    """Give what is said of each pair and stands by enough people; beside it what waits."""
    voices: defaultdict[tuple[Pair, bool], list[Decision]] = defaultdict(list)
    for each in said:
        if each.what in {What.MERGE, What.UNMERGE}:
            for pair in each.pairs:
                if pair[0] != pair[1]:
                    voices[pair, each.what is What.MERGE].append(each)
    claims: list[_Claim] = []
    waiting: dict[Pair, int] = {}
    for (pair, same), some in voices.items():
        if _is_enough(some):
            rank, position = max((RANK.get(each.role, 0), each.position) for each in some)
            claims.append(_Claim(rank, position, pair, same))
        else:
            waiting[pair] = max(waiting.get(pair, 0), some[0].position)
    decided: dict[Pair, int] = {}
    for claim in claims:
        decided[claim.pair] = max(decided.get(claim.pair, 0), claim.position)
    return claims, {pair: at for pair, at in waiting.items() if decided.get(pair, 0) < at}


def _is_enough(some: Sequence[Decision]) -> bool:
    alone = any(not each.needs_second for each in some)
    return alone or len({each.actor for each in some}) >= _TWO


def _consistent(claims: Iterable[_Claim]) -> tuple[list[_Claim], list[_Claim]]:
    """Take claims, the strongest first, as long as each fits those before; give the rest beside."""
    bound = _Bonds()
    kept: list[_Claim] = []
    aside: list[_Claim] = []
    for claim in claims:
        fits = bound.join(*claim.pair) if claim.same else bound.part(*claim.pair)
        (kept if fits else aside).append(claim)
    return kept, aside


def _is_superseded(claim: _Claim, strongest: Mapping[Pair, _Claim]) -> bool:
    """Tell whether the last word on the pair itself says the contrary."""
    other = strongest.get(claim.pair)
    return other is not None and other.same != claim.same and other.position > claim.position


def _deferred(said: Iterable[Decision], claims: Iterable[_Claim]) -> dict[Pair, int]:
    """Give the pairs of which the last word is to wait."""
    last: dict[Pair, int] = {}
    for each in said:
        if each.what is What.DEFER:
            last.update(dict.fromkeys(each.pairs, each.position))
    return _undecided(last, claims)


def _undecided(last: Mapping[Pair, int], claims: Iterable[_Claim]) -> dict[Pair, int]:
    """Give those of these words that no later claim on the pair has overtaken."""
    decided: dict[Pair, int] = {}
    for claim in claims:
        decided[claim.pair] = max(claim.position, decided.get(claim.pair, 0))
    return {pair: at for pair, at in last.items() if decided.get(pair, 0) < at}


class _Bonds:
    """Units that are one, and units that are not, without contradiction."""

    def __init__(self) -> None:
        self._leader: dict[str, str] = {}
        self._foes: defaultdict[str, set[str]] = defaultdict(set)

    def join(self, one: str, other: str) -> bool:
        """Make two units one; False, and nothing done, where they are known to be two."""
        left, right = self._find(one), self._find(other)
        if left == right:
            return True
        if right in self._foes[left]:
            return False
        if len(self._foes[left]) < len(self._foes[right]):
            left, right = right, left
        self._leader[right] = left
        for foe in self._foes.pop(right):
            self._foes[foe].discard(right)
            self._foes[foe].add(left)
            self._foes[left].add(foe)
        return True

    def part(self, one: str, other: str) -> bool:
        """Keep two units apart; False, and nothing done, where they are known to be one."""
        left, right = self._find(one), self._find(other)
        if left == right:
            return False
        self._foes[left].add(right)
        self._foes[right].add(left)
        return True

    def _find(self, name: str) -> str:
        while (above := self._leader.setdefault(name, name)) != name:
            self._leader[name] = self._leader[above]  # halves the way for the next search
            name = above
        return name


def joined(names: Collection[str], pairs: Iterable[Pair]) -> list[list[str]]:
    """Part names into those that pairs connect, directly or through others; all in order."""
    leader = {name: name for name in names}

    def find(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for one, other in pairs:
        if one in leader and other in leader:
            first, second = sorted((find(one), find(other)))
            leader[second] = first
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        found[find(name)].append(name)
    return list(found.values())
