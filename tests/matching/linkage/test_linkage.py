from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.linkage import Answers, Groups, Pairs, Rules, Weights, component_of, group, link

Pair = tuple[int, int]
RULES = Rules(threshold=0.0, unscored=-4.0)


def weights(scored: dict[Pair, float], kind: type[Weights] = Weights) -> Weights:
    left, right = np.array(list(scored), np.int64).reshape(-1, 2).T
    return kind(left, right, np.array(list(scored.values()), np.float64))


def pairs(chosen: list[Pair]) -> Pairs:
    left, right = np.array(chosen, np.int64).reshape(-1, 2).T
    return Pairs(left, right)


def answers(given_: dict[Pair, float]) -> Answers:
    found = weights(given_, Answers)
    assert isinstance(found, Answers)
    return found


def parts(groups: Groups) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for record, name in enumerate(groups.of.tolist()):
        found.setdefault(name, set()).add(record)
    assert all(min(members) == name for name, members in found.items())
    return {frozenset(members) for members in found.values()}


def plainly(
    size: int,
    scored: dict[Pair, float],
    *,
    cannot: list[Pair],
    answered: dict[Pair, float],
    alone: set[int],
) -> set[frozenset[int]]:
    """Average linkage as a textbook says it: look at all pairs of groups, join the best, again."""
    groups = [{record} for record in range(size)]

    def across(known: dict[Pair, float], one: set[int], other: set[int], default: float) -> float:
        return sum(known.get((min(a, b), max(a, b)), default) for a in one for b in other)

    while True:
        best: tuple[float, int, int] | None = None
        for one, other in combinations(sorted(groups, key=min), 2):
            if any((min(a, b), max(a, b)) in cannot for a in one for b in other):
                continue
            if one & alone and other & alone:
                continue
            worth = across(scored, one, other, -4.0) / (len(one) * len(other))
            worth += across(answered, one, other, 0.0)
            entry = (-worth, min(one), min(other))
            if worth >= 0 and (best is None or entry < best):
                best = entry
        if best is None:
            return {frozenset(members) for members in groups}
        kept = next(members for members in groups if min(members) == best[1])
        gone = next(members for members in groups if min(members) == best[2])
        kept |= gone
        groups.remove(gone)


SIZE = 9
PAIR = st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda p: p[0] < p[1])
# few different weights, so that ties abound; quarters are exact
BITS = st.integers(-40, 60).map(lambda value: value / 4)
SCORED = st.dictionaries(PAIR, BITS, max_size=30)
CANNOT = st.lists(PAIR, max_size=4, unique=True)
SAID = st.dictionaries(PAIR, st.sampled_from([5.0, -5.0]), max_size=4)
ALONE = st.sets(st.integers(0, SIZE - 1), max_size=4)


@pytest.mark.unmeasured
@pytest.mark.parametrize("rounds", [0, 1, 24])
@settings(max_examples=150, deadline=None)
@given(scored=SCORED, cannot=CANNOT, answered=SAID, alone=ALONE)
def test_joining_all_at_once_equals_joining_one_by_one(
    rounds: int,
    scored: dict[Pair, float],
    cannot: list[Pair],
    answered: dict[Pair, float],
    alone: set[int],
) -> None:
    found = group(
        SIZE,
        weights(scored),
        cannot=pairs(cannot),
        answers=answers(answered),
        alone=np.isin(np.arange(SIZE), list(alone)),
        rules=Rules(rounds=rounds),
    )
    assert parts(found) == plainly(SIZE, scored, cannot=cannot, answered=answered, alone=alone)


@settings(max_examples=100, deadline=None)
@given(scored=SCORED, answered=SAID, seed=st.integers())
def test_the_order_of_pairs_and_within_them_does_not_matter(
    scored: dict[Pair, float], answered: dict[Pair, float], seed: int
) -> None:
    chance = Random(seed)
    shuffled = list(scored.items())
    chance.shuffle(shuffled)
    turned = {(p if chance.random() < 0.5 else p[::-1]): bits for p, bits in shuffled}
    one = group(SIZE, weights(scored), answers=answers(answered))
    other = group(SIZE, weights(turned), answers=answers(answered))
    assert one.of.tolist() == other.of.tolist()


@settings(max_examples=100, deadline=None)
@given(scored=SCORED, cannot=CANNOT, must=st.lists(PAIR, max_size=6, unique=True))
def test_a_cannot_link_always_holds_and_the_must_link_against_it_is_told(
    scored: dict[Pair, float], cannot: list[Pair], must: list[Pair]
) -> None:
    found = group(SIZE, weights(scored), must=pairs(must), cannot=pairs(cannot))
    assert all(found.of[a] != found.of[b] for a, b in cannot)
    refused = set(found.refused.tolist())
    for place, (a, b) in enumerate(must):
        assert place in refused or found.of[a] == found.of[b]
    without = group(
        SIZE,
        weights(scored),
        must=pairs([pair for place, pair in enumerate(must) if place not in refused]),
        cannot=pairs(cannot),
    )
    assert without.of.tolist() == found.of.tolist()
    assert not len(without.refused)


def test_of_two_must_links_that_cannot_both_hold_the_first_counts() -> None:
    found = group(3, Weights(), must=pairs([(1, 2), (0, 1)]), cannot=pairs([(0, 2)]))
    assert parts(found) == {frozenset({0}), frozenset({1, 2})}
    assert found.refused.tolist() == [1]


