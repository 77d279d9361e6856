"""SE2026-L as a definition: the names others rely on, its lists, its entity, its codes.

What every questionnaire keeps to is in `test_definitions.py`, what its rules find in answers in
`test_rules_se2026_l.py`.
"""

import pytest
from lxml import etree

from forms.compile import Compiled, compile_definition, definition
from tests.support.definitions import JR, NS, bind, codes, leaves

# The names that the registry, coverage, the demo and the export rely on.
CONTRACT = """
    idsubsls kelurahan building_no business_no presence unit_id geotag front_photo
    business_name commercial_name street block_no rt rw postcode phone mobile email website zone
    has_nib nib legal_form owner_name owner_sex owner_age owner_nik activity main_product kbli
    network workers_male workers_female workers_paid workers_unpaid workers_total year_started
    revenue_total expenditure_total assets_total size_class visit_date visit_result visit_note
    respondent_name consent notes start end today deviceid instanceID entity_id
"""


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_definition(definition("se2026_l"))


@pytest.fixture(scope="module")
def form(compiled: Compiled) -> etree._Element:
    return etree.fromstring(compiled.xform)


def test_only_the_lists_of_the_office_are_missing(compiled: Compiled) -> None:
    assert sorted(compiled.media) == ["kbli.csv"]
    assert {warning.split()[0] for warning in compiled.warnings} == {
        "kelurahan.csv",
        "wilayah.csv",
        "usaha.csv",
        "perbaikan.csv",
    }


def test_lists_of_the_office_travel_with_it() -> None:
    lists = {
        "kelurahan.csv": b"name,label\n3375030005,JENGGOT\n",
        "wilayah.csv": b"name,label,kelurahan,kecamatan\n",
        "usaha.csv": b"name,label,idsubsls,kbli\n",
        "perbaikan.csv": b"name,label,unit\n",
    }
    compiled = compile_definition(definition("se2026_l"), lists=lists)
    assert compiled.warnings == ()
    assert {name: compiled.media[name] for name in lists} == lists


def test_others_find_the_names_they_rely_on(form: etree._Element) -> None:
    assert set(CONTRACT.split()) <= set(leaves(form))


def test_the_visits_are_a_repeat_of_at_most_three(form: etree._Element) -> None:
    (repeat,) = form.iterfind(".//x:repeat", NS)
    assert repeat.get("nodeset") == "/data/visit"
    count = repeat.get(f"{JR}count", "").strip()
    assert bind(form, count).get("constraint") == ". >= 1 and . <= 3"


def test_a_business_is_an_entity_of_the_list(form: etree._Element) -> None:
    entity = form.find(".//{*}entity[@dataset]")
    assert entity is not None
    assert entity.get("dataset") == "usaha"
    identity = bind(form, "/data/place/entity_id").get("calculate", "")
    # an id of its own in another question: once() would keep that of a unit chosen before
    assert identity.split() == [
        "coalesce(",
        "/data/place/unit_id",
        ",",
        "/data/place/fresh_id",
        ")",
    ]
    assert bind(form, "/data/place/fresh_id").get("calculate") == "once(uuid())"
    saved = f"{{{NS['entities']}}}saveto"
    properties = {each.get(saved) for each in form.iterfind(".//x:bind", NS)} - {None}
    assert properties == {
        "idsubsls", "building_no", "presence", "business_name", "owner_name", "kbli",
    }  # fmt: skip


def test_codes_of_the_field_keep_their_shape(form: etree._Element) -> None:
    assert codes(form, "presence") == ["00", "1", "2", "3", "4", "9"]
    assert codes(form, "legal_form")[:3] == ["01a", "01b", "02"]
    assert codes(form, "network") == ["1", "2", "3", "4", "5", "6"]


def test_a_location_is_kept_now_and_then(form: etree._Element) -> None:
    audit = bind(form, "/data/meta/audit")
    assert audit.get(f"{{{NS['odk']}}}location-priority") == "balanced"
