"""What stands of what people said, and the groups that follow; without a database."""

import random
from collections.abc import Iterator
from itertools import combinations, count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.models import Role
from app.dedup.grouping import CONTRADICTION, DEFERRED, SECOND, Member, heads_of, questions
from app.dedup.matcher import shipped_model
from app.dedup.rules import Decision, What, effective, standing
from matching.model import Thresholds
from tests.support.groupings import Groupings

THRESHOLDS = Thresholds(automatic=2.5, clerical=-1.5)
_numbers = count(1)


def said(
    what: What,
    left: str = "a",
    right: str = "b",
    *,
    at: int | None = None,
    by: str = "siti",
    role: Role = Role.SUPERVISOR,
    second: bool = False,
    withdraws: str = "",
) -> Decision:
    position = next(_numbers) if at is None else at
    return Decision(
        position=position,
        decision_id=f"d{position}",
        what=what,
        left=tuple(left.split()),
        right=tuple(right.split()),
        actor=by,
        role=role,
        needs_second=second,
        withdraws=withdraws,
    )


def back(decision: Decision, role: Role = Role.SUPERVISOR) -> Decision:
    left, right = " ".join(decision.left), " ".join(decision.right)
    return said(What.RETRACT, left, right, role=role, withdraws=decision.decision_id)


MERGE, UNMERGE, DEFER = What.MERGE, What.UNMERGE, What.DEFER


def test_a_later_word_outranks_an_earlier_one() -> None:
    told = standing([said(MERGE), said(UNMERGE)])
    assert (told.must, told.cannot) == (frozenset(), {("a", "b")})
    assert told.contradictions == ()


def test_a_higher_role_outranks_a_later_word_and_that_is_told() -> None:
    told = standing([said(MERGE, role=Role.REGENCY_ADMIN), late := said(UNMERGE)])
    assert told.must == {("a", "b")}
    assert [(each.pair, each.same, each.position) for each in told.contradictions] == [
        (("a", "b"), False, late.position)
    ]


def test_what_cannot_all_be_true_is_a_contradiction_of_the_weakest() -> None:
    first = said(MERGE, "a", "b")
    told = standing([first, said(MERGE, "b", "c"), said(UNMERGE, "a", "c")])
    assert told.must == {("b", "c")}
    assert told.cannot == {("a", "c")}
    assert [(each.pair, each.position) for each in told.contradictions] == [
        (("a", "b"), first.position)
    ]
    settled = standing([first, said(MERGE, "b", "c"), said(UNMERGE, "a", "c"), said(UNMERGE)])
    assert settled.contradictions == ()


def test_an_unmerge_speaks_of_every_pair_across() -> None:
    told = standing([said(UNMERGE, "a b", "c d")])
    assert told.cannot == {("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")}


def test_what_is_taken_back_was_never_said_and_may_be_said_again() -> None:
    first = said(MERGE)
    undone = back(first)
    assert standing([first, undone]) == standing([])
    assert standing([first, undone, back(undone)]).must == {("a", "b")}


def test_nobody_takes_back_what_a_higher_role_or_a_later_hour_said() -> None:
    first = said(MERGE, role=Role.COORDINATOR)
    assert effective([first, back(first)]) == [first]
    assert effective([first, back(first, Role.NATIONAL_ADMIN)]) == []
    late = said(MERGE)
    early = said(What.RETRACT, at=0, withdraws=late.decision_id)
    assert effective([late, early]) == [late]


def test_four_eyes_are_two_people_and_not_one_twice() -> None:
    once = said(MERGE, second=True)
    again = said(MERGE, second=True)
    told = standing([once, again])
    assert (told.must, told.waiting) == (frozenset(), {("a", "b"): once.position})
    other = standing([once, again, said(MERGE, by="budi", second=True)])
    assert (other.must, other.waiting) == ({("a", "b")}, {})
    assert standing([once, said(MERGE, by="budi")]).must == {("a", "b")}
    assert standing([once, said(UNMERGE, by="budi")]).waiting == {}


def test_a_voice_waits_for_a_second_whatever_is_said_later_of_others() -> None:
    apart, voice = said(UNMERGE), said(MERGE, second=True)
    others = said(MERGE, "c", "d")
    assert standing([apart, voice, others]).waiting == {("a", "b"): voice.position}


def test_a_later_decision_ends_a_deferral() -> None:
    later = said(DEFER)
    assert standing([later]).deferred == {("a", "b"): later.position}
    assert standing([later, said(UNMERGE)]).deferred == {}
    assert standing([said(UNMERGE), again := said(DEFER)]).deferred == {("a", "b"): again.position}


@st.composite
def decisions(draw: st.DrawFn) -> list[Decision]:
    names = st.sampled_from("abcde")
    made: list[Decision] = []
    for at in range(1, draw(st.integers(1, 12)) + 1):
        what = draw(st.sampled_from(What))
        one, other = draw(st.tuples(names, names).filter(lambda pair: pair[0] != pair[1]))
        made.append(
            said(
                what,
                one,
                other,
                at=at,
                by=draw(st.sampled_from(["siti", "budi"])),
                role=draw(st.sampled_from([Role.SUPERVISOR, Role.COORDINATOR])),
                second=draw(st.booleans()),
                withdraws=f"d{draw(st.integers(1, 12))}" if what is What.RETRACT else "",
            )
        )
    return made


