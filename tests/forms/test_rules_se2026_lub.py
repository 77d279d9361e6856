"""What the rules of SE2026-L.UB find: every branch, error and warning, by one changed answer."""

from collections.abc import Callable, Mapping

import pytest

from forms.instance import read_submission
from forms.validate import validate
from tests.support.desk import Answers, Desk, open_desk
from tests.support.enterprises import (
    factory_begun_in_2026,
    firm_taken_over,
    textile_mill,
    trading_house,
    variants,
)

pytestmark = pytest.mark.unmeasured


@pytest.fixture(scope="module")
def desk() -> Desk:
    return open_desk("se2026_lub")


@pytest.mark.parametrize("name", sorted(variants()))
def test_every_invented_firm_is_valid_and_beyond_doubt(desk: Desk, name: str) -> None:
    assert desk.findings(variants()[name]()) == []


# --- branches: what is asked, what is not ---------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"fill_mode": "2"}, ["idsubsls", "geotag"]),
        ({"firm_status": "3"}, ["closed_year"]),
        ({"firm_status": "4"}, ["closed_year", "merged_into"]),
        ({"firm_status": "2"}, []),
        ({"zone_name": ""}, ["zone_name"]),
        ({"network": "3"}, ["head_name", "head_address", "head_province", "head_regency"]),
        ({"network": "2"}, ["units_branch", "units_representative", "units_factory",
                            "units_supporting", "network_units", "units_abroad"]),
        ({"in_group": "1"}, ["group_name", "group_country"]),
        ({"legal_form": "12"}, ["legal_form_other"]),
        ({"is_listed": ""}, ["is_listed"]),
        ({"legal_form": "03", "is_listed": ""}, []),
        ({"foreign_country": ""}, ["foreign_country"]),
        ({"export_country": ""}, ["export_country"]),
        ({"import_share": "0", "import_country": ""}, []),
        ({"uses_internet": "2", "internet_uses": "", "sells_online": ""}, []),
        ({"internet_uses": "3 6"}, ["internet_other"]),
        ({"sells_online": "1", "internet_uses": "1"}, ["online_channels"]),
        ({"has_research": "2", "cost_research": "", "workers_research": ""}, []),
        ({"workers_research": ""}, ["workers_research"]),
        ({"gives_training": "2", "training_kinds": "", "workers_trained": ""}, []),
        ({"training_kinds": ""}, ["training_kinds"]),
        ({"creative_inputs": "1"}, ["creative_kinds"]),
        ({"lines_count": "3"}, ["line_product", "line_kbli", "line_share"]),
    ],
)  # fmt: skip
def test_a_branch_asks_for_what_it_needs(
    desk: Desk, change: Mapping[str, str], asked: list[str]
) -> None:
    answers = textile_mill() | change
    assert desk.findings(answers) == [("required", name) for name in asked]


def test_a_firm_that_has_closed_only_signs(desk: Desk) -> None:
    answered = desk.answered(firm_taken_over())
    assert {"unit_id", "merged_into", "respondent_name", "consent"} <= answered
    assert answered.isdisjoint({"business_name", "line_kbli", "wages", "size_class", "technology"})


def test_food_asks_for_its_certificates(desk: Desk) -> None:
    assert {"halal", "bpom"} <= desk.answered(factory_begun_in_2026())
    assert desk.answered(textile_mill()).isdisjoint({"halal", "bpom"})


def test_only_trade_has_cost_of_goods_sold(desk: Desk) -> None:
    assert "cost_goods" in desk.answered(trading_house())
    body = desk.fill(trading_house()).replace(b">46411<", b">13121<")
    found = {each.path for each in desk.check(body).findings if each.rule == "relevance"}
    assert "/data/expenditure/cost_goods" in found


def test_a_regency_of_another_province_is_not_offered(desk: Desk) -> None:
    answers = factory_begun_in_2026() | {"head_regency": "3375"}
    assert desk.findings(answers) == [("choice", "head_regency")]


def test_every_question_can_be_reached(desk: Desk) -> None:
    changes: list[Answers] = [
        {"legal_form": "12", "internet_uses": "6", "sells_online": "1", "creative_inputs": "1"},
        {**factory_begun_in_2026(), "bpom": "1"},
    ]
    documents = [made() for made in variants().values()]
    documents += [{**textile_mill(), **change} for change in changes]
    assert desk.questions() - set().union(*map(desk.asked, documents)) == set()


# --- calculations ---------------------------------------------------------------------------------


def test_the_register_knows_whether_the_firm_is_there(desk: Desk) -> None:
    assert desk.values(textile_mill())["presence"] == "1"
    assert desk.values(textile_mill() | {"firm_status": "2"})["presence"] == "1"
    assert desk.values(firm_taken_over())["presence"] == "3"


