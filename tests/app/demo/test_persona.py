"""The invented day: whom the officers visit, when, and how it looks to the registry."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from app.dedup.matcher import plain
from app.demo.kinds import kinds
from app.demo.persona import Visit, visits_of
from matching.normalise import features_of
from matching.record import Record
from tests.app.demo.conftest import SEED, City

SENTINELS = {"7777", "8888", "9999"}


def first_versions(city: City) -> list[Visit]:
    return [visit for visit in city.visits if visit.edit_of is None]


def test_presences_are_spread_as_in_the_field(any_city: City) -> None:
    visits = first_versions(any_city)
    spread = Counter(str(visit.answers["presence"]) for visit in visits)
    assert 1000 <= len(visits) <= 1200
    expected = {"1": 0.79, "2": 0.08, "3": 0.05, "00": 0.03, "4": 0.02, "9": 0.02}
    assert spread.keys() == expected.keys()
    for presence, share in expected.items():
        assert abs(spread[presence] / len(visits) - share) < 0.025, presence


def test_every_kelurahan_is_worked_in(any_city: City) -> None:
    for officer in any_city.officers:
        inside = [v for v in any_city.days[officer.user_name] if v.idsubsls in officer.areas]
        assert len(inside) > 25
    assert len({visit.idsubsls[:10] for visit in any_city.visits}) == 27


def test_some_sub_sls_are_worked_to_the_end(city: City) -> None:
    visited = {visit.unit_id for visit in city.visits}
    open_in = {firm.idsubsls for firm in city.firms if firm.unit_id not in visited}
    done = {firm.idsubsls for firm in city.firms} - open_in
    assert len({code[:10] for code in done}) == 27


def test_units_are_of_the_prelist_unless_they_are_new(any_city: City) -> None:
    known = {firm.unit_id: firm for firm in any_city.firms}
    for visit in any_city.visits:
        is_new = visit.answers["presence"] == "2"
        assert (visit.unit_id is None) == is_new
        assert visit.answers.get("unit_id") == visit.unit_id
        if visit.unit_id and visit.mistake != "sub_sls_of_another_kelurahan":
            assert known[visit.unit_id].idsubsls == visit.idsubsls == visit.answers["idsubsls"]


def test_a_day_lasts_from_morning_to_evening_in_its_order(any_city: City) -> None:
    for day in any_city.days.values():
        assert all(visit.start.utcoffset() == timedelta(hours=7) for visit in day)
        assert {visit.start.date() for visit in day} == {date(2026, 7, 1)}
        assert day[0].start.hour in (7, 8)
        assert day[-1].end.hour <= 20
        times = [time for visit in day for time in (visit.start, visit.end)]
        assert times == sorted(times)
        assert not any(visit.start.hour == 12 for visit in day if visit.edit_of is None)


def test_every_visit_has_a_name_of_its_own(any_city: City) -> None:
    assert len({visit.instance_seed for visit in any_city.visits}) == len(any_city.visits)


def test_corrections_put_right_a_mistake_of_the_same_officer(any_city: City) -> None:
    corrections = 0
    for day in any_city.days.values():
        by_name = {visit.instance_seed: visit for visit in day}
        for visit in (each for each in day if each.edit_of):
            corrections += 1
            first = by_name[visit.edit_of or ""]
            assert first.mistake
            assert visit.mistake is None
            assert first.end < visit.start
            differing = {k for k in visit.answers if first.answers.get(k) != visit.answers[k]}
            assert 0 < len(differing) <= 2
    assert corrections > 5


def test_one_in_twelve_documents_holds_a_mistake(any_city: City) -> None:
    visits = first_versions(any_city)
    wrong = Counter(visit.mistake for visit in visits if visit.mistake)
    assert 0.06 < wrong.total() / len(visits) < 0.1
    assert len(wrong) >= 12


def test_a_photo_belongs_to_an_answer_of_a_found_unit(any_city: City) -> None:
    names = []
    for visit in any_city.visits:
        assert (visit.photo is not None) == ("front_photo" in visit.answers)
        if visit.photo and not visit.edit_of:
            assert visit.answers["presence"] == "1"
            names.append(visit.answers["front_photo"])
    assert len(names) == len({*map(str, names)}) > 60


def test_sentinels_stand_only_where_they_mean_something(any_city: City) -> None:
    found = Counter(
        leaf
        for visit in any_city.visits
        for leaf, answer in visit.answers.items()
        if isinstance(answer, str) and answer in SENTINELS
    )
    assert found.keys() == {"owner_nik", "mobile"}


def test_mail_and_web_addresses_lead_nowhere(any_city: City) -> None:
    for visit in any_city.visits:
        for leaf in ("email", "website"):
            assert re.fullmatch(r"(.+[.]example)?", str(visit.answers.get(leaf, "")))


def test_the_branches_of_the_form_are_met(any_city: City) -> None:
    answers = [visit.answers for visit in any_city.visits]
    for leaf in (
        "assets_band", "assets_total", "bpom", "closed_year", "commercial_name", "cost_goods",
        "duplicate_of", "email", "export_share", "front_photo", "halal", "head_name", "hotel_stars",
        "months_operated", "new_kind", "nib_kbli", "no_nib_reason", "nonresponse_reason", "notes",
        "online_share", "phone", "records_kind", "zone_name",
    ):  # fmt: skip
        assert any(each.get(leaf) for each in answers), leaf
    used = {str(each["kbli"]) for each in answers if "kbli" in each}
    assert len(used & {kind.kbli for kind in kinds().values()}) > 50
    assert {"1", "3"} <= {str(each.get("network")) for each in answers}


def test_some_units_are_visited_by_two_officers(any_city: City) -> None:
    callers = defaultdict(set)
    for user_name, day in any_city.days.items():
        for visit in day:
            if visit.unit_id:
                callers[visit.unit_id].add(user_name)
    twice = [unit for unit, names in callers.items() if len(names) == 2]
    assert 5 <= len(twice) <= 15


def test_matching_finds_the_doubles_of_the_day(any_city: City) -> None:
    alike = pairs_alike(any_city)
    assert 20 <= len(alike) <= 250
    new = [pair for pair in alike if any("/" in unit_id for unit_id in pair)]
    assert len(new) > 10


def test_a_seed_gives_the_same_day(city: City) -> None:
    officer = city.officers[4]
    assert visits_of(officer, city.firms, SEED) == city.days[officer.user_name]
    assert visits_of(officer, city.firms, SEED + 1) != city.days[officer.user_name]


def test_whoever_knows_only_their_own_firms_meets_nobody_from_next_door(city: City) -> None:
    officer = city.officers[3]
    own = [firm for firm in city.firms if firm.idsubsls in officer.areas]
    day = visits_of(officer, own, SEED, count=20)
    assert 17 <= len(day) <= 26
    assert {visit.idsubsls for visit in day} <= set(officer.areas)


def test_whoever_has_no_firms_has_no_day(city: City) -> None:
    assert visits_of(city.officers[0], [], SEED) == []


def pairs_alike(city: City) -> set[tuple[str, ...]]:
    """Give the pairs that a person or a machine may call one, once the day has arrived."""
    matcher = plain()
    known = {each.record_id: features_of(each) for each in records(city)}
    holders = defaultdict(set)
    for unit_id, features in known.items():
        for key in matcher.keys(features):
            holders[key].add(unit_id)
    near = {pair for units in holders.values() for pair in combinations(sorted(units), 2)}
    least = matcher.model.thresholds.clerical
    return {pair for pair in near if matcher.score(*(known[each] for each in pair)).bits >= least}


def records(city: City) -> Iterator[Record]:
    reports = {v.unit_id or v.edit_of or v.instance_seed: v for v in city.visits}
    listed = {firm.unit_id: firm.listed or {} for firm in city.firms}
    for unit_id in sorted(listed.keys() | reports.keys()):
        row = listed.get(unit_id, {})
        visit = reports.get(unit_id)
        told = {k: str(v) for k, v in visit.answers.items()} if visit else {}
        if told.get("presence") in {"3", "4"}:
            continue
        yield Record(
            record_id=unit_id,
            source="field" if visit else "prelist",
            name=told.get("business_name") or row.get("business_name", ""),
            owner=told.get("owner_name") or row.get("owner_name", ""),
            address=told.get("street") or row.get("address", ""),
            phone=told.get("mobile") or row.get("phone", ""),
            nib=told.get("nib") or row.get("nib", ""),
            kbli=told.get("kbli") or row.get("kbli", ""),
            sls=told.get("idsubsls") or row["idsubsls"],
        )
