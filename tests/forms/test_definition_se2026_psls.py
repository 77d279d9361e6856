"""SE2026-PSLS as a definition: names that others rely on, repeats, hints, what stops it.

What every questionnaire keeps to is in `test_definitions.py`; what the rules find in answers is in
`test_rules_se2026_psls.py`.
"""

import pytest
from lxml import etree

from forms.compile import Compiled, compile_definition, definition
from forms.schema import Questionnaire
from forms.xform import read_xform
from tests.support.definitions import JR, NS, codes, leaves
from tests.support.sls_changes import OFFICE

CONTRACT = """
    idsubsls kelurahan change_kind level merged_with neighbours affected name_before before_code
    households_before businesses_before final_code name_after rt_head households_after
    businesses_after geotag boundary_line new_area reasons effective_date evidence_kinds decree_no
    visits_made visit_date visit_result visit_note respondent_name consent decision decision_date
    notes start end today deviceid instanceID
"""


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_definition(definition("se2026_psls"), lists=OFFICE)


@pytest.fixture(scope="module")
def form(compiled: Compiled) -> etree._Element:
    return etree.fromstring(compiled.xform)


@pytest.fixture(scope="module")
def read(compiled: Compiled) -> Questionnaire:
    return read_xform(compiled.xform)


def test_two_lists_of_the_office_are_all_it_needs(compiled: Compiled) -> None:
    assert compiled.warnings == ()
    assert compiled.media == OFFICE


def test_others_find_the_names_they_rely_on(form: etree._Element) -> None:
    assert set(CONTRACT.split()) <= set(leaves(form))


def test_every_repeat_is_counted(form: etree._Element) -> None:
    counts = {
        repeat.get("nodeset"): repeat.get(f"{JR}count", "").strip()
        for repeat in form.iterfind(".//x:repeat", NS)
    }
    assert counts == {
        "/data/before": "/data/affected_count",
        "/data/after": "/data/after_count",
        "/data/visit": "/data/visits/visits_made",
    }


def test_it_uses_the_types_of_the_field(read: Questionnaire) -> None:
    types = {node.name: node.type for node in read.nodes.values()}
    assert types["geotag"] == "geopoint"
    assert types["boundary_line"] == "geotrace"
    assert types["new_area"] == "geoshape"
    assert types["decree_code"] == "barcode"
    assert types["evidence_photo"] == types["signature"] == types["sketch_photo"] == "binary"
    assert types["merged_with"] == types["reasons"] == "select"
    assert types["last_visit"] == types["effective_date"] == "date"


def test_kinds_and_decisions_keep_their_codes(form: etree._Element) -> None:
    assert codes(form, "change_kind") == ["1", "2", "3", "4"]
    assert codes(form, "level") == ["1", "2"]
    assert codes(form, "decision") == ["0", "1", "2", "3"]


def test_every_question_has_a_hint(read: Questionnaire) -> None:
    silent = {
        node.name for node in read.nodes.values() if node.kind == "question" and not node.hints
    }
    assert silent == {"reason_other", "visit_note"}


def test_what_stops_the_form_says_what_to_do(read: Questionnaire) -> None:
    stops = [node for node in read.nodes.values() if node.name.startswith("stop_")]
    assert {node.name for node in stops} == {
        "stop_taken", "stop_twice", "stop_households", "stop_businesses",
    }  # fmt: skip
    for node in stops:
        assert node.kind == "note"
        assert node.required is not None
        assert node.relevant is not None
        for language in ("id", "en"):
            assert read.text(node.required_message, language).endswith(".")
