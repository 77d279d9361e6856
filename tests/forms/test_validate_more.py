"""Relevance, calculations, repeats, unknown nodes: what a tampered or old submission shows."""

import pytest

from forms.answers import MAX_INSTANCES
from forms.instance import read_submission
from forms.validate import MAX_STRANGERS, validate
from forms.xform import read_xform
from tests.support.questionnaires import (
    NO_LISTS,
    broken,
    listed,
    questionnaire,
    report,
    submission,
    xform,
)


def test_the_outermost_irrelevant_group_is_named_once() -> None:
    form = questionnaire(
        """
        | type        | name | relevant | required |
        | integer     | n    |          |          |
        | begin_group | g    | ${n} = 1 |          |
        | begin_group | h    |          |          |
        | text        | a    |          | yes      |
        | text        | b    | ${a}=''  |          |
        | end_group   |      |          |          |
        | begin_repeat| r    |          |          |
        | text        | c    |          |          |
        | end_repeat  |      |          |          |
        | end_group   |      |          |          |"""
    )
    inside = {"h": {"a": "1", "b": "2"}}
    assert broken(form, {"n": "2", "g": inside}) == [("relevance", "/data/g")]
    assert broken(form, {"n": "2", "g": {"r": [{}, {"c": "1"}]}}) == [("relevance", "/data/g")]
    assert broken(form, {"n": "2", "g": {"h": {"a": ""}}}) == []
    assert broken(form, {"n": "1", "g": inside}) == [("relevance", "/data/g/h/b")]
    assert broken(form, {"n": "1"}) == [("required", "/data/g/h/a")]


@pytest.mark.parametrize(
    ("calculation", "good", "bad"),
    [
        ("1 div 3", ["0.3333333333333333", "0.33333333333"], ["0.333", "", "x"]),
        ("1 = 1", ["1", "true"], ["0", "2", "false", ""]),
        ("1 = 2", ["0", "false"], ["1", ""]),
        ("date('2026-01-02')", ["2026-01-02"], ["2026-01-03", ""]),
        (
            "date-time('2026-01-02T10:00:00Z')",
            ["2026-01-02T10:00:00.000Z", "2026-01-02T17:00:00.000+07:00", "2026-01-02"],
            ["2026-01-02T11:00:00.000Z", "2026-01-03"],
        ),
        ("'01'", ["01"], ["1", ""]),
        ("0 div 0", [""], ["1"]),
        ("uuid()", ["x", ""], []),
        ("random()", ["x"], []),
        ("once(1 + 1)", ["3"], []),
        ("now()", ["x"], []),
        ("property('phone')", ["x"], []),
        ("digest('a', concat('C', 'RC'))", ["x"], []),
        ("join('', randomize(/data/meta/instanceID))", ["x"], []),
        ("string(randomize(/data/meta/instanceID))", ["x"], []),
    ],
)
def test_a_calculation_is_compared_by_kind(
    calculation: str, good: list[str], bad: list[str]
) -> None:
    form = questionnaire(f"| type | name | calculation |\n| calculate | r | {calculation} |")
    for answer in good:
        assert broken(form, {"r": answer}) == []
    for answer in bad:
        assert broken(form, {"r": answer}) == [("calculation", "/data/r")]


CLOCKED = """
    | type      | name  | constraint   | calculation | required          |
    | start     | start |              |             |                   |
    | end       | end   |              |             |                   |
    | date      | day   | . <= today() |             | today() = '2026'  |
    | calculate | on    |              | today()     |                   |"""


def test_today_is_the_day_of_the_interview() -> None:
    form = questionnaire(CLOCKED)
    start, end = "2026-06-20T23:50:00.000+07:00", "2026-06-21T00:10:00.000+07:00"
    told = {"start": start, "end": end, "on": "2026-06-21"}
    assert broken(form, {**told, "day": "2026-06-21"}) == []
    assert broken(form, {**told, "day": "2026-06-22"}) == [("constraint", "/data/day")]
    assert broken(form, {**told, "on": "2026-06-20"}) == []
    assert broken(form, {**told, "on": "2026-06-19"}) == [("calculation", "/data/on")]
    assert broken(form, {"start": start, "day": "2026-06-21", "on": "2026-06-20"}) == [
        ("constraint", "/data/day")
    ]
    assert broken(form, {"day": "2099-01-01", "on": "2001-01-01"}) == []
    assert broken(form, {"end": "yesterday", "on": "2001-01-01"}) == [("type", "/data/end")]


