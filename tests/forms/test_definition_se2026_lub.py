"""SE2026-L.UB as a definition: the names it shares with SE2026-L, its lists, its hints."""

import pytest
from lxml import etree

from forms.compile import Compiled, compile_definition, definition
from forms.xform import read_xform
from tests.support.definitions import JR, NS, bind, codes, leaves

# The names that the registry and the export know from SE2026-L.
SHARED = """
    unit_id idsubsls kelurahan presence business_name commercial_name street block_no rt rw postcode
    phone mobile email website zone has_nib nib legal_form activity main_product kbli network
    workers_male workers_female workers_paid workers_unpaid workers_total year_started
    revenue_total expenditure_total assets_total size_class respondent_name consent notes
    start end today deviceid instanceID
"""


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_definition(definition("se2026_lub"))


@pytest.fixture(scope="module")
def form(compiled: Compiled) -> etree._Element:
    return etree.fromstring(compiled.xform)


def test_it_bears_the_names_of_the_main_questionnaire(form: etree._Element) -> None:
    assert set(SHARED.split()) <= set(leaves(form))


def test_the_list_of_businesses_does_not_travel_to_a_firm(compiled: Compiled) -> None:
    assert sorted(compiled.media) == ["kabupaten.csv", "kbli.csv", "provinsi.csv"]
    told = [warning.split()[0] for warning in compiled.warnings]
    assert told == ["kelurahan.csv", "wilayah.csv"]


def test_every_question_has_its_hint(compiled: Compiled) -> None:
    nodes = read_xform(compiled.xform).nodes.values()
    without = {node.name for node in nodes if node.kind == "question" and not node.hints}
    assert without == set()


def test_lines_of_business_are_counted_first(form: etree._Element) -> None:
    (repeat,) = form.iterfind(".//x:repeat", NS)
    count = repeat.get(f"{JR}count", "").strip()
    assert bind(form, count).get("constraint") == ". >= 1 and . <= 10"


def test_a_unit_of_money_is_its_own_factor(form: etree._Element) -> None:
    assert codes(form, "money_unit") == ["1", "1000", "1000000"]
    calculation = bind(form, "/data/revenue/revenue_total").get("calculate", "")
    assert "/data/unit_of_money/money_unit" in calculation
