"""What the rules of SE2026-L.KP find: every branch, error and warning, by one changed answer."""

from collections.abc import Callable, Mapping

import pytest

from tests.support.desk import Answers, Desk, open_desk
from tests.support.head_offices import (
    hotel_chain_begun_in_2026,
    shop,
    shop_elsewhere,
    store,
    trading_head_office,
    variants,
)

pytestmark = pytest.mark.unmeasured


@pytest.fixture(scope="module")
def desk() -> Desk:
    return open_desk("se2026_lkp", {})


def units(*listed: Mapping[str, str]) -> Answers:
    """Give the head office with other units; the numbers above and below stay as they were."""
    return trading_head_office() | {"branch": list(listed)}


@pytest.mark.parametrize("name", sorted(variants()))
def test_every_invented_head_office_is_valid_and_beyond_doubt(desk: Desk, name: str) -> None:
    assert desk.findings(variants()[name]()) == []


# --- branches: what is asked, what is not ---------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"legal_form": "12"}, ["legal_form_other"]),
        ({"head_province": "32", "head_regency": "3200"}, ["head_regency_other"]),
        ({"head_province": "32", "head_regency": "3273"}, []),
        ({"npwp": "9999", "nib": "9999"}, []),
    ],
)
def test_a_branch_asks_for_what_it_needs(desk: Desk, change: Answers, asked: list[str]) -> None:
    answers = {**trading_head_office(), **change}
    assert desk.findings(answers) == [("required", name) for name in asked]


@pytest.mark.parametrize(
    ("unit", "asked"),
    [
        ({"branch_kbli": ""}, ["branch_kbli"]),
        ({"branch_regency": "3374"}, []),
        ({"branch_province": "34", "branch_regency": "3400"}, ["branch_regency_other"]),
        ({"branch_phone": ""}, []),
        ({"branch_status": "2"}, []),
    ],
)
def test_a_unit_is_asked_for_what_it_has(
    desk: Desk, unit: Mapping[str, str], asked: list[str]
) -> None:
    found = desk.findings(units(shop(**unit), shop_elsewhere(), store()))
    assert [leaf for rule, leaf in found if rule == "required"] == asked


def test_a_supporting_unit_earns_nothing(desk: Desk) -> None:
    body = desk.fill(units(shop(), shop_elsewhere(), store(branch_revenue="5", branch_kbli="1")))
    assert body.count(b"<branch_revenue>") == 2
    assert body.count(b"<branch_kbli>") == 2


def test_a_unit_opened_in_2026_has_no_amounts_of_2025(desk: Desk) -> None:
    answered = desk.answered(hotel_chain_begun_in_2026())
    assert "branch_name" in answered
    assert answered.isdisjoint({"branch_male", "branch_expenditure", "branch_revenue"})


def test_there_are_as_many_units_as_were_stated(desk: Desk) -> None:
    assert desk.fill(trading_head_office()).count(b"<branch>") == 3
    body = desk.fill(trading_head_office())
    first = body.index(b"<branch>")
    last = body.index(b"</branch>") + len(b"</branch>")
    report = desk.check(body[:first] + body[last:])
    assert "repeat" in {found.rule for found in report.findings}


def test_a_regency_lies_in_its_province(desk: Desk) -> None:
    found = desk.findings(units(shop(branch_province="34"), shop_elsewhere(), store()))
    assert ("choice", "branch_regency") in found


def test_every_question_can_be_reached(desk: Desk) -> None:
    elsewhere = {"legal_form": "12", "head_province": "32", "head_regency": "3200"}
    documents = [made() for made in variants().values()]
    documents.append(trading_head_office() | elsewhere)
    assert desk.questions() - set().union(*map(desk.asked, documents)) == set()


# --- calculations ---------------------------------------------------------------------------------


def test_head_office_and_units_are_the_firm(desk: Desk) -> None:
    values = desk.values(trading_head_office())
    assert values["workers_total"] == "62"
    assert float(values["expenditure_total"]) == 48_000_000_000
    assert float(values["revenue_total"]) == 47_800_000_000
    assert values["size_class"] == "medium"


@pytest.mark.parametrize(
    ("revenue", "size"),
    [("2000000000", "micro"), ("15000000000", "small"), ("50000000000", "medium"),
     ("50000000001", "large")],
)  # fmt: skip
def test_size_class_follows_yearly_sales(desk: Desk, revenue: str, size: str) -> None:
    answers = hotel_chain_begun_in_2026() | {"head_revenue": revenue}
    assert desk.values(answers)["size_class"] == size


# --- errors ---------------------------------------------------------------------------------------

