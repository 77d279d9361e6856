"""What the rules of SE2026-L find: every branch, error and warning, by one changed answer each."""

from collections.abc import Callable, Mapping
from uuid import UUID

import pytest

from forms.compile import compile_definition, definition
from forms.instance import read_submission
from forms.lists import StaticLists
from forms.schema import Questionnaire
from forms.validate import validate
from forms.xform import read_xform
from tests.support.businesses import (
    Answers,
    batik_home_producer,
    closed,
    food_stall_begun_in_2026,
    hotel_branch,
    market_trader,
    non_response,
    not_found,
    supporting_unit,
    variants,
)
from tests.support.desk import AREAS, Desk, tables

pytestmark = pytest.mark.unmeasured

OFFICE = {
    **AREAS,
    "usaha.csv": (
        b"name,label,idsubsls,kbli\n"
        b"IDSBR0000001,BATIK SEKAR JLAMPRANG,3375030005000100,\n"
        b"IDSBR0000002,BATIK SEKAR,3375030005000100,47511\n"
        b"IDSBR0000003,TOKO LAIN,3375030012000100,\n"
    ),
    "perbaikan.csv": (
        b"name,label,unit\n"
        b"1,BATIK SEKAR: Hubungi pemilik.,IDSBR0000002\n"
        b"2,BATIK SEKAR: Jumlah pekerja: Isi 0 jika tidak ada.,IDSBR0000002\n"
        b"3,Tanpa usaha,\n"
    ),
}


def ranged(kbli: bytes) -> bytes:
    """Add the usual range of value added, as an office may; only for batik."""
    rows = kbli.decode().splitlines()
    usual = [f"{row},30,95" if row.startswith("13134,") else f"{row},," for row in rows[1:]]
    return "\n".join([f"{rows[0]},va_min,va_max", *usual]).encode()


@pytest.fixture(scope="module")
def lists() -> StaticLists:
    media = dict(compile_definition(definition("se2026_l"), lists=OFFICE).media)
    media["kbli.csv"] = ranged(media["kbli.csv"])
    return tables(media)


@pytest.fixture(scope="module")
def form() -> Questionnaire:
    return read_xform(compile_definition(definition("se2026_l")).xform)


@pytest.fixture(scope="module")
def desk(form: Questionnaire, lists: StaticLists) -> Desk:
    return Desk(form, lists)


@pytest.mark.parametrize("name", sorted(variants()))
def test_every_invented_business_is_valid_and_beyond_doubt(desk: Desk, name: str) -> None:
    assert desk.findings(variants()[name]()) == []


# --- branches: what is asked, what is not ---------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"presence": "2"}, ["new_kind"]),
        ({"presence": "9"}, ["nonresponse_reason"]),
        ({"unit_id": ""}, ["unit_id"]),
        ({"zone": "10", "zone_name": ""}, []),
        ({"zone_name": ""}, ["zone_name"]),
        ({"business_kind": ""}, ["business_kind"]),
        ({"building_use": "1", "business_kind": ""}, []),
        ({"has_nib": "2"}, ["no_nib_reason"]),
        ({"has_nib": "2", "no_nib_reason": "5"}, ["no_nib_other"]),
        ({"nib_kbli": "13134"}, ["nib_kbli_edition"]),
        ({"legal_form": "12"}, ["legal_form_other"]),
        ({"keeps_records": "2", "records_kind": ""}, []),
        ({"process": ""}, ["process"]),
        ({"kbli": "55120"}, ["hotel_stars", "hotel_rooms"]),
        ({"network": "2"}, ["network_units"]),
        ({"network": "4"}, ["head_name", "head_address"]),
        ({"internet_uses": "1 6"}, ["internet_other"]),
        ({"online_channels": ""}, ["online_channels"]),
        ({"uses_internet": "2", "online_share": ""}, []),
        ({"creative_inputs": "2", "creative_kinds": ""}, []),
        ({"kbli": "10794"}, ["halal", "bpom"]),
        ({"kbli": "56102"}, ["halal"]),
        ({"kbli": "20232"}, ["halal", "bpom"]),
        ({"exports": "1", "imports": "1"}, ["export_share", "import_share"]),
        ({"kbli": "47511", "sells_goods": "1"}, ["cost_goods"]),
        ({"year_started": "2025"}, ["month_started"]),
        ({"year_started": "2026"}, ["month_started", "months_operated"]),
        ({"assets_known": "2"}, ["assets_band"]),
    ],
)
def test_a_branch_asks_for_what_it_needs(
    desk: Desk, change: Mapping[str, str], asked: list[str]
) -> None:
    answers = batik_home_producer() | change
    assert desk.findings(answers) == [("required", name) for name in asked]


