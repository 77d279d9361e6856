"""What every questionnaire of the project keeps to: names, two languages, messages, JavaRosa."""

import csv
import re
import shutil
from collections import Counter
from functools import cache

import pytest
from lxml import etree

from forms.compile import Compiled, compile_definition, definition, definitions, odk_validate
from forms.xform import read_xform
from tests.support.definitions import (
    ENGLISH,
    INDONESIAN,
    NS,
    WARNING,
    controls,
    instance,
    key_of,
    leaves,
    local,
    translations,
)

ALL = definitions()
LISTS = definition("se2026_l").parent / "lists"


@cache
def compiled(name: str) -> Compiled:
    return compile_definition(definition(name))


@cache
def form(name: str) -> etree._Element:
    return etree.fromstring(compiled(name).xform)


@pytest.mark.parametrize("name", ALL)
def test_it_says_what_it_is(name: str) -> None:
    root = instance(form(name))
    version = compiled(name).version
    assert compiled(name).form_id == name
    assert re.fullmatch(r"2026\d{6}", version)
    assert (root.get("id"), root.get("version"), local(root)) == (name, version, "data")
    changes = (definition(name) / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## (.+)$", changes, re.MULTILINE)[0] == version


@pytest.mark.parametrize("name", ALL)
def test_every_leaf_has_a_name_of_its_own(name: str) -> None:
    assert [leaf for leaf, times in Counter(leaves(form(name))).items() if times > 1] == []


@pytest.mark.parametrize("name", ALL)
def test_every_control_has_its_label_in_both_languages(name: str) -> None:
    texts = translations(form(name))
    assert list(texts) == [INDONESIAN, ENGLISH]
    for control in controls(form(name)):
        label = control.find("x:label", NS)
        where = control.get("ref")
        assert label is not None or control.find("x:repeat", NS) is not None, where
        for text in control.xpath("x:label | x:hint", namespaces=NS):
            assert all(key_of(text.get("ref")) in words for words in texts.values()), where


@pytest.mark.parametrize("name", ALL)
def test_no_text_is_missing_in_either_language(name: str) -> None:
    texts = translations(form(name))
    assert texts[INDONESIAN].keys() == texts[ENGLISH].keys()
    # pyxform writes a dash where a translation is missing
    missing = [
        (language, key)
        for language, words in texts.items()
        for key, text in words.items()
        if text in {"", "-"}
    ]
    assert missing == []


@pytest.mark.parametrize("name", ALL)
def test_every_constraint_says_what_is_wrong(name: str) -> None:
    keys = translations(form(name))[ENGLISH]
    silent = [
        bind.get("nodeset")
        for bind in form(name).iterfind(".//x:bind[@constraint]", NS)
        if f"{bind.get('nodeset')}:jr:constraintMsg" not in keys
    ]
    assert silent == []


@pytest.mark.parametrize("name", ALL)
def test_every_warning_says_what_is_doubtful_in_both_languages(name: str) -> None:
    texts = translations(form(name))
    binds = form(name).iterfind(".//x:bind", NS)
    warned = [bind for bind in binds if bind.get(f"{WARNING}warning")]
    assert warned
    for bind in warned:
        key = key_of(bind.get(f"{WARNING}warningMsg"))
        assert all(words[key].endswith(".") for words in texts.values()), bind.get("nodeset")


@pytest.mark.parametrize("name", ALL)
def test_paradata_are_asked_for(name: str) -> None:
    (audit,) = form(name).xpath(".//x:bind[@nodeset='/data/meta/audit']", namespaces=NS)
    assert audit.get(f"{{{NS['odk']}}}track-changes") == "true"


@pytest.mark.parametrize("name", ALL)
def test_money_is_not_held_in_32_bits(name: str) -> None:
    money = re.compile(r"(?:cost|wages|revenue|expenditure|assets|spent|earned|stock|capex)_")
    shares = re.compile(r"_(?:share|known|band|unit|kind|year)$")
    narrow = [
        node.path
        for node in read_xform(compiled(name).xform).nodes.values()
        if node.type == "int" and money.match(node.name) and not shares.search(node.name)
    ]
    assert narrow == []


@pytest.mark.parametrize("name", ALL)
def test_our_own_engine_reads_it(name: str) -> None:
    read = read_xform(compiled(name).xform)
    assert (read.form_id, read.languages) == (name, ("id", "en"))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java")
def test_odk_validate_accepts_it(name: str) -> None:
    assert odk_validate(compiled(name).xform, compiled(name).media) == []


# --- lists ----------------------------------------------------------------------------------------


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((LISTS / name).read_text("utf-8").splitlines()))


def test_the_kbli_subset_is_well_formed() -> None:
    listed = rows("kbli.csv")
    codes = [row["name"] for row in listed]
    assert len(codes) == len(set(codes))
    assert codes == sorted(codes)
    for row in listed:
        assert re.fullmatch(r"\d{5}", row["name"])
        assert row["label"].startswith(f"{row['name']} ")
        assert row["section"] in "ABCDEFGHIJKLMNOPQRSTUV"
    sections = [row["section"] for row in listed]
    assert sections == sorted(sections)


def test_every_regency_lies_in_a_province_and_jawa_tengah_is_complete() -> None:
    provinces = {row["name"] for row in rows("provinsi.csv")}
    assert len(provinces) == 38
    regencies = rows("kabupaten.csv")
    assert all(row["name"][:2] == row["provinsi"] for row in regencies)
    assert {row["provinsi"] for row in regencies} == provinces
    assert len({row["name"] for row in regencies}) == len(regencies)
    home = [row for row in regencies if row["provinsi"] == "33"]
    assert len(home) == 35
    assert [row["label"] for row in home if row["name"] == "3375"] == ["Kota Pekalongan"]