ERRORS: list[tuple[Answers, str]] = [
    ({"unit_id": "IDSBR 01"}, "unit_id"),
    ({"business_name": "PT"}, "business_name"),
    ({"nib": "123"}, "nib"),
    ({"npwp": "123"}, "npwp"),
    ({"main_product": "kai"}, "main_product"),
    ({"head_address": "JL"}, "head_address"),
    ({"contact_name": "R"}, "contact_name"),
    ({"contact_phone": "0285400"}, "contact_phone"),
    ({"contact_email": "cabang"}, "contact_email"),
    ({"units_branch": "-1"}, "units_branch"),
    ({"units_representative": "401"}, "units_representative"),
    ({"units_factory": "-1"}, "units_factory"),
    ({"units_supporting": "401"}, "units_supporting"),
    ({"branches_stated": "4"}, "branches_stated"),
    ({"head_workers": "0"}, "head_workers"),
    ({"head_expenditure": "0.5"}, "head_expenditure"),
    ({"head_revenue": "-1"}, "head_revenue"),
    ({"workers_stated": "37"}, "workers_stated"),
    ({"spent_total": "43900001"}, "spent_total"),
    ({"earned_total": "47800001"}, "earned_total"),
    ({"respondent_name": "R"}, "respondent_name"),
    ({"signed_on": "2026-06-21"}, "signed_on"),
]
UNITS: list[tuple[Mapping[str, str], str]] = [
    ({"branch_name": "TB"}, "branch_name"),
    ({"branch_code": "X 1"}, "branch_code"),
    ({"branch_code": "IDSBR0000201"}, "branch_code"),
    ({"branch_address": "JL"}, "branch_address"),
    ({"branch_phone": "400"}, "branch_phone"),
    ({"branch_male": "-1"}, "branch_male"),
    ({"branch_female": "100001"}, "branch_female"),
    ({"branch_expenditure": "0.5"}, "branch_expenditure"),
    ({"branch_revenue": "-1"}, "branch_revenue"),
]


@pytest.mark.parametrize(
    ("answers", "leaf"),
    [
        *[({**trading_head_office(), **change}, leaf) for change, leaf in ERRORS],
        *[(units(shop(**unit), shop_elsewhere(), store()), leaf) for unit, leaf in UNITS],
    ],
)
def test_an_error_is_found(desk: Desk, answers: Answers, leaf: str) -> None:
    assert ("constraint", leaf) in desk.findings(answers)
    assert not desk.check(desk.fill(answers)).valid


def test_every_constraint_of_the_form_is_tried(desk: Desk) -> None:
    tried = {leaf for _, leaf in [*ERRORS, *UNITS]}
    assert {node.name for node in desk.form.nodes.values() if node.constraint} == tried


# --- warnings -------------------------------------------------------------------------------------


def with_totals(*listed: Mapping[str, str]) -> Answers:
    """Give the head office with other units, and the totals that they add up to."""
    totals = {
        "workers_stated": ("branch_male", "branch_female"),
        "spent_total": ("branch_expenditure",),
        "earned_total": ("branch_revenue",),
    }
    sums = {
        total: str(sum(int(unit.get(leaf) or 0) for unit in listed for leaf in leaves))
        for total, leaves in totals.items()
    }
    return units(*listed) | sums


DOUBTS: list[tuple[Callable[[], Answers], set[str]]] = [
    (lambda: trading_head_office() | {"legal_form": "13"}, {"legal_form"}),
    (lambda: with_totals(shop(), shop_elsewhere(branch_name="TOKO BANJARSARI"), store()),
     {"branch_name"}),
    (lambda: with_totals(shop(branch_male="0", branch_female="0"), shop_elsewhere(), store()),
     {"branch_workers"}),
    (lambda: with_totals(shop(branch_expenditure="0"), shop_elsewhere(), store()),
     {"branch_expenditure"}),
    (lambda: with_totals(shop(branch_revenue="21400000"), shop_elsewhere(), store()),
     {"branch_revenue"}),
    (lambda: with_totals(shop(), shop(branch_kind="4", branch_name="KANTOR LAIN"), store()),
     {"listed_branch", "listed_representative"}),
    (lambda: with_totals(shop(), shop_elsewhere(), shop(branch_kind="5", branch_name="PABRIK")),
     {"listed_factory", "listed_supporting"}),
    (lambda: trading_head_office() | {"money_unit": "1"}, {"revenue_total"}),
    (lambda: trading_head_office() | {"money_unit": "1000000"}, {"revenue_total"}),
    (lambda: trading_head_office() | {"signed_on": "2026-04-30"}, {"signed_on"}),
    (lambda: trading_head_office() | {"consent": "2"}, {"consent"}),
]  # fmt: skip


@pytest.mark.parametrize(("made", "leaves"), DOUBTS)
def test_a_doubt_is_a_warning_and_the_document_stays_valid(
    desk: Desk, made: Callable[[], Answers], leaves: set[str]
) -> None:
    answers = made()
    assert set(desk.findings(answers)) == {("warning", leaf) for leaf in leaves}
    assert desk.check(desk.fill(answers)).valid


def test_every_warning_of_the_form_is_tried(desk: Desk) -> None:
    tried = {leaf for _, leaves in DOUBTS for leaf in leaves}
    assert {node.name for node in desk.form.nodes.values() if node.warning} == tried