@pytest.mark.parametrize(
    "unit", [not_found, closed, non_response], ids=lambda maker: maker.__name__
)
def test_a_unit_that_was_not_found_goes_straight_to_the_visits(
    desk: Desk, unit: Callable[[], Answers]
) -> None:
    answered = desk.answered(unit())
    assert {"presence", "unit_id", "visit_date", "visit_result"} <= answered
    assert answered.isdisjoint({"business_name", "kbli", "workers_male", "consent", "size_class"})


def test_a_supporting_unit_ends_after_the_network_block(desk: Desk) -> None:
    answered = desk.answered(supporting_unit())
    assert {"head_name", "visit_date", "consent"} <= answered
    assert answered.isdisjoint({"uses_internet", "workers_male", "wages", "revenue_total"})


def test_sub_sls_of_another_kelurahan_is_not_offered(desk: Desk) -> None:
    answers = batik_home_producer() | {"idsubsls": "3375030012000100"}
    assert ("choice", "idsubsls") in desk.findings(answers)


def test_business_of_another_sub_sls_is_not_offered(desk: Desk) -> None:
    answers = batik_home_producer() | {"unit_id": "IDSBR0000003"}
    assert desk.findings(answers) == [("choice", "unit_id")]


@pytest.mark.parametrize(
    ("revenue", "size"),
    [
        ("2000000000", "micro"),
        ("2000000001", "small"),
        ("15000000000", "small"),
        ("15000000001", "medium"),
        ("50000000000", "medium"),
        ("50000000001", "large"),
    ],
)
def test_size_class_follows_yearly_sales(desk: Desk, revenue: str, size: str) -> None:
    answers = hotel_branch() | {"revenue_sales": revenue, "revenue_total": revenue}
    values = desk.check(desk.fill(answers)).values
    assert values["/data/revenue/size_class"] == size


def test_a_month_of_a_business_begun_in_2026_counts_twelve_times(desk: Desk) -> None:
    answers = food_stall_begun_in_2026() | {
        "revenue_sales": "170000000",
        "revenue_total": "170000000",
    }
    values = desk.check(desk.fill(answers)).values
    assert float(values["/data/revenue/annual_revenue"]) == 2_040_000_000
    assert values["/data/revenue/size_class"] == "small"


def test_what_was_returned_is_shown_with_its_business(desk: Desk) -> None:
    asked = batik_home_producer() | {"unit_id": "IDSBR0000002", "letter_code": ""}
    assert "returned_note" in desk.asked(asked)
    assert desk.values(asked)["returned"] == (
        "BATIK SEKAR: Hubungi pemilik.; BATIK SEKAR: Jumlah pekerja: Isi 0 jika tidak ada."
    )
    assert "returned_note" not in desk.asked(batik_home_producer())


def test_every_question_can_be_reached(desk: Desk) -> None:
    changes: list[Answers] = [
        {"nib_kbli": "13134", "legal_form": "12", "internet_uses": "6", "exports": "1"},
        {"has_nib": "2", "no_nib_reason": "5", "network": "2", "imports": "1"},
        {"unit_id": "IDSBR0000002", "network": "3", "head_regency": ""},
        {"kbli": "10794", "halal": "1", "bpom": "1"},
        {"presence": "9", "nonresponse_reason": "5"},
    ]
    documents = [made() for made in variants().values()]
    documents += [batik_home_producer() | change for change in changes]
    assert desk.questions() - set().union(*map(desk.asked, documents)) == set()