def test_local_times_need_the_zone_of_the_interview() -> None:
    form = questionnaire(
        """
        | type      | name | calculation                     |
        | end       | end  |                                 |
        | calculate | d    | decimal-date-time('2026-01-02') |
        | calculate | m    | format-date('2026-01-02', '%b %a') |"""
    )
    told = {"end": "2026-06-20T10:00:00.000+07:00", "m": "Peb"}
    assert broken(form, {**told, "d": "20454.708333333332"}) == []
    assert broken(form, {**told, "d": "20455"}) == [("calculation", "/data/d")]
    assert broken(form, {"d": "20455"}) == []


def test_what_the_form_does_not_have_is_named() -> None:
    form = questionnaire("| type | name |\n| text | a |")
    assert broken(form, "<a>1</a><a>2</a><b>3</b>") == [
        ("unknown", "/data/a"),
        ("unknown", "/data/b"),
    ]
    assert broken(form, "<a>x<deep/></a>") == [("unknown", "/data/a/deep")]
    extra = "<meta><instanceID>u</instanceID><timeStart/><bad/></meta>"
    whole = f'<other id="test">{extra}</other>'.encode()
    found = validate(form, read_submission(whole), NO_LISTS).findings
    assert [f.path for f in found] == ["/other", "/data/meta/bad"]
    many = "".join(f"<x{n}/>" for n in range(MAX_STRANGERS + 5))
    assert len(broken(form, many)) == MAX_STRANGERS


REPEAT = """
    | type         | name  | relevant | repeat_count | calculation |
    | integer      | n     |          |              |             |
    | begin_repeat | visit | ${n} > 0 | {count}      |             |
    | text         | a     |          |              |             |
    | end_repeat   |       |          |              |             |"""


def test_repeats_have_the_number_the_form_asks_for() -> None:
    form = questionnaire(REPEAT.format(n="{n}", count="${n}"))
    row = {"a": "x"}
    assert broken(form, {"n": "2", "visit": [row, row]}) == []
    assert broken(form, {"n": "2", "visit": [row]}) == [("repeat", "/data/visit")]
    assert broken(form, {"n": "2"}) == [("repeat", "/data/visit")]
    assert broken(form, {"n": "0"}) == []
    assert broken(form, {"n": "0", "visit": [{}]}) == []
    assert broken(form, {"n": "-1", "visit": [row]}) == [("relevance", "/data/visit[1]")]


def test_repeats_that_nobody_may_add_to() -> None:
    text = xform(REPEAT.format(n="{n}", count="")).decode()
    tag = '<repeat nodeset="/data/visit"'
    assert tag in text
    form = read_xform(text.replace(tag, f'{tag} jr:noAddRemove="true()"').encode())
    assert form.nodes["/data/visit"].fixed == 1
    assert broken(form, {"n": "1", "visit": [{}]}) == []
    assert broken(form, {"n": "1", "visit": [{}, {}]}) == [("repeat", "/data/visit")]


def test_a_count_from_an_unknown_list_is_left_open() -> None:
    text = xform(REPEAT.format(n="{n}", count="${n}")).decode()
    assert 'jr:count=" /data/n "' in text
    count = "jr:count=\"pulldata('f', 'n', 'k', /data/n)\""
    form = read_xform(text.replace('jr:count=" /data/n "', count).encode())
    assert broken(form, {"n": "1", "visit": [{}, {}]}) == []
    assert broken(form, {"n": "1", "visit": [{}, {}]}, listed(f="k,n\n1,3\n")) == [
        ("repeat", "/data/visit")
    ]


def test_more_instances_than_anybody_records_are_cut() -> None:
    form = questionnaire(REPEAT.format(n="{n}", count=""))
    found = report(form, {"n": "1", "visit": [{"a": "1"}] * (MAX_INSTANCES + 1)})
    assert [(f.rule, f.path) for f in found.findings] == [("repeat", "/data/visit")]
    assert f"/data/visit[{MAX_INSTANCES}]/a" in found.values
    assert f"/data/visit[{MAX_INSTANCES + 1}]/a" not in found.values


