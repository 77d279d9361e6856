"""Which pairs a round asks about: drawn from what is scored, never what is labelled already."""

from collections.abc import Collection, Sequence
from hashlib import md5
from typing import Final

from sqlmodel import Session

from app.areas.scope import Scope
from app.dedup import label_repository, label_rules, label_store, repository, store
from app.dedup.label_rules import APART, AUTOMATIC, Question
from app.dedup.matcher import MOST_HOLDERS, Matcher, unpacked
from app.dedup.rules import Pair, pair_of
from matching.training.rounds import Candidate, covering, seen_of, shares

POOL: Final = 150  # pairs of a stratum that are looked at
UNITS: Final = 40  # units whose unlike neighbours are looked at
UNLIKE: Final = 400  # pairs of these
Pools = dict[str, list[Candidate]]


def drawn(
    session: Session,
    scope: Scope,
    lane: str,
    matcher: Matcher,
    *,
    count: int,
    salt: str,
    without: Collection[Pair],
) -> list[Question]:
    """Choose pairs within the scope to ask about; of equal salt and tables the same.

    Doubtful pairs are parted evenly over the bits, and of each part those whose levels were seen
    least come first. A tenth each seems plain: the same, and different. `without` names pairs
    that somebody else is being asked.
    """
    pools, sizes = _compared(session, scope, lane, matcher, salt=salt)
    pools[APART], sizes[APART] = _unlike(session, scope, lane, matcher, salt=salt)
    free = {
        name: [each for each in pools.get(name, []) if (each.left, each.right) not in without]
        for name in label_rules.strata()
    }
    asked = shares({name: len(some) for name, some in free.items()}, {APART, AUTOMATIC}, count)
    seen = seen_of(label_store.levels_of(session, lane))
    found: list[Question] = []
    for name, many in asked.items():
        plain = name in {APART, AUTOMATIC}  # drawn blindly: what is odd about them is not known
        some = free[name][:many] if plain else covering(free[name], many, seen)
        weight = max(sizes.get(name, 0), len(some)) / len(some) if some else 0.0
        found += [
            Question(each.left, each.right, each.bits, each.levels, name, round(weight, 3))
            for each in some
        ]
    return sorted(found, key=lambda each: _mixed(salt, each))


def _compared(
    session: Session, scope: Scope, lane: str, matcher: Matcher, *, salt: str
) -> tuple[Pools, dict[str, int]]:
    """Give scored pairs by stratum, and how many each has."""
    cuts = label_rules.cuts_of(matcher.model.thresholds)
    pools: Pools = {}
    sizes: dict[str, int] = {}
    for row in label_repository.compared(session, scope, lane, cuts, salt=salt, limit=POOL):
        name = label_rules.stratum_of(row["place"])
        sizes[name] = row["size"]
        pools.setdefault(name, []).append(
            Candidate(row["left_id"], row["right_id"], row["bits"], tuple(row["levels"]))
        )
    return pools, sizes


def _unlike(
    session: Session, scope: Scope, lane: str, matcher: Matcher, *, salt: str
) -> tuple[list[Candidate], int]:
    """Give pairs that share a key but seem different, and about how many there are of those."""
    some, units = label_repository.some_units(session, scope, lane, salt=salt, limit=UNITS)
    pairs = _neighbours(session, scope, lane, some)
    kept = sorted(pairs, key=lambda pair: _order(salt, *pair))[:UNLIKE]
    records = store.records_of(session, lane, {name for pair in kept for name in pair})
    features = {name: matcher.settled(unpacked(row.features)) for name, row in records.items()}
    known = set(label_repository.labels_on(session, scope, lane, features.keys()))
    found = []
    for left, right in kept:
        if left not in features or right not in features or (left, right) in known:
            continue
        scored = matcher.score(features[left], features[right])
        if scored.bits < matcher.model.thresholds.clerical:
            found.append(Candidate(left, right, scored.bits, scored.levels))
    share = len(found) / max(len(kept), 1)
    return found, round(len(pairs) * share * units / max(2 * len(some), 1))


def _neighbours(session: Session, scope: Scope, lane: str, some: Sequence[str]) -> set[Pair]:
    keys = set().union(*store.keys_of(session, lane, some).values())
    without = store.crowded(session, lane, keys, MOST_HOLDERS)
    near = store.near(session, lane, some, without)
    inside = repository.areas_in(
        session, scope, lane, {name for others in near.values() for name in others}
    )
    return {pair_of(one, other) for one, some in near.items() for other in some if other in inside}


def _mixed(salt: str, each: Question) -> str:
    """Give the place of a question in its round: the order tells nothing of the stratum."""
    return _order(f"{salt}|round", each.left, each.right)


def _order(*parts: str) -> str:
    return md5("|".join(parts).encode(), usedforsecurity=False).hexdigest()
