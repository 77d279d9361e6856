"""SE2026-L as a definition: its names, its two languages, its lists, its acceptance by JavaRosa.

What its rules find in answers is in `test_rules_se2026_l.py`.
"""

import csv
import re
import shutil
from collections import Counter
from collections.abc import Iterator

import pytest
from lxml import etree

from forms.compile import Compiled, compile_definition, definition, odk_validate

NS = {
    "x": "http://www.w3.org/2002/xforms",
    "h": "http://www.w3.org/1999/xhtml",
    "jr": "http://openrosa.org/javarosa",
    "odk": "http://www.opendatakit.org/xforms",
}
WARNING = "{https://se2026.bps.go.id/ns/xforms/warning}"
JR = "{http://openrosa.org/javarosa}"
INDONESIAN, ENGLISH = "Bahasa Indonesia (id)", "English (en)"
CONTROLS = ("input", "select1", "select", "upload", "group")

# The names that the registry, coverage, the demo and the export rely on.
CONTRACT = """
    idsubsls kelurahan building_no business_no presence unit_id geotag front_photo
    business_name commercial_name street block_no rt rw postcode phone mobile email website zone
    has_nib nib legal_form owner_name owner_sex owner_age owner_nik activity main_product kbli
    network workers_male workers_female workers_paid workers_unpaid workers_total year_started
    revenue_total expenditure_total assets_total size_class visit_date visit_result visit_note
    respondent_name consent notes start end today deviceid instanceID
"""


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_definition(definition("se2026_l"))


@pytest.fixture(scope="module")
def form(compiled: Compiled) -> etree._Element:
    return etree.fromstring(compiled.xform)


def instance(form: etree._Element) -> etree._Element:
    (root,) = form.xpath("h:head/x:model/x:instance[1]/*", namespaces=NS)
    return root


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def controls(form: etree._Element) -> Iterator[etree._Element]:
    body = form.find("h:body", NS)
    assert body is not None
    return (element for element in body.iter(etree.Element) if local(element) in CONTROLS)


def translations(form: etree._Element) -> dict[str, dict[str, str]]:
    return {
        translation.get("lang", ""): {
            text.get("id", ""): "".join(text.itertext()).strip() for text in translation
        }
        for translation in form.iterfind(".//x:itext/x:translation", NS)
    }


