from collections import Counter, defaultdict
from itertools import combinations

import pytest

from matching.record import FIELD, ONLINE, PRELIST
from matching.truth import classes
from matching.truth.make import make_truth
from matching.truth.survey import Labelled

Labels = list[Labelled]


@pytest.fixture(scope="module")
def city() -> Labels:
    return make_truth(6000, 3)


def by_unit(labelled: Labels) -> dict[int, Labels]:
    units: dict[int, Labels] = defaultdict(list)
    for each in labelled:
        units[each.unit].append(each)
    return units


def of_class(labelled: Labels, name: str) -> Labels:
    return [each for each in labelled if name in each.hard_class.split(classes.JOIN)]


def test_equal_seeds_give_equal_cities() -> None:
    assert make_truth(500, 7) == make_truth(500, 7)


def test_other_seeds_give_other_words() -> None:
    def brands(seed: int) -> set[str | None]:
        return {each.record.name for each in make_truth(500, seed)} - {None}

    assert len(brands(1) & brands(2)) < len(brands(1)) / 10


def test_a_named_world_keeps_its_words_over_seeds() -> None:
    def region(seed: int) -> set[str]:
        return {(each.record.sls or "")[:4] for each in make_truth(200, seed, world="pesisir")} - {
            ""
        }

    assert region(1) == region(2)


def test_as_many_records_as_were_asked_for() -> None:
    assert [len(make_truth(many, 1)) for many in (1, 17, 1000)] == [1, 17, 1000]


def test_a_city_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one record"):
        make_truth(0, 1)


def test_ids_are_unique_and_the_prelist_comes_first(city: Labels) -> None:
    sources = [each.record.source for each in city]
    assert len({each.record.record_id for each in city}) == len(city)
    assert set(sources) == {PRELIST, FIELD, ONLINE}
    listed = sources.count(PRELIST)
    assert set(sources[:listed]) == {PRELIST}


def test_all_hard_classes_occur(city: Labels) -> None:
    seen = Counter(name for each in city for name in each.hard_class.split(classes.JOIN))
    assert set(classes.ALL) <= set(seen)


@pytest.mark.unmeasured
def test_an_sls_has_some_fifty_records() -> None:
    many = [len(group) for seed in range(4) for group in _sls(make_truth(3000, seed)).values()]
    assert 35 <= sum(many) / len(many) <= 80


def _sls(labelled: Labels) -> dict[str | None, Labels]:
    groups: dict[str | None, Labels] = defaultdict(list)
    for each in labelled:
        groups[each.record.sls].append(each)
    return groups


def test_only_visits_have_an_enumerator(city: Labels) -> None:
    assert all((each.record.source == FIELD) == bool(each.record.enumerator) for each in city)


def test_codes_have_their_lengths(city: Labels) -> None:
    assert {len(each.record.sls or "") for each in city} <= {0, 16}
    assert {len(each.record.kbli or "") for each in city} <= {0, 2, 3, 4, 5}


def test_two_officers_are_two(city: Labels) -> None:
    doubles = by_unit(of_class(city, classes.TWO_OFFICERS)).values()
    for records in doubles:
        officers = [each.record.enumerator for each in records]
        assert len(set(officers)) == len(officers)
    assert any(len(records) == 2 for records in doubles)


def test_one_owner_with_two_businesses_has_two_activities() -> None:
    city = make_truth(3000, 5, noise="mild")
    same = of_class(city, classes.SAME_OWNER)
    shared = [
        (one, other)
        for one, other in combinations(same, 2)
        if one.unit != other.unit and one.record.phone and one.record.phone == other.record.phone
    ]
    assert shared
    differing = [one.record.kbli != other.record.kbli for one, other in shared]
    assert sum(differing) > 0.8 * len(differing)


def test_points_of_the_sls_are_shared_by_many(city: Labels) -> None:
    points = Counter(
        (each.record.latitude, each.record.longitude) for each in of_class(city, classes.CENTROID)
    )
    assert points.most_common(1)[0][1] >= 3


@pytest.mark.unmeasured
@pytest.mark.parametrize("noise", ["mild", "usual", "harsh"])
def test_noise_parts_the_spellings_of_one_business(noise: str) -> None:
    pairs = [
        (one.record.name, other.record.name)
        for records in by_unit(make_truth(4000, 9, noise=noise, world="sama")).values()
        for one, other in combinations(records, 2)
    ]
    equal = sum(one == other for one, other in pairs) / len(pairs)
    low, high = {"mild": (0.5, 0.85), "usual": (0.35, 0.7), "harsh": (0.15, 0.5)}[noise]
    assert low < equal < high


def test_every_world_can_be_made() -> None:
    for seed in range(25):
        assert len(make_truth(300, seed, noise="harsh")) == 300
