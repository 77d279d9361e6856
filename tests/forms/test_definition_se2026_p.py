"""SE2026-P as a definition: names that others rely on, repeats, entities, hints, what stops it.

What every questionnaire keeps to is in `test_definitions.py`; what the rules find in answers is in
`test_rules_se2026_p.py`.
"""

import pytest
from lxml import etree

from forms.compile import Compiled, compile_definition, definition
from forms.schema import Questionnaire
from forms.xform import read_xform
from tests.support.buildings import PROBES
from tests.support.definitions import JR, NS, bind, codes, leaves

CONTRACT = """
    idsubsls kelurahan segment_no building_no building_state building_use geotag front_photo street
    block_no part_no part_kind part_businesses business_no in_prelist unit_id business_name activity
    business_kind owner_name mobile workers_total size_class sticker entity_id households_total
    businesses_total visits_made visit_date visit_result visit_note respondent_name consent notes
    start end today deviceid instanceID
"""


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_definition(definition("se2026_p"))


@pytest.fixture(scope="module")
def form(compiled: Compiled) -> etree._Element:
    return etree.fromstring(compiled.xform)


@pytest.fixture(scope="module")
def read(compiled: Compiled) -> Questionnaire:
    return read_xform(compiled.xform)


def test_only_the_lists_of_the_office_are_missing(compiled: Compiled) -> None:
    assert compiled.media == {}
    assert [warning.split()[0] for warning in compiled.warnings] == [
        "kelurahan.csv",
        "wilayah.csv",
        "usaha.csv",
    ]


def test_others_find_the_names_they_rely_on(form: etree._Element) -> None:
    assert set(CONTRACT.split()) <= set(leaves(form))


def test_parts_and_visits_are_counted_and_businesses_are_open(form: etree._Element) -> None:
    counts = {
        repeat.get("nodeset"): repeat.get(f"{JR}count", "").strip()
        for repeat in form.iterfind(".//x:repeat", NS)
    }
    assert counts == {
        "/data/part": "/data/structure/parts",
        "/data/part/business": "",
        "/data/visit": "/data/visits/visits_made",
    }


def test_each_business_becomes_or_updates_an_entity(form: etree._Element) -> None:
    assert {entity.getparent().getparent().tag for entity in form.iterfind(".//{*}entity")} == {
        f"{{{NS['x']}}}business"
    }
    where = "/data/part/business/meta/entity/@"
    rules = {name: bind(form, where + name).get("calculate", "") for name in ("create", "update")}
    state = "../../../in_prelist"
    assert " ".join(rules["create"].split()) == f"{state} = '2'"
    assert " ".join(rules["update"].split()) == f"{state} = '1' or {state} = '3'"
    saved = f"{{{NS['entities']}}}saveto"
    properties = {each.get(saved) for each in form.iterfind(".//x:bind", NS)} - {None}
    assert properties == {
        "activity", "building_no", "business_name", "business_no", "idsubsls", "owner_name",
        "size_class",
    }  # fmt: skip


def test_a_new_business_keeps_its_id_when_the_list_was_chosen_in_between(
    form: etree._Element,
) -> None:
    # once() on the same node as coalesce() would hand the chosen unit's id to a new business
    row = "/data/part/business/"
    assert bind(form, row + "fresh_id").get("calculate") == "once(uuid())"
    identity = bind(form, row + "entity_id").get("calculate", "")
    assert "".join(identity.split()) == "coalesce(../unit_id,../fresh_id)"


def test_lists_shared_with_se2026_l_carry_its_codes(form: etree._Element) -> None:
    other = etree.fromstring(compile_definition(definition("se2026_l")).xform)
    for name in ("yes_no", "building_use", "business_kind", "visit_result", "nonresponse_reason"):
        assert codes(form, name) == codes(other, name)


def test_every_question_has_a_hint(read: Questionnaire) -> None:
    told_by_its_probe = {f"n_{probe}" for probe in PROBES}
    said_by_the_label = {"nonresponse_other", "visit_note"}
    silent = {
        node.name for node in read.nodes.values() if node.kind == "question" and not node.hints
    }
    assert silent == told_by_its_probe | said_by_the_label


def test_what_stops_the_form_says_what_to_do(read: Questionnaire) -> None:
    stops = [node for node in read.nodes.values() if node.name.startswith("stop_")]
    assert {node.name for node in stops} == {
        "stop_unit", "stop_sticker", "stop_rows", "stop_no_business", "stop_no_household",
        "stop_nothing",
    }  # fmt: skip
    for node in stops:
        assert node.kind == "note"
        assert node.required is not None
        assert node.relevant is not None
        for language in ("id", "en"):
            assert read.text(node.required_message, language).endswith(".")