def test_it_says_what_it_is(compiled: Compiled, form: etree._Element) -> None:
    root = instance(form)
    assert compiled.form_id == "se2026_l"
    assert re.fullmatch(r"2026\d{6}", compiled.version)
    said = (root.get("id"), root.get("version"), local(root))
    assert said == ("se2026_l", compiled.version, "data")
    changes = (definition("se2026_l") / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## (.+)$", changes, re.MULTILINE)[0] == compiled.version


def test_only_the_lists_of_the_office_are_missing(compiled: Compiled) -> None:
    assert sorted(compiled.media) == ["kbli.csv"]
    assert [warning.split()[0] for warning in compiled.warnings] == [
        "kelurahan.csv",
        "wilayah.csv",
        "usaha.csv",
    ]


def test_lists_of_the_office_travel_with_it() -> None:
    lists = {
        "kelurahan.csv": b"name,label\n3375030005,JENGGOT\n",
        "wilayah.csv": b"name,label,kelurahan,kecamatan\n",
        "usaha.csv": b"name,label,idsubsls\n",
    }
    compiled = compile_definition(definition("se2026_l"), lists=lists)
    assert compiled.warnings == ()
    assert {name: compiled.media[name] for name in lists} == lists


def test_every_leaf_has_a_name_of_its_own(form: etree._Element) -> None:
    # a repeat stands twice in an XForm: as its template and as its first entry
    leaves = [
        local(element)
        for element in instance(form).iter(etree.Element)
        if len(element) == 0 and f"{JR}template" not in (element.getparent().attrib)
    ]
    assert [name for name, times in Counter(leaves).items() if times > 1] == []
    assert set(CONTRACT.split()) <= set(leaves)


def test_the_visits_are_a_repeat_of_at_most_three(form: etree._Element) -> None:
    (repeat,) = form.iterfind(".//x:repeat", NS)
    assert repeat.get("nodeset") == "/data/visit"
    count = repeat.get(f"{JR}count", "").strip()
    (bind,) = form.xpath(f".//x:bind[@nodeset='{count}']", namespaces=NS)
    assert bind.get("constraint") == ". >= 1 and . <= 3"


def test_every_control_has_its_label_in_both_languages(form: etree._Element) -> None:
    texts = translations(form)
    assert list(texts) == [INDONESIAN, ENGLISH]
    for control in controls(form):
        label = control.find("x:label", NS)
        where = control.get("ref")
        assert label is not None or control.find("x:repeat", NS) is not None, where
        for text in control.xpath("x:label | x:hint", namespaces=NS):
            key = text.get("ref", "").removeprefix("jr:itext('").removesuffix("')")
            assert all(key in words for words in texts.values()), where


def test_no_text_is_missing_in_either_language(form: etree._Element) -> None:
    texts = translations(form)
    assert texts[INDONESIAN].keys() == texts[ENGLISH].keys()
    # pyxform writes a dash where a translation is missing
    missing = [
        (language, key)
        for language, words in texts.items()
        for key, text in words.items()
        if text in {"", "-"}
    ]
    assert missing == []


def test_every_constraint_says_what_is_wrong(form: etree._Element) -> None:
    keys = translations(form)[ENGLISH]
    silent = [
        bind.get("nodeset")
        for bind in form.iterfind(".//x:bind[@constraint]", NS)
        if f"{bind.get('nodeset')}:jr:constraintMsg" not in keys
    ]
    assert silent == []


def test_every_warning_says_what_is_doubtful_in_both_languages(form: etree._Element) -> None:
    warnings = [bind for bind in form.iterfind(".//x:bind", NS) if bind.get(f"{WARNING}warning")]
    assert warnings
    for bind in warnings:
        indonesian, _, english = bind.get(f"{WARNING}warningMsg", "").partition(" / ")
        assert indonesian.endswith("."), bind.get("nodeset")
        assert english.endswith("."), bind.get("nodeset")


def test_codes_of_the_field_keep_their_shape(form: etree._Element) -> None:
    def codes(name: str) -> list[str]:
        path = f".//x:instance[@id='{name}']/x:root/x:item/x:name/text()"
        return [str(code) for code in form.xpath(path, namespaces=NS)]

    assert codes("presence") == ["00", "1", "2", "3", "4", "9"]
    assert codes("legal_form")[:3] == ["01a", "01b", "02"]
    assert codes("network") == ["1", "2", "3", "4", "5", "6"]


def test_paradata_are_asked_for(form: etree._Element) -> None:
    (audit,) = form.xpath(".//x:bind[@nodeset='/data/meta/audit']", namespaces=NS)
    odk = f"{{{NS['odk']}}}"
    assert audit.get(f"{odk}location-priority") == "balanced"
    assert audit.get(f"{odk}track-changes") == "true"


def test_money_is_not_held_in_32_bits(form: etree._Element) -> None:
    types = {bind.get("nodeset"): bind.get("type") for bind in form.iterfind(".//x:bind", NS)}
    money = [path for path in types if path and path.rsplit("/", 1)[-1].endswith("_total")]
    assert [types[path] for path in money if "workers" not in path] == ["decimal"] * 3


def test_the_kbli_subset_is_well_formed(compiled: Compiled) -> None:
    rows = list(csv.DictReader(compiled.media["kbli.csv"].decode("utf-8").splitlines()))
    codes = [row["name"] for row in rows]
    assert len(codes) == len(set(codes))
    assert codes == sorted(codes)
    for row in rows:
        assert len(row["name"]) == 5
        assert row["name"].isdigit()
        assert row["label"].startswith(f"{row['name']} ")
        assert row["section"] in "ABCDEFGHIJKLMNOPQRSTUV"
    sections = [row["section"] for row in rows]
    assert sections == sorted(sections)


@pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java")
def test_odk_validate_accepts_it(compiled: Compiled) -> None:
    assert odk_validate(compiled.xform, compiled.media) == []