def test_one_strong_pair_does_not_chain_two_groups() -> None:
    left = dict.fromkeys(combinations(range(4), 2), 9.0)
    right = dict.fromkeys(combinations(range(4, 8), 2), 9.0)
    found = group(8, weights(left | right | {(3, 4): 9.0}))
    assert parts(found) == {frozenset(range(4)), frozenset(range(4, 8))}


def test_an_answer_weighs_as_much_between_groups_as_between_records() -> None:
    scored = dict.fromkeys(combinations(range(3), 2), 9.0) | {
        (a, b): -3.0 for a in range(3) for b in (3, 4)
    }
    scored[(3, 4)] = 9.0
    apart = group(5, weights(scored))
    joined = group(5, weights(scored), answers=answers({(2, 3): 5.0}))
    assert len(parts(apart)) == 2
    assert len(parts(joined)) == 1


def test_one_wrong_answer_among_strong_evidence_changes_nothing() -> None:
    scored = dict.fromkeys(combinations(range(3), 2), 9.0)
    found = group(3, weights(scored), answers=answers({(0, 1): -5.0}))
    assert parts(found) == {frozenset(range(3))}


def test_a_join_tells_how_alike_its_groups_were() -> None:
    found = group(3, weights({(0, 1): 6.0, (0, 2): 5.0}))
    assert list(zip(found.kept, found.gone, found.bits, strict=True)) == [(0, 1, 6.0), (0, 2, 0.5)]


def test_of_a_pair_that_comes_twice_the_higher_weight_counts() -> None:
    twice = Weights(np.array([0, 1]), np.array([1, 0]), np.array([-9.0, 3.0]))
    assert parts(group(2, twice)) == {frozenset({0, 1})}


def test_nothing_to_link_leaves_everybody_alone() -> None:
    assert group(3, Weights()).of.tolist() == [0, 1, 2]
    assert group(0, Weights()).of.tolist() == []


def random_city(size: int, chance: Random) -> dict[Pair, float]:
    return {
        (a, b): round(chance.gauss(2, 6), 3)
        for a in range(size)
        for b in chance.sample(range(a + 1, min(size, a + 12)), min(4, size - a - 1, 11))
    }


def test_what_a_decision_touches_solved_by_itself_equals_solving_everything() -> None:
    chance = Random(3)
    size = 400
    scored = {
        pair: bits for pair, bits in random_city(size, chance).items() if chance.random() < 0.4
    }
    said = [(5, 9), (40, 47), (100, 300)]
    cannot = [(6, 8), (41, 42)]
    everything = group(size, weights(scored), must=pairs(said), cannot=pairs(cannot))
    for touched in (5, 41, 100, 399):
        part = component_of(np.array([touched]), size, weights(scored), pairs(said), RULES)
        place = {record: here for here, record in enumerate(part.tolist())}

        def inside(chosen: list[Pair], place: dict[int, int] = place) -> list[Pair]:
            return [(place[a], place[b]) for a, b in chosen if a in place and b in place]

        here = {p: scored[q] for q in scored for p in inside([q])}
        found = group(
            len(part), weights(here), must=pairs(inside(said)), cannot=pairs(inside(cannot))
        )
        assert part[found.of].tolist() == everything.of[part].tolist()


def test_taking_decisions_back_in_any_order_restores_the_first_state() -> None:
    chance = Random(11)
    size = 300
    scored = weights(random_city(size, chance))
    first = group(size, scored)
    made = [tuple(sorted(chance.sample(range(size), 2))) for _ in range(60)]
    standing = [("must" if chance.random() < 0.5 else "cannot", pair) for pair in made]
    seen = set()
    while standing:
        state = group(
            size,
            scored,
            must=pairs([pair for kind, pair in standing if kind == "must"]),
            cannot=pairs([pair for kind, pair in standing if kind == "cannot"]),
        )
        seen.add(tuple(state.of.tolist()))
        standing.pop(chance.randrange(len(standing)))
    again = group(size, scored, must=pairs([]), cannot=pairs([]))
    assert again.of.tolist() == first.of.tolist()
    assert len(seen) > 20


@pytest.mark.parametrize("rounds", [0, 2, 24])
def test_a_long_chain_ends_the_same_however_many_rounds_are_allowed(rounds: int) -> None:
    chain = {(n, n + 1): 5.0 + n / 1024 for n in range(2_000)}
    found = group(2_001, weights(chain), rules=Rules(rounds=rounds))
    assert max(map(len, parts(found))) <= 3


@pytest.mark.unmeasured
def test_ten_thousand_neighbours_of_one_another_make_no_giant_group() -> None:
    size = 10_000
    window = {(a, b): 12.0 for a in range(size) for b in range(a + 1, min(size, a + 11))}
    found = group(size, weights(window))
    assert max(map(len, parts(found))) <= 60


def test_records_are_linked_by_their_ids() -> None:
    found = link(
        ["d", "a", "c", "b"],
        [("b", "a", 5.0), ("c", "d", 5.0)],
        must=[("a", "d")],
        cannot=[("b", "c")],
    )
    assert found.groups == (("a", "b", "d"), ("c",))
    assert found.refused == ()
    assert found.lowest() == {"a": "a", "b": "a", "c": "c", "d": "a"}


def test_a_refused_must_link_is_told_by_its_ids() -> None:
    assert link("ab", [], must=[("a", "b")], cannot=[("b", "a")]).refused == (("a", "b"),)
