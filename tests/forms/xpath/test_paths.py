"""Paths over groups, repeats and lists."""

from collections.abc import Mapping
from typing import Any

import pytest

from forms.errors import UnsupportedForm
from forms.xpath import context
from tests.support.questionnaires import listed, questionnaire, report

VISITS = """
    | type          | name  | calculation    |
    | integer       | base  |                |
    | begin_repeat  | visit |                |
    | text          | note  |                |
    | integer       | hours |                |
    | calculate     | r     | {inside}       |
    | end_repeat    |       |                |
    | calculate     | all   | {outside}      |"""
TWO: Mapping[str, Any] = {
    "base": "1",
    "visit": [{"note": "a", "hours": "2"}, {"note": "b", "hours": "5"}],
}


def outside(expression: str, answers: Mapping[str, Any] = TWO) -> str:
    form = questionnaire(VISITS.format(inside="''", outside=expression))
    return report(form, answers).values["/data/all"]


def inside(expression: str) -> list[str]:
    form = questionnaire(VISITS.format(inside=expression, outside="''"))
    values = report(form, TWO).values
    return [values[f"/data/visit[{number}]/r"] for number in (1, 2)]


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("count(/data/visit)", "2"),
        ("count(visit)", "0"),
        ("string(/data/nobody)", ""),
        ("count(/data/visit/nobody)", "0"),
        ("count(/other/base)", "0"),
        ("/data/nobody = ''", "1"),
        ("/data/visit[note = 'x']/note = ''", "1"),
        ("position(/data/nobody)", "0"),
        ("count(../visit/note)", "2"),
        ("sum(/data/visit/hours)", "7"),
        ("min(/data/visit/hours)", "2"),
        ("max(/data/visit/hours)", "5"),
        ("sum(/data/visit[note = 'b']/hours)", "5"),
        ("sum(/data/visit[2]/hours)", "0"),
        ("sum(/data/visit[note]/hours)", "0"),
        ("sum(/data/visit/hours[. > 2])", "5"),
        ("count(/data/./visit/self::node())", "2"),
        ("sum(/data/visit[position() = 1]/hours)", "2"),
        ("sum(/data/visit[not(position() = 1)]/hours)", "5"),
        ("sum(/data/visit[position() - 1 = -(-1)]/hours)", "5"),
        ("sum(/data/visit[note = 'a' or position() = 2]/hours)", "7"),
        ("sum(/data/visit[hours > 1 + 3]/hours)", "5"),
        ("sum(/data/visit[hours > /data/base]/hours)", "7"),
        ("sum(/data/visit[hours > current()/../base]/hours)", "7"),
        ("count(/data/visit[note = 'b']/../base)", "1"),
        ("count(/data/visit/note/..)", "2"),
        ("count(/data/meta/../base)", "1"),
        ("count(/data/meta/*)", "1"),
        ("count(/data/visit/*/nobody)", "0"),
        ("count(/data/visit/note/*)", "0"),
        ("count(/data/visit/*)", "6"),
        ("join('', /data/visit/note)", "ab"),
        ("concat(/data/visit/note)", "ab"),
        ("count-non-empty(/data/visit/note)", "2"),
        ("count-non-empty(/data/base)", "1"),
        ("string(/data/visit/note)", "a"),
        ("/data/visit/note = 'b'", "1"),
        ("/data/visit/note = 'c'", "0"),
        ("'b' = /data/visit/note", "1"),
        ("string(/data/visit[note = 'x']/note)", ""),
        ("indexed-repeat(/data/visit/note, /data/visit, 2)", "b"),
        ("indexed-repeat(/data/visit/note, /data/visit, 3)", ""),
        ("indexed-repeat(/data/visit/note, /data/visit, 'x')", "a"),
        ("join('', randomize(/data/visit/note, 3))", "ba"),
        ("join('', randomize(/data/visit/note, 'x'))", "ba"),
        ("string(randomize(/data/visit[note = 'x']/note, 1))", ""),
        ("position(/data/visit[note = 'b'])", "2"),
        ("position(/data/visit[note = 'x'])", "0"),
        ("distance(/data/visit/note)", ""),
    ],
)
def test_from_outside_a_repeat(expression: str, wanted: str) -> None:
    assert outside(expression) == wanted


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("../note", ["a", "b"]),
        ("/data/visit/note", ["a", "b"]),
        ("${note}", ["a", "b"]),
        ("current()/../note", ["a", "b"]),
        ("./../note", ["a", "b"]),
        ("count(/data/visit)", ["1", "1"]),
        ("count(../../visit)", ["2", "2"]),
        ("sum(../../visit/hours)", ["7", "7"]),
        ("sum(/data/visit/hours)", ["2", "5"]),
        ("position(..)", ["1", "2"]),
        ("position(current()/..)", ["1", "2"]),
        ("indexed-repeat(${hours}, ${visit}, position(..) - 1)", ["2", "2"]),
        ("sum(../../visit[position() < position(current()/..)]/hours)", ["0", "2"]),
        ("${hours} + ${base}", ["3", "6"]),
    ],
)
def test_from_inside_a_repeat(expression: str, wanted: list[str]) -> None:
    assert inside(expression) == wanted


