"""Reasons in words: every level that the model may name, and what they come to by theme."""

import pytest

from app.dedup.schemas import ReasonOut
from app.web.matching_words import (
    FACTS,
    LEVELS,
    certainty,
    details_of,
    sentence_of,
    share_of,
    themes_of,
    weighty,
)
from matching.levels.comparisons import COMPARISONS

WORDLESS = {"bag"}  # `words` says it


def reason(comparison: str, level: str, bits: float) -> ReasonOut:
    return ReasonOut(comparison=comparison, level=level, bits=bits, left=None, right=None)


def test_every_level_that_says_something_has_words() -> None:
    silent = {"crossed": {"no"}}
    for each in COMPARISONS:
        if each.facts or each.name in WORDLESS:
            continue
        levels = {level.name for level in each.levels if not level.silent}
        assert levels - LEVELS[each.name].keys() == silent.get(each.name, set()), each.name


def test_every_fact_that_is_known_has_words() -> None:
    facts = [fact for each in COMPARISONS for fact in each.facts]
    known = {level.name for fact in facts for level in fact.levels if level.when is not None}
    assert known - FACTS.keys() == set()
    assert FACTS["two sources"]  # the one that says something where nothing else holds


def test_two_facts_weigh_on_both_their_themes() -> None:
    told = [
        reason("name", "exact", 3.0),
        reason("owner", "differs", -1.0),
        reason("name and owner", "name agrees, owner differs", -2.0),
        reason("source and name", "same enumerator, name agrees", -1.0),
        reason("phone", "unknown", 0.0),
        reason("phone and owner", "phone unknown, owner differs", -1.0),
    ]
    found = {each.name: (each.bits, each.leaning, each.said) for each in themes_of(told)}
    assert found == {
        "name": (1.5, "for", ("nama sama",)),
        "owner": (-2.5, "against", ("pemilik berbeda",)),
        "other": (-0.5, "against", ("hal yang tidak diketahui",)),
        "source": (-0.5, "against", ("dicatat petugas yang sama",)),
    }
    assert sum(bits for bits, _, _ in found.values()) == sum(each.bits for each in told)


def test_a_comparison_that_is_not_known_yet_is_told_by_its_name() -> None:
    unheard = reason("colour", "green", 1.0)
    assert sentence_of(unheard) == ""
    assert details_of(unheard) == ["green"]
    both = reason("name and owner", "name is close, owner unknown", 0.2)
    assert details_of(both) == ["nama mirip", "tidak diketahui"]


def test_only_what_weighs_is_listed_the_weightiest_first() -> None:
    told = [reason("a", "x", 0.1), reason("b", "x", 1.0), reason("c", "x", -2.0)]
    assert [each.comparison for each in weighty(told)] == ["c", "b"]


@pytest.mark.parametrize(
    ("bits", "share"), [(0.0, 0), (3.0, 50), (-3.0, 50), (6.0, 100), (-40.0, 100)]
)
def test_a_bar_is_full_at_six_bits(bits: float, share: int) -> None:
    assert share_of(bits) == share


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.99, "Hampir pasti sama"),
        (0.8, "Cenderung sama"),
        (0.5, "Meragukan"),
        (0.2, "Cenderung berbeda"),
        (0.05, "Mungkin berbeda"),
        (None, "Mesin tidak akan menanyakannya."),
    ],
)
def test_certainty_in_words(probability: float | None, said: str) -> None:
    assert certainty(probability) == said
