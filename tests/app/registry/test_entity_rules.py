"""An entity by everything said of it, whatever the order."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registry.entity_rules import Said, numbered, standing, story_of

LANE, SLS = "3375", "3375030005000100"


def said(position: int, **told: object) -> Said:
    made: dict[str, object] = {
        "lane": LANE,
        "position": position,
        "ordinal": 0,
        "dataset": "usaha",
        "entity_id": "e",
        "origin": "submission",
        "instance_id": f"uuid:{position}",
        "updates": "creates" not in told,
        "fields": {},
        **told,
    }
    return Said(**made)  # type: ignore[arg-type]


def create(position: int, **fields: str) -> Said:
    return said(position, creates=True, fields=fields)


def numbers(*words: Said) -> list[int | None]:
    return [each.number for each in sorted(numbered(story_of(words)), key=lambda s: s.position)]


def state(*words: Said) -> dict[str, str]:
    return dict(story_of(words).state)


def test_an_update_waits_for_its_entity() -> None:
    early, made = said(1, base=1000001, fields={"a": "2"}), create(2, a="1", b="1")
    assert numbers(early) == [None]
    assert numbers(early, made) == [2, 1]
    assert state(early, made) == {"a": "2", "b": "1"}


def test_what_both_create_and_update_may_come_first() -> None:
    upsert = said(1, creates=True, updates=True, fields={"a": "1"})
    again = replace(upsert, position=2, instance_id="uuid:2", base=1000001, fields={"a": "2"})
    assert numbers(upsert, again) == [1, 2]
    assert story_of([upsert, again]).conflicts == []


def test_changes_of_different_fields_go_together() -> None:
    words = [
        create(1, a="1", b="1"),
        said(2, base=1000001, fields={"a": "2", "b": "1"}),
        said(3, base=1000001, fields={"a": "1", "b": "2"}),
    ]
    assert state(*words) == {"a": "2", "b": "2"}
    assert story_of(words).conflicts == []


def test_a_field_that_two_changed_is_told() -> None:
    words = [create(1, a="1")] + [said(n, base=1000001, fields={"a": str(n)}) for n in (2, 3)]
    (found,) = story_of(words).conflicts
    assert (found.number, found.field) == (3, "a")
    assert (found.base_value, found.other_value, found.value) == ("1", "2", "3")


def test_two_who_wrote_the_same_do_not_contend() -> None:
    words = [create(1, a="1")] + [said(n, base=1000001, fields={"a": "x"}) for n in (2, 3)]
    assert story_of(words).conflicts == []


def test_a_base_that_nobody_knows_holds_nothing_up() -> None:
    words = [create(1, a="1", b="1"), said(2, base=1000007, fields={"a": "1", "b": "2"})]
    assert numbers(*words) == [1, 2]
    assert [each.field for each in story_of(words).conflicts] == ["b"]


def test_creating_what_is_there_already_is_a_conflict_not_a_loss() -> None:
    words = [create(1, a="1"), create(2, a="2")]
    assert state(*words) == {"a": "2"}
    assert [each.other_value for each in story_of(words).conflicts] == ["1"]


def test_a_phone_contends_with_others_and_not_with_itself() -> None:
    mine = {"trunk": 1000001, "branch": "b"}
    words = [
        create(1, a="1", b="1"),
        said(2, base=1000001, fields={"a": "other", "b": "1"}),
        said(3, base=1000001, **mine, fields={"a": "1", "b": "2"}),
        said(4, base=1000002, **mine, fields={"a": "1", "b": "3"}),
        said(5, base=1000003, **mine, fields={"a": "mine", "b": "3"}),
    ]
    story = story_of(words)
    assert dict(story.state) == {"a": "mine", "b": "3"}
    assert [(c.number, c.field, c.other_value) for c in story.conflicts] == [(5, "a", "other")]


CHAIN = (
    create(0, a="0"),
    said(0, base=1, branch="b", fields={"a": "1"}),
    said(0, base=2, branch="b", fields={"a": "2"}),
    said(0, base=3, branch="b", fields={"a": "3"}),
)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_chain_ends_the_same_in_any_order(order: tuple[int, ...]) -> None:
    words = [
        replace(CHAIN[index], position=at, instance_id=f"uuid:{index}")
        for at, index in enumerate(order)
    ]
    story = story_of(words)
    assert story.waiting == []
    assert dict(story.state) == {"a": "3"}
    assert story.conflicts == []
    assert [step.said.instance_id for step in story.steps] == [f"uuid:{n}" for n in range(4)]


def test_what_was_corrected_before_it_came_says_nothing() -> None:
    words = [said(1, creates=True, replaces="uuid:2", fields={"a": "right"}), create(2, a="wrong")]
    assert state(*words) == {"a": "right"}
    assert story_of(words).conflicts == []


def test_a_correction_does_not_contend_with_what_it_corrects() -> None:
    words = [create(1, a="wrong"), said(2, creates=True, replaces="uuid:1", fields={"a": "right"})]
    assert state(*words) == {"a": "right"}
    assert story_of(words).conflicts == []


def test_the_prelist_says_only_what_changed_in_it() -> None:
    prelist = {"origin": "prelist", "creates": True, "updates": True}
    words = [
        said(1, **prelist, fields={"a": "1", "b": "1"}),
        said(2, base=1000001, fields={"a": "seen"}),
        said(3, **prelist, fields={"a": "1", "b": "2"}),
        said(4, **prelist, fields={"a": "1", "b": "3"}),
    ]
    assert state(*words) == {"a": "seen", "b": "3"}
    assert story_of(words).conflicts == []


def test_an_office_removes_and_brings_back() -> None:
    gone = said(2, origin="entity", deletes=True)
    words = [create(1, a="1"), gone, said(3, base=1000001, fields={"a": "2"})]
    assert standing(words, story_of(words)).is_deleted
    assert standing(words, story_of(words)).conflict_count == 1, "somebody was there"
    assert standing(words[:2], story_of(words[:2])).conflict_count == 0
    back = [*words, said(4, origin="entity", base=3, deletes=False)]
    assert not standing(back, story_of(back)).is_deleted
    assert standing(back, story_of(back)).conflict_count == 0


def test_an_office_settles_the_conflicts_that_it_has_seen() -> None:
    words = [create(1, a="1")] + [said(n, base=1000001, fields={"a": str(n)}) for n in (2, 3)]
    seen = [*words, said(4, origin="entity", base=3, fields={"a": "right"})]
    later = [*seen, said(5, base=1000001, fields={"a": "5"})]
    assert standing(words, story_of(words)).conflict_count == 1
    assert standing(seen, story_of(seen)).conflict_count == 0
    assert state(*seen) == {"a": "right"}
    assert standing(later, story_of(later)).conflict_count == 1


def forcing(position: int, *forced: Said) -> Said:
    names = [each.instance_id for each in forced]
    return said(position, origin="entity", base=0, updates=True, forces=names)


def test_an_office_waits_no_longer() -> None:
    early = said(1, base=1000001, fields={"a": "2"})
    other = said(2, base=1000001, fields={"b": "9"})
    decided = forcing(3, early)
    assert numbers(early, other, decided) == [1, 2, 3]  # with it everything that may go on
    assert state(early, other, decided) == {"a": "2", "b": "9"}


def test_what_arrives_after_all_fills_what_was_left_open() -> None:
    early = said(1, base=1000001, fields={"a": "2"})
    words = [early, forcing(2, early), create(3, a="1", b="1")]
    assert state(*words) == {"a": "2", "b": "1"}
    assert story_of(words).conflicts == []


def test_a_forced_chain_keeps_its_order() -> None:
    made = create(1, a="1", b="1", c="1")
    chain = {"branch": "x", "trunk": 1000001}
    second = said(4, base=1000001, fields={"a": "2", "b": "2"}, **chain)
    third = said(2, base=1000002, fields={"a": "3", "c": "3"}, **chain)
    words = [made, third, forcing(3, third), second]
    assert numbers(made, third) == [1, None]
    assert state(*words) == {"a": "3", "b": "2", "c": "3"}


def test_where_it_lies_is_told_by_its_sub_sls() -> None:
    for told, area in ((SLS, SLS), ("", LANE), ("9999000000000000", LANE)):
        words = [create(1, idsubsls=told, label="X")]
        assert standing(words, story_of(words)).area_code == area


WORDS = st.lists(
    st.builds(
        lambda made, base, trunk, branch, value: {
            "creates": made,
            "base": base,
            "trunk": trunk,
            "branch": branch,
            "fields": value,
        },
        st.booleans(),
        st.none() | st.integers(1, 4) | st.integers(1000001, 1000004),
        st.none() | st.integers(1000001, 1000003),
        st.sampled_from(["", "b", "c"]),
        st.dictionaries(st.sampled_from(["a", "b", "label"]), st.sampled_from(["", "1", "2"])),
    ),
    max_size=8,
)


@given(WORDS)
def test_versions_that_a_phone_has_seen_never_change(told: list[dict[str, object]]) -> None:
    words = [said(at, **each) for at, each in enumerate(told)]
    before: list[object] = []
    for length in range(len(words) + 1):
        story = story_of(words[:length])
        now = [(step.said, step.state) for step in story.steps]
        assert now[: len(before)] == before
        assert len(story.steps) + len(story.waiting) == length
        before = list(now)
