"""Whatever comes in, an answer or a FormsError comes out."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.errors import FormsError
from forms.instance import read_submission
from forms.lists import ListTable
from forms.safexml import parse_xml
from forms.validate import validate
from forms.xform import read_xform
from forms.xpath.parse import parse
from forms.xpath.pattern import Pattern, PatternError
from tests.support.questionnaires import NO_LISTS, questionnaire, submission, xform

pytestmark = pytest.mark.unmeasured

TABLE = """
    | type          | name  | relevant   | required | constraint     | calculation  | repeat_count |
    | integer       | n     |            | yes      | . < 4          |              |              |
    | date          | day   | ${n} > 1   |          | . <= today()   |              |              |
    | geopoint      | spot  |            |          |                |              |              |
    | begin_repeat  | visit |            |          |                |              | ${n}         |
    | decimal       | paid  |            |          | . >= 0         |              |              |
    | time          | at    |            |          |                |              |              |
    | select_one yn | ok    |            |          | . != ${paid}   |              |              |
    | end_repeat    |       |            |          |                |              |              |
    | dateTime      | then  |            |          |                |              |              |
    | calculate     | sum   |            |          |                | sum(${paid}) |              |
    | calculate     | last  |            |          |                | ${then}      |          |"""
CHOICES = "| list_name | name | label |\n| yn | 1 | Ya |\n| yn | 2 | Tidak |"
FORM = questionnaire(TABLE, CHOICES)
XFORM = xform(TABLE, CHOICES)

WORDS = """/data/a ../b . .. // @ [ ] ( ) , + - * = != < >= | div mod and or 'x' "y" 12 .5 if(
selected( count( instance('a') current() root item child:: self:: $ ! # é"""
PIECES = st.sampled_from(WORDS.split())
NAMES = st.sampled_from([*FORM.root.children, "paid", "at", "ok", "meta", "instanceID", "other"])
TEXTS = st.one_of(
    st.sampled_from(["1", "2", "-1", "1e3", "2026-06-01", "1 2", "-6.9 109.6 0 0", "10:00", ""]),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12),
)
ANSWERS = st.recursive(
    TEXTS, lambda inner: st.dictionaries(NAMES, st.one_of(inner, st.lists(inner, max_size=3)))
)


@given(st.binary(max_size=400))
def test_bytes_as_xml(body: bytes) -> None:
    for read in (parse_xml, read_xform, read_submission, ListTable.from_csv):
        with suppress(FormsError):
            read(body)


@given(st.data())
def test_a_damaged_form(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(XFORM)))
    length = data.draw(st.integers(0, 40))
    patch = data.draw(st.one_of(st.binary(max_size=20), st.sampled_from([b"", b"<a/>", b"1 +"])))
    with suppress(FormsError):
        read_xform(XFORM[:at] + patch + XFORM[at + length :])


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map(" ".join)))
def test_text_as_xpath(text: str) -> None:
    with suppress(FormsError):
        parse(text)
    with suppress(FormsError):
        read_xform(XFORM.replace(b"today()", text.encode("ascii", "xmlcharrefreplace")))


@given(st.text("ab01(){}[]|*+?.^$\\-,d!=:", max_size=25), st.text("ab01", max_size=30))
def test_text_as_pattern(pattern: str, text: str) -> None:
    with suppress(PatternError):
        assert Pattern(pattern).matches(text) in (True, False)


@given(st.dictionaries(NAMES, st.one_of(ANSWERS, st.lists(ANSWERS, max_size=3))))
def test_any_answers_are_judged(answers: dict[str, object]) -> None:
    found = validate(FORM, read_submission(submission(FORM, answers)), NO_LISTS)
    for finding in found.findings:
        assert finding.path.startswith("/data")
        assert finding.message
        assert finding.severity == ("warning" if finding.rule == "warning" else "error")