def test_the_first_line_names_the_main_activity(desk: Desk) -> None:
    values = desk.values(textile_mill())
    assert (values["kbli"], values["is_trade"]) == ("13121", "0")
    assert desk.values(trading_house())["is_trade"] == "1"


def test_workers_are_added_up_by_sex_and_pay(desk: Desk) -> None:
    values = desk.values(textile_mill() | {"unpaid_male": "1"})
    names = ("workers_male", "workers_female", "workers_paid", "workers_unpaid")
    assert [values[name] for name in names] == ["278", "323", "600", "1"]


@pytest.mark.parametrize(
    ("firm", "revenue", "yearly", "size"),
    [
        (textile_mill, 110_000_000_000, 110_000_000_000, "large"),
        (trading_house, 455_500_000_000, 455_500_000_000, "large"),
        (factory_begun_in_2026, 7_500_000_000, 90_000_000_000, "large"),
    ],
)
def test_totals_are_told_in_rupiah(
    desk: Desk, firm: Callable[[], Answers], revenue: int, yearly: int, size: str
) -> None:
    values = desk.values(firm())
    assert float(values["revenue_total"]) == revenue
    assert float(values["annual_revenue"]) == yearly
    assert values["size_class"] == size


@pytest.mark.parametrize(
    ("revenue", "size"),
    [("2000000", "micro"), ("15000000", "small"), ("50000000", "medium"), ("50000001", "large")],
)
def test_size_class_follows_yearly_sales(desk: Desk, revenue: str, size: str) -> None:
    answers = textile_mill() | {"revenue_goods": revenue, "revenue_other": "0",
                                "earned_total": revenue}  # fmt: skip
    assert desk.values(answers)["size_class"] == size


def test_inventories_capital_and_value_added(desk: Desk) -> None:
    values = desk.values(textile_mill())
    assert float(values["stock_open"]) == 11_500_000
    assert float(values["stock_change"]) == 1_100_000
    assert float(values["capex_net"]) == 6_270_000
    assert float(values["assets_total"]) == 100_000_000_000
    assert float(values["value_added"]) == 38  # per cent: 110 less 68.5 of 110


# --- errors ---------------------------------------------------------------------------------------

ERRORS: list[tuple[Answers, str]] = [
    ({"unit_id": "IDSBR 01"}, "unit_id"),
    ({"firm_status": "3", "closed_year": "1989"}, "closed_year"),
    ({"firm_status": "4", "closed_year": "2024", "merged_into": "PT"}, "merged_into"),
    ({"business_name": "PT"}, "business_name"),
    ({"rt": "2"}, "rt"),
    ({"rw": "4"}, "rw"),
    ({"postcode": "0"}, "postcode"),
    ({"mobile": "62812"}, "mobile"),
    ({"phone": "400101"}, "phone"),
    ({"email": "kantor"}, "email"),
    ({"website": "contohtex"}, "website"),
    ({"network": "3", "head_phone": "1"}, "head_phone"),
    ({"contact_name": "D"}, "contact_name"),
    ({"contact_phone": "0285"}, "contact_phone"),
    ({"contact_email": "keuangan@contohtex"}, "contact_email"),
    ({"year_started": "2027"}, "year_started"),
    ({"nib": "123456789012"}, "nib"),
    ({"npwp": "01.234.567.8"}, "npwp"),
    ({"capital_own": "-1"}, "capital_own"),
    ({"capital_corporate": "101"}, "capital_corporate"),
    ({"capital_central": "101"}, "capital_central"),
    ({"capital_regional": "-1"}, "capital_regional"),
    ({"capital_own": "39"}, "capital_foreign"),
    ({"activity": "menenun"}, "activity"),
    ({"main_product": "kai"}, "main_product"),
    ({"makes_goods": "2"}, "gives_services"),
    ({"lines_count": "11"}, "lines_count"),
    ({"line": [{"line_product": "kain", "line_kbli": "13121", "line_share": "0"}]}, "line_share"),
    ({"line_total": "99"}, "line_total"),
    ({"line": [{"line_product": "kain", "line_kbli": "13121", "line_share": "80"}],
      "lines_count": "1"}, "line_total"),
    ({"workers_total": "599"}, "workers_total"),
    ({"edu_master": "5"}, "edu_master"),
    ({"workers_foreign": "601"}, "workers_foreign"),
    ({"workers_disabled": "601"}, "workers_disabled"),
    ({"months_operated": "13"}, "months_operated"),
    ({"wages": "0"}, "wages"),
    ({"spent_total": "98000001"}, "spent_total"),
    ({"earned_total": "110000001"}, "earned_total"),
    ({"assets_sum": "100000001"}, "assets_sum"),
    ({"export_share": "16"}, "export_share"),
    ({"share_province": "101"}, "share_province"),
    ({"share_country": "-1"}, "share_country"),
    ({"online_share": "101"}, "online_share"),
    ({"import_share": "101"}, "import_share"),
    ({"technology": "0 1"}, "technology"),
    ({"cost_research": "0"}, "cost_research"),
    ({"cost_research": "98000001"}, "cost_research"),
    ({"workers_research": "601"}, "workers_research"),
    ({"innovations": "0 1"}, "innovations"),
    ({"workers_trained": "0"}, "workers_trained"),
    ({"green_inputs": "0 1"}, "green_inputs"),
    ({"power_used": "-1"}, "power_used"),
    ({"renewable_share": "101"}, "renewable_share"),
    ({"obstacles": "1 2 3 4"}, "obstacles"),
    ({"obstacles": "0 1"}, "obstacles"),
    ({"respondent_name": "B"}, "respondent_name"),
    ({"signed_on": "2026-06-21"}, "signed_on"),
]  # fmt: skip

