"""Closed questions: membership, filters, labels, lists in files."""

import pytest

from forms.errors import UnsupportedForm
from forms.xform import read_xform
from tests.support.questionnaires import broken, listed, questionnaire, report, xform

CHOICES = """
    | list_name | name | label::Bahasa Indonesia (id) | label::English (en) | kab  |
    | yn        | 1    | Ya                           | Yes                 |      |
    | yn        | 2    | Tidak                        | No                  |      |
    | kec       | 10   | Barat                        | West                | 3375 |
    | kec       | 20   | Timur                        | East                | 3375 |
    | kec       | 30   | Batang                       | Batang              | 3325 |"""
SURVEY = """
    | type                | name | label::Bahasa Indonesia (id) | label::English (en) |\
      choice_filter | calculation |
    | text                | kab  | Kab                          | Regency             | | |
    | select_one kec      | kec  | Kec                          | District            |\
      kab = ${kab} | |
    | select_multiple yn  | many | ?                            | ?                   | | |
    | rank yn             | rank | ?                            | ?                   | | |
    | calculate           | name |                              |                     | |\
      jr:choice-name(${kec}, '${kec}') |"""


def test_a_filter_narrows_what_may_be_chosen() -> None:
    form = questionnaire(SURVEY, CHOICES)
    good = {"kab": "3375", "kec": "10", "name": "Barat"}
    assert broken(form, good) == []
    assert broken(form, {"kab": "3325", "kec": "10"}) == [("choice", "/data/kec")]
    assert broken(form, {"kab": "3375", "kec": "99"}) == [("choice", "/data/kec")]
    assert broken(form, {"kab": "3375", "kec": "10 20"})[0] == ("choice", "/data/kec")


def test_several_choices() -> None:
    form = questionnaire(SURVEY, CHOICES)
    assert broken(form, {"many": "1 2", "rank": "2 1"}) == []
    assert broken(form, {"many": "1 3", "rank": "1"}) == [("choice", "/data/many")]
    assert broken(form, {"many": "1 1"}) == [("choice", "/data/many")]


def test_a_label_may_be_stored_in_any_language_of_the_form() -> None:
    form = questionnaire(SURVEY, CHOICES)
    assert form.languages == ("id", "en")
    assert form.nodes["/data/kec"].choices[0].labels == {"id": "Barat", "en": "West"}
    assert form.nodes["/data/kec"].itemset.filter == "kab =  /data/kab"
    assert broken(form, {"kab": "3375", "kec": "10", "name": "West"}) == []
    wrong = {"kab": "3375", "kec": "10", "name": "Utara"}
    assert broken(form, wrong) == [("calculation", "/data/name")]
    assert report(form, wrong, language="en").values["/data/name"] == "West"
    assert broken(form, {"kab": "3375", "kec": "99"}) == [("choice", "/data/kec")]


def test_other_is_a_choice() -> None:
    form = questionnaire(
        "| type | name |\n| select_one yn or_other | a |",
        "| list_name | name | label |\n| yn | 1 | Ya |",
    )
    assert broken(form, {"a": "other", "a_other": "Mungkin"}) == []
    assert broken(form, {"a": "1", "a_other": "x"}) == [("relevance", "/data/a_other")]


FILE = """
    | type                            | name | choice_filter    | required |
    | text                            | area |                  |          |
    | select_one_from_file usaha.csv  | unit | area = ${area}   | yes      |
    | select_multiple_from_file a.csv | more |                  |          |"""


def test_a_list_in_a_file_is_checked_where_it_is_held() -> None:
    form = questionnaire(FILE)
    lists = listed(usaha="name,label,area\nU1,Satu,7\nU2,Dua,8\n")
    assert form.nodes["/data/unit"].external_list == "usaha"
    assert form.nodes["/data/unit"].choices == ()
    assert form.instances == {"usaha": "usaha", "a": "a"}
    assert broken(form, {"area": "7", "unit": "U1", "more": "x y"}, lists) == []
    assert broken(form, {"area": "7", "unit": "U2"}, lists) == [("choice", "/data/unit")]
    assert broken(form, {"area": "7", "unit": "U2"}) == []
    assert broken(form, {"area": "7"}) == [("required", "/data/unit")]


def test_what_hangs_on_an_unknown_list_is_as_the_device_says() -> None:
    form = questionnaire(
        """
        | type                          | name | relevant | constraint | calculation |
        | select_one_from_file fish.csv | fish |          |            |             |
        | calculate                     | sea  |          |            |\
          instance('fish')/root/item[name = ${fish}]/sea |
        | text                          | deep | pulldata('fish', 'deep', 'name', ${fish}) = '1' |\
          . != pulldata('fish', 'no', 'name', ${fish}) | |
        | text                          | seen | ${sea} = 'java' | | |"""
    )
    told = {"fish": "1", "sea": "java", "deep": "x", "seen": "y"}
    assert broken(form, told) == []
    assert broken(form, {"fish": "1", "sea": "banda"}) == []
    held = listed(fish="name,label,sea,deep,no\n1,Tuna,banda,0,x\n")
    assert broken(form, told, held) == [
        ("relevance", "/data/deep"),
        ("relevance", "/data/seen"),
        ("calculation", "/data/sea"),
    ]


def test_choices_from_earlier_answers() -> None:
    form = questionnaire(
        """
        | type                 | name   | calculation                     | choice_filter |
        | begin_repeat         | person |                                 |               |
        | text                 | called |                                 |               |
        | end_repeat           |        |                                 |               |
        | select_one ${called} | head   |                                 |               |
        | calculate            | named  | jr:choice-name(${head}, '${head}') |            |"""
    )
    people = [{"called": "Ani"}, {"called": "Budi"}]
    assert broken(form, {"person": people, "head": "Budi", "named": "Budi"}) == []
    assert broken(form, {"person": people, "head": "Cici"}) == [("choice", "/data/head")]


def test_choices_written_in_the_question() -> None:
    body = xform(
        "| type | name | calculation |\n| select_one yn | a | |\n"
        "| calculate | n | jr:choice-name(/data/a, '/data/a') |",
        "| list_name | name | label |\n| yn | 1 | Ya |",
    ).decode()
    start, end = body.index("<itemset"), body.index("</itemset>") + len("</itemset>")
    item = "<item><label>Ya</label><value>1</value></item>"
    form = read_xform((body[:start] + item + body[end:]).encode())
    assert form.nodes["/data/a"].choices[0].labels == {"default": "Ya"}
    assert broken(form, {"a": "1", "n": "Ya"}) == []
    assert broken(form, {"a": "2"}) == [("choice", "/data/a")]


def test_the_order_of_choices_does_not_matter() -> None:
    form = questionnaire(
        "| type | name | parameters |\n| select_one yn | a | randomize=true |",
        "| list_name | name | label |\n| yn | 1 | Ya |",
    )
    assert broken(form, {"a": "1"}) == []
    assert broken(form, {"a": "2"}) == [("choice", "/data/a")]


@pytest.mark.parametrize(
    "nodeset",
    [
        "1 + 1",
        "instance('zz')/root/item",
        "/data",
        "/data/*",
    ],
)
def test_choices_from_nowhere_are_refused(nodeset: str) -> None:
    body = xform(
        "| type | name |\n| select_one yn | a |", "| list_name | name | label |\n| yn | 1 | Ya |"
    )
    with pytest.raises(UnsupportedForm, match="/data/a"):
        read_xform(body.replace(b"instance('yn')/root/item", nodeset.encode()))
