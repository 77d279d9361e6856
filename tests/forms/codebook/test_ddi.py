# ruff: noqa: RUF001 - the sentences quote labels as print does
from pathlib import Path

import pytest
from lxml import etree

from forms.codebook.book import Code, DataFile, ListNote, Place, codebook
from forms.codebook.ddi import as_ddi
from forms.compile import compile_definition, definition, definitions
from forms.schema import Node
from forms.xform import read_xform
from tests.support.questionnaires import questionnaire

GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).parent / "ddi.rng"))
DDI = {"d": "ddi:codebook:2_5"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
REFERENCES = ("files", "var")  # attributes that name other elements

SURVEY = """
    | type             | name | label::Indonesia (id) | label::English (en) | hint::Indonesia (id) | relevant     | constraint  | calculation | repeat_count |
    | begin_group      | one  | Satu                  | One                 |                      |              |             |             |              |
    | select_one yn    | a    | Ada?                  | Is there?           | Tanya dulu.          |              |             |             |              |
    | decimal          | n    | Nilai                 | Value               |                      | ${a} = '1'   | . > 0 and . <= 9.5 |      |              |
    | text             | who  | Siapa                 | Who                 |                      |              |             |             |              |
    | calculate        | twice |                      |                     |                      |              |             | ${n} * 2    |              |
    | end_group        |      |                       |                     |                      |              |             |             |              |
    | begin_repeat     | row  | Baris                 | Row                 |                      |              |             |             | 2            |
    | select_one_from_file kbli.csv | k | KBLI        | KBLI                |                      |              |             |             |              |
    | date             | day  | Tanggal               | Day                 |                      |              |             |             |              |
    | end_repeat       |      |                       |                     |                      |              |             |             |              |"""  # noqa: E501 - a table
CHOICES = """
    | list_name | name | label::Indonesia (id) | label::English (en) |
    | yn        | 1    | Ya                    | Yes                 |
    | yn        | 2    | Tidak                 | No                  |"""
MISSING = (Code("-1", {"id": "Tidak ditanyakan", "en": "Not asked"}),)
KEY = Code("document_id", {"id": "Nomor dokumen", "en": "Number of the document"})
FILES = (
    DataFile("test-1.csv", {"id": "Usaha", "en": "Businesses"}, None, 12, (KEY,)),
    DataFile("test-1-row.csv", {"id": "Baris", "en": "Rows"}, "/data/row", None, (KEY,)),
)


def placed(node: Node) -> Place | None:
    if node.name == "who":
        return Place(withheld={"id": "Tidak dirilis.", "en": "Not released."})
    words = (f"{node.name}_label",) if node.itemset else ()
    return Place("file", (node.name, *words)) if node.kind != "meta" else None


@pytest.fixture(scope="module")
def small() -> etree._Element:
    form = questionnaire(SURVEY, CHOICES)
    lists = [ListNote("kbli", 120, "2026-06-15")]
    made = codebook(form, lists=lists, placing=placed, missing=MISSING, files=FILES)
    return etree.fromstring(as_ddi(made))


def problems(document: bytes) -> list[str]:
    GRAMMAR.validate(etree.fromstring(document))
    return [f"{error.line}: {error.message}" for error in GRAMMAR.error_log]


@pytest.mark.parametrize("name", definitions())
def test_every_questionnaire_of_ours_gives_ddi(name: str) -> None:
    document = as_ddi(codebook(read_xform(compile_definition(definition(name)).xform)))
    assert problems(document) == []
    assert_sound(etree.fromstring(document))


def test_the_small_one_is_ddi(small: etree._Element) -> None:
    assert problems(etree.tostring(small)) == []
    assert_sound(small)


def assert_sound(root: etree._Element) -> None:
    """Identifiers are unique, references lead to one, and every variable is in one group."""
    names = root.xpath("//@ID")
    assert len(names) == len(set(names))
    for attribute in REFERENCES:
        for value in root.xpath(f"//@{attribute}"):
            assert set(value.split()) <= set(names)
    grouped = [
        name for value in root.xpath("//d:varGrp/@var", namespaces=DDI) for name in value.split()
    ]
    questions = [n for n in root.xpath("//d:var/@ID", namespaces=DDI) if n.startswith("V.")]
    assert sorted(grouped) == sorted(questions)


def test_the_grammar_refuses_a_wrong_order() -> None:
    document = as_ddi(codebook(questionnaire(SURVEY, CHOICES)))
    root = etree.fromstring(document)
    var = root.find(".//d:var[@name='n']", DDI)
    assert var is not None
    var.insert(0, var[-1])
    assert problems(etree.tostring(root)) != []


def one(root: etree._Element, name: str) -> etree._Element:
    (found,) = root.findall(f".//d:var[@name='{name}']", DDI)
    return found


def texts(element: etree._Element, path: str) -> list[tuple[str | None, str | None]]:
    return [(each.get(LANG), each.text) for each in element.findall(path, DDI)]


def test_a_variable_says_what_it_asks_of_whom_and_where_it_is(small: etree._Element) -> None:
    asked = one(small, "a")
    assert (asked.get("ID"), asked.get("files"), asked.get("nature")) == (
        "V.one.a",
        "F1",
        "nominal",
    )
    assert texts(asked, "d:labl") == [("id", "Ada?"), ("en", "Is there?")]
    assert [each.text for each in asked.findall("d:qstn/d:qstnLit", DDI)] == ["Ada?", "Is there?"]
    assert asked.findtext("d:qstn/d:ivuInstr", "", DDI) == "Tanya dulu."
    codes = [each.text for each in asked.findall("d:catgry/d:catValu", DDI)]
    assert codes == ["1", "2", "-1"]
    assert [each.get("VALUE") for each in asked.findall("d:invalrng/d:item", DDI)] == ["-1"]
    assert texts(asked, "d:concept") == [("id", "Satu"), ("en", "One")]


def test_ranges_universes_and_formulas(small: etree._Element) -> None:
    value = one(small, "n")
    (span,) = value.findall("d:valrng/d:range", DDI)
    assert dict(span.attrib) == {"UNITS": "REAL", "minExclusive": "0", "max": "9.5"}
    assert texts(value, "d:universe")[1] == ("en", "Asked only if ‘Is there?’ is ‘Yes’.")
    twice = one(small, "twice")
    assert texts(twice, "d:derivation/d:drvdesc")[0] == ("id", "‘Nilai’ × 2")
    assert twice.findtext("d:derivation/d:drvcmd", "", DDI).replace(" ", "") == "/data/one/n*2"


def test_what_is_kept_back_says_so_and_is_in_no_file(small: etree._Element) -> None:
    who = one(small, "who")
    assert who.get("files") is None
    assert texts(who, "d:security") == [("id", "Tidak dirilis."), ("en", "Not released.")]
    assert who.find("d:invalrng", DDI) is None


def test_files_have_their_rows_keys_and_columns_of_words(small: etree._Element) -> None:
    assert [each.text for each in small.findall(".//d:caseQnty", DDI)] == ["12"]
    assert one(small, "document_id").get("files") == "F1 F2"
    assert one(small, "k_label").get("files") == "F2"
    assert one(small, "day").get("temporal") == "Y"
    listed = texts(one(small, "k"), "d:txt")
    assert listed[1] == ("en", "Codes from the list kbli: 120 rows, in force since 2026-06-15.")


def test_the_same_book_gives_the_same_bytes() -> None:
    first, second = (as_ddi(codebook(questionnaire(SURVEY, CHOICES))) for _ in range(2))
    assert first == second