def test_what_is_irrelevant_is_in_no_set() -> None:
    form = questionnaire(
        """
        | type          | name  | relevant     | calculation            |
        | integer       | n     |              |                        |
        | begin_group   | g     | ${n} = 1     |                        |
        | integer       | a     |              |                        |
        | integer       | b     |              |                        |
        | end_group     |       |              |                        |
        | calculate     | some  |              | count(/data/g/*)       |
        | calculate     | one   |              | count(/data/g/a)       |
        | calculate     | plain |              | concat('x', ${a})      |
        | calculate     | list  |              | join(',', ${a}, 'z')   |"""
    )
    off = report(form, {"n": "2"}).values
    assert [off[f"/data/{name}"] for name in ("some", "one", "plain", "list")] == [
        "0",
        "0",
        "x",
        "z",
    ]
    on = report(form, {"n": "1", "g": {"a": "5", "b": "6"}}).values
    assert [on[f"/data/{name}"] for name in ("some", "one", "plain", "list")] == [
        "2",
        "1",
        "x5",
        "5,z",
    ]


LIST = listed(fish="name,label,sea,weight\n1,Tuna,java,30\n02,Layang,java,2\n3,Cakalang,banda,9\n")


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("instance('fish')/root/item[name = ${k}]/label", "Layang"),
        ("instance('fish')/root/item[${k} = name]/label", "Layang"),
        ("instance('fish')/root/item[./name = ${k}]/label", "Layang"),
        ("instance('fish')/root/item[name = 2]/label", "Layang"),
        ("instance('fish')/root/item[name = (1 = 1)]/label", "Tuna"),
        ("instance('fish')/root/item[name = 'x']/label", ""),
        ("instance('fish')/root/item[name = concat('0', '2')]/label", "Layang"),
        ("instance('fish')/root/item[name = -(-3)]/label", "Cakalang"),
        ("instance('fish')/root/item[name = 1 + 2]/label", "Cakalang"),
        ("instance('fish')/root/item[label = name or weight > 8]/label", "Tuna"),
        ("instance('fish')/root/item[label = name]/label", ""),
        ("instance('fish')/root/item[weight > 8 and sea = 'java']/label", "Tuna"),
        ("instance('fish')/root/item[sea = 'java'][weight < 8]/label", "Layang"),
        ("instance('fish')/root/item[sea = 'java'][2]/label", ""),
        ("instance('fish')/root/item[sea]/label", ""),
        ("instance('fish')/root/item['x']/label", ""),
        ("instance('fish')/root/item[sea = 'java'][position() = 2]/label", "Layang"),
        ("instance('fish')/root/item[position() = count(../item)]/label", "Cakalang"),
        ("instance('fish')/root/item[../item = '']/label", "Tuna"),
        ("instance('fish')/root/item/label[. = 'Layang']", "Layang"),
        ("instance('fish')/root/item[name = ${k}]/label/../sea", "java"),
        ("join(' ', instance('fish')/root/item[name = ${k}]/*)", "02 Layang java 2"),
        ("instance('fish')/all/item/name", ""),
        ("instance('fish')/root/row/name", ""),
        ("instance('fish')/root/item[@a = 'x']/name", ""),
        ("count(instance('fish')/root)", "1"),
        ("count(instance('fish')/root/item/@a)", "0"),
        ("instance('fish')/root/item[position() = 3]/label", "Cakalang"),
        ("instance('fish')/root/item[not(sea = 'java')]/label", "Cakalang"),
        ("instance('fish')/root/item[selected(/data/k, name)]/label", "Layang"),
        ("count(instance('fish')/root/item[sea = 'java'])", "2"),
        ("sum(instance('fish')/root/item[sea = 'java']/weight)", "32"),
        ("string(instance('fish')/root/item)", ""),
        ("instance('fish')/root/item[name = instance('fish')/root/item[sea='banda']/name]/label",
         "Cakalang"),
        ("instance('fish')/root/item[name = ${k} and weight = 2]/label", "Layang"),
        ("pulldata('fish.csv', 'label', 'name', ${k})", "Layang"),
        ("pulldata('fish', 'label', 'name', 'x')", ""),
    ],
)  # fmt: skip
def test_lists_are_searched(expression: str, wanted: str) -> None:
    form = fish_form(expression)
    assert report(form, {"k": "02", "r": wanted}, LIST).values["/data/r"] == wanted


@pytest.mark.parametrize(
    "expression",
    [
        "instance(${k})/root/item",
        "instance('fish')/root//item",
        "instance('fish')/root/item/text()",
        "instance('fish', 'x')/root/item",
    ],
)
def test_lists_are_searched_in_plain_ways_only(expression: str) -> None:
    with pytest.raises(UnsupportedForm):
        fish_form(expression)


def fish_form(expression: str) -> Any:
    return questionnaire(
        f"""
        | type                          | name | calculation  |
        | select_one_from_file fish.csv | k    |              |
        | calculate                     | r    | {expression} |"""
    )


def test_filters_within_filters_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "MAX_EFFORT", 10_000)
    nested = "count(/data/visit[hours > 0])"
    for _ in range(3):
        nested = f"count(/data/visit[hours > -1 and {nested} > 0])"
    form = questionnaire(VISITS.format(inside="''", outside=nested))
    many = {"base": "1", "visit": [{"note": "a", "hours": "1"}] * 20, "all": "7"}
    assert report(form, many).values["/data/all"] == "7"  # not to be known here: as it was told
