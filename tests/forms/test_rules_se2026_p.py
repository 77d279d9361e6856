"""What the rules of SE2026-P find: every branch, error and warning, by one changed answer each."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest

from forms.instance import read_submission
from forms.validate import validate
from tests.support.any_building import any_building
from tests.support.buildings import (
    Answers,
    barn,
    batik_house,
    building,
    business,
    empty_building,
    government_office,
    hawker_dwelling,
    household,
    listed,
    market,
    mosque_with_canteen,
    non_response,
    not_found,
    quiet_dwelling,
    refusal,
    shop,
    variants,
    virtual_office,
    visit,
)
from tests.support.desk import AREAS, Desk, open_desk

pytestmark = pytest.mark.unmeasured

OFFICE = AREAS | {
    "usaha.csv": (
        b"name,label,idsubsls,kbli\n"
        b"IDSBR0000001,BATIK SEKAR JLAMPRANG - GG CONTOH 3,3375030005000100,\n"
        b"IDSBR0000002,BATIK SEKAR,3375030005000100,\n"
        b"IDSBR0000003,TOKO LAIN,3375030012000100,\n"
    ),
}


@pytest.fixture(scope="module")
def desk() -> Desk:
    return open_desk("se2026_p", OFFICE)


def house(*businesses: Mapping[str, Any], **counts: int) -> Answers:
    return building("2", household(*businesses, **counts))


def home_business(**changes: str) -> Answers:
    return house(business(**changes), home=1)


@pytest.mark.parametrize("name", sorted(variants()))
def test_every_invented_building_is_valid_and_beyond_doubt(desk: Desk, name: str) -> None:
    assert desk.findings(variants()[name]()) == []


@pytest.mark.parametrize("seed", range(40))
def test_any_building_is_valid_and_beyond_doubt(desk: Desk, seed: int) -> None:
    assert desk.findings(any_building(Random(seed))) == []


# --- branches: what is asked, what is not ---------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "change", "asked"),
    [
        (quiet_dwelling, {"geotag": ""}, ["geotag"]),
        (quiet_dwelling, {"front_photo": ""}, []),
        (quiet_dwelling, {"signs": ""}, ["signs"]),
        (quiet_dwelling, {"floors": "2"}, ["floor_no"]),
        (quiet_dwelling, {"building_use": "4"}, ["hidden_business"]),
        (quiet_dwelling, {"building_use": "8"}, ["building_name", "hidden_business"]),
        (non_response, {"nonresponse_reason": ""}, ["nonresponse_reason"]),
        (barn, {"out_of_scope_kind": ""}, ["out_of_scope_kind"]),
        (virtual_office, {"building_name": ""}, ["building_name"]),
        (non_response, {"nonresponse_reason": "5"}, ["nonresponse_other"]),
        (empty_building, {"street": ""}, ["street"]),
        (not_found, {"geotag": "", "street": "", "block_no": ""}, []),
        (batik_house, {"consent": ""}, ["consent"]),
    ],
)
def test_a_branch_asks_for_what_it_needs(
    desk: Desk, base: Callable[[], Answers], change: Answers, asked: list[str]
) -> None:
    assert desk.findings(base() | change) == [("required", name) for name in asked]


@pytest.mark.parametrize("probe", ["home", "rental", "mobile", "online", "stall", "build", "other"])
def test_each_probe_is_asked_and_opens_its_number(desk: Desk, probe: str) -> None:
    unasked = household(business(business_kind="6"), other=1)
    unasked[f"probe_{probe}"] = ""
    assert ("required", f"probe_{probe}") in desk.findings(building("2", unasked))
    uncounted = household() | {f"probe_{probe}": "1"}
    assert ("required", f"n_{probe}") in desk.findings(building("2", uncounted))


def test_a_business_of_the_prelist_is_chosen_from_its_sub_sls(desk: Desk) -> None:
    assert desk.findings(house(listed(""), home=1)) == [("required", "unit_id")]
    assert desk.findings(house(listed("IDSBR0000003"), home=1)) == [("choice", "unit_id")]
    assert desk.findings(house(listed("IDSBR0000002"), home=1)) == []


def test_a_business_that_the_list_has_elsewhere_moves_here(desk: Desk) -> None:
    moved = listed("IDSBR0000003") | {"in_prelist": "3", "business_name": "TOKO LAIN"}
    values = desk.values(house(moved, home=1))
    assert (values["entity_id"], values["unit_subsls"]) == ("IDSBR0000003", "3375030005000100")
    assert values["new_total"] == "0"
    assert desk.findings(house(moved, home=1)) == []
    stayed = listed("IDSBR0000001") | {"in_prelist": "3"}
    assert desk.findings(house(stayed, home=1)) == [("choice", "unit_id")]


def test_a_business_of_the_prelist_brings_its_name_along(desk: Desk) -> None:
    chosen = listed()
    del chosen["business_name"]
    assert desk.values(house(chosen, home=1))["business_name"] == "BATIK SEKAR JLAMPRANG"


@pytest.mark.parametrize("unit", [empty_building, not_found, non_response, refusal, barn])
def test_a_building_that_is_not_listed_goes_straight_to_the_visits(
    desk: Desk, unit: Callable[[], Answers]
) -> None:
    answered = desk.answered(unit() | {"parts": "1", "part": [household(home=1)]})
    assert {"building_state", "visit_date", "visit_result"} <= answered
    assert answered.isdisjoint({"parts", "part_kind", "probe_home", "businesses_total", "consent"})


def test_an_office_without_business_ends_after_one_question(desk: Desk) -> None:
    assert "parts" not in desk.answered(government_office())
    assert "parts" in desk.answered(mosque_with_canteen())


def test_a_part_that_was_not_met_is_asked_nothing_more(desk: Desk) -> None:
    silent = household(business(), home=1) | {"part_answer": "4"}
    answers = building("2", silent, silent, visits_made="3", visit=[visit("5")] * 3)
    values = desk.values(answers)
    assert "probe_home" not in values
    assert (values["silent_total"], values["businesses_total"]) == ("2", "0")
    assert desk.findings(answers) == []


def test_who_answered_is_asked_only_where_there_are_several_parts(desk: Desk) -> None:
    assert "part_answer" not in desk.answered(quiet_dwelling())
    one, other = household(), household() | {"part_answer": ""}
    assert desk.findings(building("3", one, other, signs="0")) == [("required", "part_answer")]


def test_sub_sls_of_another_kelurahan_is_not_offered(desk: Desk) -> None:
    findings = desk.findings(quiet_dwelling() | {"idsubsls": "3375030012000100"})
    assert findings == [("choice", "idsubsls")]


# --- what is computed -----------------------------------------------------------------------------


def test_nothing_is_added_up_by_hand(desk: Desk) -> None:
    values = desk.values(market())
    totals = ("households_total", "businesses_total", "new_total", "prelist_total", "silent_total")
    assert [values[name] for name in totals] == ["0", "4", "3", "1", "1"]
    assert desk.values(mosque_with_canteen())["households_total"] == "1"


def test_businesses_are_numbered_through_the_building(desk: Desk) -> None:
    values = desk.check(desk.fill(market())).values
    numbers = [value for path, value in values.items() if path.endswith("/business_no")]
    assert numbers == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("sales", "workers", "size", "instrument"),
    [
        ("1", "3", "micro", "se2026_l"),
        ("2", "3", "small", "se2026_l"),
        ("3", "3", "medium", "se2026_l"),
        ("4", "3", "large", "se2026_lub"),
        ("8", "4", "micro", "se2026_l"),
        ("8", "5", "small", "se2026_l"),
        ("8", "19", "small", "se2026_l"),
        ("8", "20", "medium", "se2026_l"),
        ("8", "100", "large", "se2026_lub"),
    ],
)
def test_size_follows_sales_or_else_workers_and_names_the_questionnaire(
    desk: Desk, sales: str, workers: str, size: str, instrument: str
) -> None:
    answers = home_business(sales_band=sales, workers_total=workers)
    values = desk.values(answers)
    assert (values["size_class"], values["instrument"]) == (size, instrument)
    assert ("large_note" in values) is (size == "large")
    assert desk.findings(answers) == []


def test_a_listed_business_keeps_its_id_and_a_new_one_has_its_own(desk: Desk) -> None:
    values = desk.check(desk.fill(batik_house())).values
    ids = [value for path, value in values.items() if path.endswith("/entity_id")]
    assert ids[0] == "IDSBR0000001"
    assert len(ids[1]) == 36


# --- errors ---------------------------------------------------------------------------------------


def changed(**changes: Any) -> Callable[[], Answers]:
    return lambda: quiet_dwelling() | changes


def in_part(base: Callable[[], Answers], **changes: Any) -> Callable[[], Answers]:
    return lambda: base() | {"part": [*base()["part"][:-1], base()["part"][-1] | changes]}


def row(**changes: str) -> Callable[[], Answers]:
    return lambda: home_business(**changes)


ERRORS: list[tuple[Callable[[], Answers], str]] = [
    (changed(segment_no="1A"), "segment_no"),
    (changed(building_no="12345"), "building_no"),
    (changed(geotag="0 0 0 5"), "geotag"),
    (changed(geotag="52.1 109.6 0 5"), "geotag"),
    (changed(street="G3"), "street"),
    (changed(building_use="2", building_name="AB"), "building_name"),
    (changed(floors="0"), "floors"),
    (changed(parts="0"), "parts"),
    (changed(parts="61"), "parts"),
    (changed(building_use="1"), "part_kind"),
    (changed(building_use="7", building_name="GEDUNG CONTOH"), "part_kind"),
    (lambda: building("3", shop(business(business_kind="7"))), "part_kind"),
    (in_part(changed(floors="2"), floor_no="3"), "floor_no"),
    (in_part(changed(floors="2"), floor_no="0"), "floor_no"),
    (in_part(quiet_dwelling, occupant="B"), "occupant"),
    (lambda: building("3", household(business(), home=1)), "probe_home"),
    (lambda: building("3", household(business(), online=1)), "probe_online"),
    (lambda: house(home=0), "n_home"),
    (lambda: house(rental=21), "n_rental"),
    (lambda: house(mobile=0), "n_mobile"),
    (lambda: house(online=21), "n_online"),
    (lambda: house(stall=0), "n_stall"),
    (lambda: house(build=0), "n_build"),
    (lambda: house(other=0), "n_other"),
    (lambda: building("1", shop()), "premises_businesses"),
    (lambda: building("1", shop(premises_businesses="61")), "premises_businesses"),
    (row(business_name="AB"), "business_name"),
    (row(activity="membatik"), "activity"),
    (lambda: building("1", shop(business(business_kind="1"))), "business_kind"),
    (row(owner_name="S"), "owner_name"),
    (row(mobile="628120000001"), "mobile"),
    (row(workers_total="0"), "workers_total"),
    (row(sticker="A B"), "sticker"),
    (changed(signs="0 3"), "signs"),
    (changed(visits_made="4"), "visits_made"),
    (changed(visit=[visit("1", "21")]), "visit_date"),
    (changed(visits_made="2", visit=[visit("3", "19"), visit("1", "18")]), "visit_date"),
    (changed(visit=[visit("6")]), "visit_result"),
    (lambda: refusal() | {"visit": [visit("1")]}, "visit_result"),
    (changed(respondent_name="S"), "respondent_name"),
    (changed(respondent_phone="0812"), "respondent_phone"),
]


@pytest.mark.parametrize(("answers", "leaf"), ERRORS)
def test_an_error_is_found(desk: Desk, answers: Callable[[], Answers], leaf: str) -> None:
    assert ("constraint", leaf) in desk.findings(answers())
    assert not desk.check(desk.fill(answers())).valid


def test_every_constraint_of_the_form_is_tried(desk: Desk) -> None:
    tried = {leaf for _, leaf in ERRORS}
    assert {node.name for node in desk.form.nodes.values() if node.constraint} == tried


STOPS: list[tuple[Callable[[], Answers], str]] = [
    (lambda: house(home=1), "stop_rows"),
    (lambda: house(business(), business(sticker=""), home=1), "stop_rows"),
    (
        lambda: house(listed(), listed() | {"sticker": ""}, home=2),
        "stop_unit",
    ),
    (
        lambda: building("2", household(business(), home=1), household(business(), home=1)),
        "stop_sticker",
    ),
    (lambda: building("2", household(), signs="0"), "stop_no_business"),
    (lambda: building("1", {"part_kind": "4"}, signs="0"), "stop_no_business"),
    (lambda: building("2", shop(business(business_kind="7"))), "stop_no_household"),
    (lambda: building("3", {"part_kind": "4"}, signs="0"), "stop_no_household"),
    (
        lambda: (
            mosque_with_canteen()
            | {
                "parts": "1",
                "part": [
                    {
                        "part_kind": "3",
                        "occupant": "SERAMBI",
                        "part_answer": "1",
                        "premises_businesses": "0",
                    }
                ],
                "signs": "0",
            }
        ),
        "stop_nothing",
    ),
]


@pytest.mark.parametrize(("answers", "leaf"), STOPS)
def test_what_contradicts_itself_stops_the_form(
    desk: Desk, answers: Callable[[], Answers], leaf: str
) -> None:
    findings = desk.findings(answers())
    assert set(findings) == {("required", leaf)}


def test_every_stop_of_the_form_is_tried(desk: Desk) -> None:
    names = (node.name for node in desk.form.nodes.values())
    stops = {name for name in names if name.startswith("stop_")}
    assert stops == {leaf for _, leaf in STOPS}


def test_more_visits_recorded_than_made_is_an_error(desk: Desk) -> None:
    body = desk.fill(quiet_dwelling()).replace(
        b"<visits_made>1</visits_made>", b"<visits_made>2</visits_made>"
    )
    found = {(each.rule, each.path) for each in desk.check(body).findings}
    assert ("repeat", "/data/visit") in found


def test_an_earlier_visit_may_have_met_nobody(desk: Desk) -> None:
    visits = [visit("6", "18"), visit("3", "19"), visit("1", "20")]
    assert desk.findings(quiet_dwelling() | {"visits_made": "3", "visit": visits}) == []


# --- warnings -------------------------------------------------------------------------------------

DOUBTS: list[tuple[Callable[[], Answers], str]] = [
    (changed(geotag="-6.917189 109.667401 12.0 60"), "geotag"),
    (in_part(changed(floors="9"), floor_no="9"), "floors"),
    (changed(parts="21", part=[household()] * 21), "parts"),
    (
        lambda: building("3", household(business(business_kind="5"), rental=1)),
        "probe_rental",
    ),
    (lambda: house(business(business_kind="2"), home=1), "business_kind"),
    (lambda: house(business(business_kind="3"), home=1), "business_kind"),
    (lambda: house(business(business_kind="4"), home=1), "business_kind"),
    (lambda: house(business(business_kind="5"), home=1), "business_kind"),
    (row(workers_total="301", sales_band="2"), "workers_total"),
    (row(workers_total="20"), "sales_band"),
    (row(workers_total="2", sales_band="4"), "sales_band"),
    (changed(signs="3 6"), "signs"),
    (
        lambda: building("3", *hawker_dwelling()["part"], household() | {"part_answer": "3"}),
        "visits_made",
    ),
    (lambda: non_response() | {"visits_made": "1", "visit": [visit("3")]}, "visits_made"),
    (changed(visit=[{"visit_date": "2026-04-30", "visit_result": "1"}]), "visit_date"),
    (changed(visit=[visit("2")]), "visit_result"),
    (changed(consent="2"), "consent"),
]


@pytest.mark.parametrize(("answers", "leaf"), DOUBTS)
def test_a_doubt_is_a_warning_and_the_document_stays_valid(
    desk: Desk, answers: Callable[[], Answers], leaf: str
) -> None:
    assert desk.findings(answers()) == [("warning", leaf)]
    assert desk.check(desk.fill(answers())).valid


def test_every_warning_of_the_form_is_tried(desk: Desk) -> None:
    tried = {leaf for _, leaf in DOUBTS}
    assert {node.name for node in desk.form.nodes.values() if node.warning} == tried


def test_a_message_comes_in_the_language_asked_for(desk: Desk) -> None:
    submission = read_submission(desk.fill(house(home=1)))
    (indonesian,) = validate(desk.form, submission, desk.lists, language="id").findings
    (english,) = validate(desk.form, submission, desk.lists, language="en").findings
    assert indonesian.message.startswith("Tambah atau hapus isian usaha")
    assert english.message.startswith("Add or delete entries")