def test_repeats_within_repeats() -> None:
    form = questionnaire(
        """
        | type         | name   | calculation                                       |
        | begin_repeat | house  |                                                   |
        | begin_repeat | person |                                                   |
        | text         | a      |                                                   |
        | calculate    | first  | indexed-repeat(/data/house/person/a, /data/house/person, 1) |
        | end_repeat   |        |                                                   |
        | end_repeat   |        |                                                   |
        | calculate    | one    | indexed-repeat(/data/house/person/a, /data/house/person, 2) |"""
    )
    houses = [
        {"person": [{"a": "p", "first": "p"}, {"a": "q", "first": "p"}]},
        {"person": [{"a": "r", "first": "r"}]},
    ]
    assert broken(form, {"house": houses, "one": "q"}) == []
    houses[1]["person"][0]["first"] = "p"
    assert broken(form, {"house": houses, "one": "q"}) == [
        ("calculation", "/data/house[2]/person[1]/first")
    ]


def test_what_nobody_may_change() -> None:
    form = questionnaire(
        """
        | type | name | read_only | default | calculation |
        | text | a    | yes       | asli    |             |
        | text | b    | yes       | today() |             |
        | text | c    | yes       |         | 'x'         |"""
    )
    assert broken(form, {"a": "asli", "b": "2026-06-20", "c": "x"}) == []
    assert broken(form, {"a": "palsu", "c": "x"}) == [("warning", "/data/a")]


def test_what_cannot_be_known_is_not_held_against_anybody() -> None:
    form = questionnaire(
        """
        | type | name | required                         | constraint                   |
        | text | a    | pulldata('f', 'n', 'k', 1) = '1' |                              |
        | text | b    |                                  | . = pulldata('f','n','k','1')|
        | text | c    |                                  | . = random()                 |
        | text | d    |                                  | . = uuid()                   |
        | text | e    |                                  | . = property('deviceid')     |
        | text | g    |                                  | . = string(randomize(../a))  |"""
    )
    assert broken(form, {"b": "x", "c": "x", "d": "x", "e": "x", "g": "x"}) == []
    held = listed(f="k,n\n1,1\n")
    assert broken(form, {"b": "x"}, held) == [("required", "/data/a"), ("constraint", "/data/b")]


def test_messages_never_quote_an_answer() -> None:
    form = questionnaire(
        """
        | type    | name | constraint | constraint_message | calculation |
        | text    | a    | . = 'x'    | Bukan ${a}         |             |
        | integer | b    |            |                    |             |
        | calculate | c  |            |                    | ${a}        |"""
    )
    secret = "3375010101010001"
    found = report(form, {"a": secret, "b": f"{secret}x", "c": "lain", "d": secret})
    assert {f.rule for f in found.findings} == {"constraint", "type", "calculation", "unknown"}
    assert all(f.message and secret not in f.message for f in found.findings)
    assert not found.valid
    assert submission(form, {"a": secret}).count(secret.encode()) == 1


def test_a_required_note_stops_the_form_as_in_javarosa() -> None:
    form = questionnaire(
        """
        | type    | name | required | relevant | required_message |
        | integer | a    |          |          |                  |
        | note    | stop | yes      | ${a} > 1 | Kurangi a.       |"""
    )
    assert broken(form, {"a": "1"}) == []
    (found,) = report(form, {"a": "2"}).findings
    assert (found.rule, found.path, found.message) == ("required", "/data/stop", "Kurangi a.")


def test_a_value_in_another_language_leaves_the_messages_alone() -> None:
    form = questionnaire(
        """
    | type         | name | label::I(id) | label::E(en) | calculation                | required |
    | select_one y | a    | A            | A             |                            |          |
    | calculate    | c    |              |               | jr:choice-name(${a},'${a}')|          |
    | integer      | n    | N            | N             |                            | yes      |
    """,
        choices="""
        | list_name | name | label::I(id) | label::E(en) |
        | y         | 1    | Ya           | Yes          |""",
        settings="| form_id | version | default_language |\n| test | 1 | I(id) |",
    )
    (found,) = report(form, {"a": "1", "c": "Ya"}, language="en").findings
    assert found.message == "This question must be answered."