# --- the business as an entity --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "label"),
    [(batik_home_producer, "BATIK SEKAR JLAMPRANG"), (not_found, "BATIK SEKAR JLAMPRANG")],
)
def test_a_listed_business_keeps_its_id_and_has_a_label(
    desk: Desk, unit: Callable[[], Answers], label: str
) -> None:
    values = desk.check(desk.fill(unit())).values
    assert values["/data/place/entity_id"] == "IDSBR0000001"
    assert values["/data/place/unit_label"] == label


def test_a_new_business_has_an_id_of_its_own(desk: Desk) -> None:
    values = desk.check(desk.fill(food_stall_begun_in_2026())).values
    assert UUID(values["/data/place/entity_id"]).version == 4
    assert values["/data/place/unit_label"] == "WARUNG MEGONO (TARMI CONTOH)"


def test_why_the_code_changed_is_asked_where_it_did(desk: Desk) -> None:
    answers = batik_home_producer() | {"kbli_change": "2"}
    assert "kbli_change" not in desk.answered(answers)
    assert "kbli_change" in desk.answered(answers | {"unit_id": "IDSBR0000002"})


# --- errors ---------------------------------------------------------------------------------------


ERRORS: list[tuple[Answers, str, str]] = [
    ({"workers_unpaid": "1"}, "constraint", "workers_unpaid"),
    ({"wages": "0", "expenditure_total": "67000000"}, "constraint", "wages"),
    ({"capital_own": "99"}, "constraint", "capital_foreign"),
    ({"owner_age": "9"}, "constraint", "owner_age"),
    ({"owner_age": "100"}, "constraint", "owner_age"),
    ({"nib": "123456789012"}, "constraint", "nib"),
    ({"nib": "12345678901234"}, "constraint", "nib"),
    ({"expenditure_total": "103000001"}, "constraint", "expenditure_total"),
    ({"revenue_total": "164000001"}, "constraint", "revenue_total"),
    ({"assets_total": "192000001"}, "constraint", "assets_total"),
    ({"kbli": "99999"}, "choice", "kbli"),
    ({"geotag": ""}, "required", "geotag"),
    ({"building_no": "12345"}, "constraint", "building_no"),
    ({"rt": "3"}, "constraint", "rt"),
    ({"postcode": "5113"}, "constraint", "postcode"),
    ({"mobile": "0812345"}, "constraint", "mobile"),
    ({"mobile": "628123456789"}, "constraint", "mobile"),
    ({"phone": "421 234"}, "constraint", "phone"),
    ({"email": "sekar@contoh"}, "constraint", "email"),
    ({"activity": "membatik"}, "constraint", "activity"),
    ({"main_product": "kai"}, "constraint", "main_product"),
    ({"technology": "0 1"}, "constraint", "technology"),
    ({"presence": "5"}, "choice", "presence"),
    ({"network": "7"}, "choice", "network"),
    ({"year_started": "2027", "month_started": "1"}, "constraint", "year_started"),
    ({"year_started": "2026", "month_started": "3", "months_operated": "11"},
     "constraint", "months_operated"),
    ({"visits_made": "4"}, "constraint", "visits_made"),
    ({"visit": [{"visit_date": "2026-06-21", "visit_result": "1"}]},
     "constraint", "visit_date"),
    ({"presence": "4", "duplicate_of": "IDSBR0000001"}, "constraint", "duplicate_of"),
    ({"presence": "3", "closed_year": "2027"}, "constraint", "closed_year"),
    ({"letter_code": "IDSBR 0001"}, "constraint", "letter_code"),
    ({"business_no": "A"}, "constraint", "business_no"),
    ({"business_name": "AB"}, "constraint", "business_name"),
    ({"rw": "0005"}, "constraint", "rw"),
    ({"website": "sekar"}, "constraint", "website"),
    ({"nib_kbli": "1313"}, "constraint", "nib_kbli"),
    ({"owner_name": "S"}, "constraint", "owner_name"),
    ({"kbli": "55120", "hotel_rooms": "0"}, "constraint", "hotel_rooms"),
    ({"network": "2", "network_units": "1"}, "constraint", "network_units"),
    ({"network": "3", "head_phone": "421"}, "constraint", "head_phone"),
    ({"network": "3", "head_nib": "1"}, "constraint", "head_nib"),
    ({"green_inputs": "0 1"}, "constraint", "green_inputs"),
    ({"exports": "1", "export_share": "0"}, "constraint", "export_share"),
    ({"imports": "1", "import_share": "101"}, "constraint", "import_share"),
    ({"workers_male": "-1"}, "constraint", "workers_male"),
    ({"workers_male": "0", "workers_female": "0"}, "constraint", "workers_female"),
    ({"workers_paid": "5"}, "constraint", "workers_paid"),
    ({"year_started": "2025", "month_started": "13"}, "constraint", "month_started"),
    ({"cost_production": "-1"}, "constraint", "cost_production"),
    ({"kbli": "47511", "cost_goods": "1.5"}, "constraint", "cost_goods"),
    ({"cost_operating": "0.5"}, "constraint", "cost_operating"),
    ({"cost_other": "-1"}, "constraint", "cost_other"),
    ({"revenue_sales": "-1"}, "constraint", "revenue_sales"),
    ({"revenue_other": "0.5"}, "constraint", "revenue_other"),
    ({"online_share": "101"}, "constraint", "online_share"),
    ({"assets_land": "-1"}, "constraint", "assets_land"),
    ({"assets_other": "0.5"}, "constraint", "assets_other"),
    ({"capital_own": "101"}, "constraint", "capital_own"),
    ({"capital_corporate": "-1"}, "constraint", "capital_corporate"),
    ({"capital_government": "101"}, "constraint", "capital_government"),
    ({"respondent_name": "S"}, "constraint", "respondent_name"),
    ({"respondent_phone": "0812"}, "constraint", "respondent_phone"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "rule", "leaf"), ERRORS)
