"""SE2026-L.KP as a definition: its lists, its units as entities, its codes."""

import pytest
from lxml import etree

from forms.compile import Compiled, compile_definition, definition
from tests.support.definitions import JR, NS, bind, codes


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_definition(definition("se2026_lkp"))


@pytest.fixture(scope="module")
def form(compiled: Compiled) -> etree._Element:
    return etree.fromstring(compiled.xform)


def test_every_list_ships_with_it_and_no_business_travels_to_a_firm(compiled: Compiled) -> None:
    assert sorted(compiled.media) == ["kabupaten.csv", "kbli.csv", "provinsi.csv"]
    assert compiled.warnings == ()


def test_units_are_asked_for_as_often_as_they_were_counted(form: etree._Element) -> None:
    (repeat,) = form.iterfind(".//x:repeat", NS)
    assert repeat.get("nodeset") == "/data/branch"
    assert repeat.get(f"{JR}count", "").strip() == "/data/numbers/branches_stated"


def test_a_unit_without_a_code_becomes_an_entity_of_its_own(form: etree._Element) -> None:
    model = form.find(".//x:model", NS)
    assert model is not None
    assert model.get(f"{{{NS['entities']}}}entities-version") == "2025.1.0"
    entity = "/data/branch/meta/entity"
    create = bind(form, f"{entity}/@create").get("calculate", "")
    assert "branch_code  = ''" in create
    assert "branch_regency  =  /data/head_place/head_regency" in create
    saved = f"{{{NS['entities']}}}saveto"
    properties = {each.get("nodeset"): each.get(saved) for each in form.iterfind(".//x:bind", NS)}
    assert {path: told for path, told in properties.items() if told} == {
        "/data/branch/branch_name": "business_name",
        "/data/branch/branch_kbli": "kbli",
    }
    events = {
        each.get("event")
        for each in form.iterfind(".//x:setvalue", NS)
        if each.get("ref") == f"{entity}/@id"
    }
    assert events == {"odk-instance-first-load", "odk-new-repeat"}


def test_kinds_of_units_bear_the_codes_of_the_network(form: etree._Element) -> None:
    assert codes(form, "branch_kind") == ["3", "4", "5", "6"]
    assert codes(form, "money_unit") == ["1", "1000", "1000000"]