NETWORK: list[tuple[Answers, str]] = [
    *[({name: "-1"}, name)
      for name in ("units_branch", "units_representative", "units_factory", "units_supporting")],
    ({"network_units": "9"}, "network_units"),
    ({"units_abroad": "10"}, "units_abroad"),
    ({"cost_goods": "1.5"}, "cost_goods"),
]  # fmt: skip

AMOUNTS = [
    "wages_social", "cost_materials", "cost_energy", "cost_outsourced", "cost_rent",
    "cost_transport", "cost_services", "cost_repair", "cost_operating", "cost_tax",
    "cost_interest", "cost_depreciation", "cost_other", "cost_training", "revenue_goods",
    "revenue_trade", "revenue_services", "revenue_other", "stock_materials_open",
    "stock_materials_close", "stock_unfinished_open", "stock_unfinished_close",
    "stock_finished_open", "stock_finished_close", "stock_merchandise_open",
    "stock_merchandise_close", "assets_current", "assets_land", "assets_building",
    "assets_machine", "assets_vehicle", "assets_intangible", "assets_other", "capex_building",
    "capex_machine", "capex_vehicle", "capex_intangible", "capex_sold",
]  # fmt: skip
HEADS = [
    *[f"{status}_{sex}"
      for status in ("permanent", "contract", "daily", "outsourced", "unpaid")
      for sex in ("male", "female")],
    "edu_basic", "edu_secondary", "edu_diploma", "edu_bachelor",
]  # fmt: skip


@pytest.mark.parametrize(
    ("firm", "change", "leaf"),
    [
        *[(textile_mill, change, leaf) for change, leaf in ERRORS],
        *[(trading_house, change, leaf) for change, leaf in NETWORK],
        *[(textile_mill, {leaf: wrong}, leaf) for leaf in AMOUNTS for wrong in ("-1", "0.5")],
        *[(textile_mill, {leaf: "-1"}, leaf) for leaf in HEADS],
    ],
)
def test_an_error_is_found(
    desk: Desk, firm: Callable[[], Answers], change: Answers, leaf: str
) -> None:
    answers = {**firm(), **change}
    assert ("constraint", leaf) in desk.findings(answers)
    assert not desk.check(desk.fill(answers)).valid


def test_every_constraint_of_the_form_is_tried(desk: Desk) -> None:
    tried = {leaf for _, leaf in [*ERRORS, *NETWORK]} | {*AMOUNTS, *HEADS}
    assert {node.name for node in desk.form.nodes.values() if node.constraint} == tried


def test_a_code_that_is_not_listed_is_an_error(desk: Desk) -> None:
    line = [{"line_product": "kain", "line_kbli": "99999", "line_share": "100"}]
    answers = textile_mill() | {"lines_count": "1", "line": line}
    assert ("choice", "line_kbli") in desk.findings(answers)


# --- warnings -------------------------------------------------------------------------------------

LINES = [
    {"line_product": "batik cap", "line_kbli": "13134", "line_share": "20"},
    {"line_product": "kain rayon", "line_kbli": "13121", "line_share": "80"},
]
SMALL = {"revenue_goods": "0", "revenue_services": "9800000", "earned_total": "9800000"}