@given(told=decisions(), chance=st.randoms(use_true_random=False))
def test_what_stands_is_consistent_and_does_not_depend_on_the_order_of_reading(
    told: list[Decision], chance: random.Random
) -> None:
    first = standing(told)
    assert standing(chance.sample(told, len(told))) == first
    heads = heads_of([Member(name, "prelist", 0) for name in "abcde"], {}, first, THRESHOLDS)
    assert all(heads[one] == heads[other] for one, other in first.must)
    assert all(heads[one] != heads[other] for one, other in first.cannot)


def heads(sources: str, bits: dict[tuple[str, str], float], *told: Decision) -> dict[str, str]:
    """Group units a, b, c …, of these sources (p, f, o), the field's born in this order."""
    kinds = {"p": "prelist", "f": "field", "o": "online"}
    members = [
        Member(name, kinds[source], 0 if source == "p" else number)
        for number, (name, source) in enumerate(zip("abcdef", sources, strict=False), start=1)
    ]
    return heads_of(members, bits, standing(told), THRESHOLDS)


def test_a_group_is_named_by_its_oldest() -> None:
    assert heads("fp", {("a", "b"): 6.0}) == {"a": "b", "b": "b"}
    assert heads("fo", {("a", "b"): 6.0}) == {"a": "a", "b": "a"}


@pytest.mark.parametrize("sources", ["ff", "pp", "oo"])
def test_two_of_one_source_are_never_joined_without_a_person(sources: str) -> None:
    assert heads(sources, {("a", "b"): 20.0}) == {"a": "a", "b": "b"}
    assert heads(sources, {("a", "b"): 20.0}, said(MERGE)) == {"a": "a", "b": "a"}


def test_of_two_documents_the_likelier_one_is_the_listed_unit() -> None:
    bits = {("a", "b"): 5.0, ("a", "c"): 8.0}
    assert heads("pff", bits) == {"a": "a", "b": "b", "c": "a"}


def test_a_person_outranks_the_model() -> None:
    assert heads("pf", {("a", "b"): 20.0}, said(UNMERGE)) == {"a": "a", "b": "b"}
    assert heads("pf", {("a", "b"): -20.0}, said(MERGE)) == {"a": "a", "b": "a"}


def asked(bits: dict[tuple[str, str], float], groups: dict[str, str], *told: Decision) -> list[str]:
    model = shipped_model()
    sizes = {head: list(groups.values()).count(head) for head in groups.values()}
    found = questions(groups, sizes, bits, standing(told), model)
    return [f"{'+'.join(each.pair)} {each.kind} {each.state}" for each in found]


ALONE = {name: name for name in "abcd"}


def test_of_two_groups_the_best_pair_asks() -> None:
    groups = {"a": "a", "b": "a", "c": "c", "d": "c"}
    bits = {("a", "c"): 1.0, ("b", "d"): 3.0, ("a", "b"): 9.0}
    assert asked(bits, groups) == ["b+d pair open"]


def test_what_a_person_has_decided_asks_no_more() -> None:
    bits = {("a", "b"): 3.0}
    assert asked(bits, ALONE, said(UNMERGE)) == []
    assert asked(bits, ALONE, said(DEFER)) == ["a+b pair deferred"]
    assert DEFERRED == "deferred"
    assert asked({}, ALONE, said(MERGE, second=True)) == [f"a+b pair {SECOND}"]


def test_a_contradiction_asks() -> None:
    told = (said(MERGE, "a", "b"), said(MERGE, "b", "c"), said(UNMERGE, "a", "c"))
    groups = {"a": "a", "b": "b", "c": "b", "d": "d"}
    assert asked({}, groups, *told) == [f"a+b {CONTRADICTION} open"]


def a_town(chance: random.Random, blocks: int) -> Groupings:
    members: list[Member] = []
    edges: dict[tuple[str, str], float] = {}
    for block in range(blocks):
        names = [f"u{block:04}{letter}" for letter in "abcd"]
        members += [
            Member(name, chance.choice(["prelist", "field"]), chance.randint(0, 3))
            for name in names
        ]
        for pair in combinations(names, 2):
            if chance.random() < 0.6:
                edges[pair] = chance.uniform(-8, 12)
    return Groupings(members, edges, THRESHOLDS)


@pytest.mark.slow
def test_ten_thousand_decisions_taken_back_in_any_order_leave_no_trace() -> None:
    chance = random.Random(5)
    town = a_town(chance, 2_000)
    first = dict(town.heads)
    made: list[Decision] = []
    while len(made) < 10_000:
        block = chance.randrange(2_000)
        beyond = min(block + (chance.random() < 0.02), 1_999)
        one = f"u{block:04}{chance.choice('abcd')}"
        other = f"u{beyond:04}{chance.choice('abcd')}"
        if one != other:
            made.append(said(chance.choice([MERGE, UNMERGE]), one, other))
    for some in in_parts(made, chance):
        town.decide(*some)
    assert town.heads == town.afresh() != first
    for some in in_parts(chance.sample(made, len(made)), chance):
        town.decide(*map(back, some))
    assert town.heads == first


def in_parts(made: list[Decision], chance: random.Random) -> Iterator[list[Decision]]:
    """Part decisions as they arrive: one alone, or some at once."""
    rest = iter(made)
    while some := list(islice(rest, chance.randint(1, 12))):
        yield some