def test_an_error_is_found(desk: Desk, change: Answers, rule: str, leaf: str) -> None:
    report = desk.check(desk.fill(batik_home_producer() | change))
    assert (rule, leaf) in desk.findings(batik_home_producer() | change)
    assert not report.valid


def test_every_constraint_of_the_form_is_tried(form: Questionnaire) -> None:
    tried = {leaf for _, rule, leaf in ERRORS if rule == "constraint"}
    elsewhere = {"owner_nik", "gives_services"}
    assert {node.name for node in form.nodes.values() if node.constraint} == tried | elsewhere


def test_no_work_at_all_is_an_error(desk: Desk) -> None:
    change = {"makes_goods": "2", "process": "", "inputs": ""}
    assert ("constraint", "gives_services") in desk.findings(batik_home_producer() | change)


@pytest.mark.parametrize(
    "nik",
    [
        "3375033101800001",  # 31 January
        "3375037101800001",  # the same, a woman
        "3375032902000001",  # 29 February of a leap year
        "3375036902960001",
        "7777",
        "8888",
        "9999",
    ],
)
def test_a_possible_nik_passes(desk: Desk, nik: str) -> None:
    sex = "2" if nik[6:8] > "40" else "1"
    answers = batik_home_producer() | {"owner_nik": nik, "owner_sex": sex}
    assert desk.findings(answers) == []


@pytest.mark.parametrize(
    "nik",
    [
        "337503310180001",  # 15 digits
        "33750331018000011",
        "3375033201800001",  # 32 January
        "3375033104800001",  # 31 April
        "3375037204800001",
        "3375032902010001",  # 29 February of a common year
        "3375033002000001",
        "3375030000800001",
        "3375031513800001",  # month 13
        "0075031501800001",
        "6666",
        "33750315018000O1",
    ],
)
def test_an_impossible_nik_is_an_error(desk: Desk, nik: str) -> None:
    findings = desk.findings(batik_home_producer() | {"owner_nik": nik})
    assert ("constraint", "owner_nik") in findings