DOUBTS: list[tuple[Callable[[], Answers], Answers, set[str]]] = [
    (textile_mill, {"legal_form": "07", "has_nib": "2"}, {"has_nib"}),
    (textile_mill, {"legal_form": "01b"}, {"legal_form"}),
    (textile_mill, {"legal_form": "13"}, {"legal_form", "capital_corporate"}),
    (textile_mill, {"year_started": "1890"}, {"year_started"}),
    (textile_mill, {"line": LINES}, {"line_share"}),
    (trading_house, {"sells_goods": "2", "makes_goods": "1", "assets_machine": "1",
                     "assets_sum": "160001"}, {"kbli", "revenue_trade"}),
    (trading_house, {"units_branch": "0", "units_representative": "0", "units_supporting": "0",
                     "network_units": "1"}, {"network_units"}),
    (trading_house, {"geotag": "-6.917189 109.667401 12.0 60"}, {"geotag"}),
    (textile_mill, {"workers_foreign": "200"}, {"workers_foreign"}),
    (textile_mill, {"months_operated": "11"}, {"months_operated"}),
    (textile_mill, {"makes_goods": "2", "gives_services": "1"}, {"spent_total", "revenue_goods"}),
    (textile_mill, {"revenue_goods": "108400000", "revenue_services": "100000"},
     {"revenue_services"}),
    (textile_mill, {"revenue_goods": "90000000", "earned_total": "91500000"}, {"earned_total"}),
    (textile_mill, {"money_unit": "1000000"}, {"revenue_total"}),
    (trading_house, {"money_unit": "1000"}, {"annual_revenue", "size_class"}),
    (textile_mill, {"money_unit": "1"}, {"annual_revenue", "size_class"}),
    (textile_mill, {"stock_finished_close": "300000000"}, {"stock_close", "assets_current"}),
    (textile_mill, {"assets_machine": "0", "assets_sum": "67000000"}, {"assets_machine"}),
    (textile_mill, {"capex_machine": "150000000"}, {"capex_net"}),
    (textile_mill, {"workers_trained": "901"}, {"workers_trained"}),
    (textile_mill, {"sells_online": "1", "online_channels": "4"}, {"sells_online"}),
    (textile_mill, {"signed_on": "2026-04-30"}, {"signed_on"}),
    (textile_mill, {"consent": "2"}, {"consent"}),
]  # fmt: skip


@pytest.mark.parametrize(("firm", "change", "leaves"), DOUBTS)
def test_a_doubt_is_a_warning_and_the_document_stays_valid(
    desk: Desk, firm: Callable[[], Answers], change: Answers, leaves: set[str]
) -> None:
    answers = {**firm(), **change}
    assert set(desk.findings(answers)) == {("warning", leaf) for leaf in leaves}
    assert desk.check(desk.fill(answers)).valid


def few_workers() -> Answers:
    """Give a firm of one worker that is paid, with the amounts of the mill."""
    none = dict.fromkeys(HEADS, "0")
    alone = {"permanent_male": "1", "workers_total": "1", "edu_master": "1",
             "workers_foreign": "0", "workers_disabled": "0", "workers_research": "1",
             "workers_trained": "1"}  # fmt: skip
    return {**textile_mill(), **none, **alone}


def test_one_worker_is_doubtful_and_so_is_what_he_earns(desk: Desk) -> None:
    doubts = {("warning", "workers_total"), ("warning", "revenue_total")}
    assert set(desk.findings(few_workers())) == doubts


def test_wages_without_paid_workers_are_doubtful(desk: Desk) -> None:
    answers = {**few_workers(), "permanent_male": "0", "unpaid_male": "1"}
    assert ("warning", "wages") in desk.findings(answers)


def test_much_property_of_one_worker_without_revenue_is_doubtful(desk: Desk) -> None:
    little = {"revenue_goods": "0", "revenue_other": "50000", "earned_total": "50000"}
    assert ("warning", "assets_total") in desk.findings({**few_workers(), **little})


def test_every_warning_of_the_form_is_tried(desk: Desk) -> None:
    tried = {leaf for _, _, leaves in DOUBTS for leaf in leaves}
    alone = {"workers_total", "wages", "assets_total", "value_added"}
    assert {node.name for node in desk.form.nodes.values() if node.warning} == tried | alone


def test_value_added_is_held_against_the_range_of_its_code(desk: Desk) -> None:
    kbli = b"name,label,section,va_min,va_max\n13121,Menenun,C,40,60\n13134,Membatik,C,,\n"
    ranged = open_desk("se2026_lub", {"kbli.csv": kbli})
    answers = {key: value for key, value in textile_mill().items() if key != "kelurahan"}
    assert ("warning", "value_added") in ranged.findings(answers)


def test_a_message_comes_in_the_language_asked_for(desk: Desk) -> None:
    submission = read_submission(desk.fill(textile_mill() | {"months_operated": "11"}))
    (indonesian,) = validate(desk.form, submission, desk.lists, language="id").findings
    (english,) = validate(desk.form, submission, desk.lists, language="en").findings
    assert indonesian.message.startswith("Beroperasi kurang dari 12 bulan")
    assert english.message.startswith("Fewer than 12 months")