def test_cost_of_goods_outside_trade_is_an_error(desk: Desk) -> None:
    body = desk.fill(market_trader()).replace(b">47511<", b">13134<")
    report = desk.check(body)
    assert "/data/expenditure/cost_goods" in {
        found.path for found in report.findings if found.rule == "relevance"
    }


# --- warnings -------------------------------------------------------------------------------------

BILLIONS = {
    "revenue_sales": "15000000000",
    "revenue_total": "15000000000",
}


DOUBTS: list[tuple[Callable[[], Answers], Answers, str]] = [
    (batik_home_producer, {"geotag": "-6.917189 109.667401 12.0 60"}, "geotag"),
    (batik_home_producer, {"letter_code": "IDSBR0000002"}, "unit_id"),
    (batik_home_producer, {"unit_id": "IDSBR0000002"}, "register_kbli"),
    (batik_home_producer,
     {"cost_production": "100000000", "expenditure_total": "145000000",
      "revenue_sales": "150000000", "revenue_total": "150000000"}, "value_added"),
    (batik_home_producer, {"owner_age": "14"}, "owner_age"),
    (batik_home_producer, {"owner_sex": "1"}, "owner_nik"),
    (batik_home_producer, {"kbli": "47511", "cost_goods": "0"}, "kbli"),
    (batik_home_producer, {"internet_uses": "5"}, "sells_online"),
    (batik_home_producer, {"year_started": "1930"}, "year_started"),
    (batik_home_producer, {"workers_paid": "0", "workers_unpaid": "4"}, "wages"),
    (batik_home_producer, {"makes_goods": "2", "gives_services": "1"}, "expenditure_total"),
    (market_trader, BILLIONS, "revenue_sales"),
    (hotel_branch, BILLIONS | {"keeps_records": "2"}, "revenue_sales"),
    (batik_home_producer, {"revenue_sales": "102000000", "revenue_total": "102000000"},
     "revenue_total"),
    (batik_home_producer, {"online_share": "0"}, "online_share"),
    (food_stall_begun_in_2026,
     {"revenue_sales": "4900000", "revenue_total": "4900000",
      "assets_land": "11000000000", "assets_other": "0", "assets_total": "11000000000"},
     "assets_total"),
    (food_stall_begun_in_2026,
     {"revenue_sales": "4900000", "revenue_total": "4900000",
      "assets_known": "2", "assets_band": "5"}, "assets_band"),
    (batik_home_producer, {"capital_own": "60", "capital_corporate": "40"},
     "capital_corporate"),
    (batik_home_producer, {"visit": [{"visit_date": "2026-04-30", "visit_result": "1"}]},
     "visit_date"),
    (batik_home_producer, {"consent": "2"}, "consent"),
]  # fmt: skip


@pytest.mark.parametrize(("base", "change", "leaf"), DOUBTS)
def test_a_doubt_is_a_warning_and_the_document_stays_valid(
    desk: Desk, base: Callable[[], Answers], change: Answers, leaf: str
) -> None:
    answers = base() | change
    assert desk.findings(answers) == [("warning", leaf)]
    assert desk.check(desk.fill(answers)).valid


def test_every_warning_of_the_form_is_tried_above(form: Questionnaire) -> None:
    tried = {leaf for _, _, leaf in DOUBTS}
    assert {node.name for node in form.nodes.values() if node.warning} == tried


def test_a_message_comes_in_the_language_asked_for(
    form: Questionnaire, lists: StaticLists, desk: Desk
) -> None:
    submission = read_submission(desk.fill(batik_home_producer() | {"nib": "1"}))
    (indonesian,) = validate(form, submission, lists, language="id").findings
    (english,) = validate(form, submission, lists, language="en").findings
    assert indonesian.message == "NIB terdiri atas 13 angka."
    assert english.message == "An NIB has 13 digits."
