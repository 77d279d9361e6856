from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from lxml import etree

from forms.errors import FormsError
from forms.fill import fill
from forms.instance import read_submission
from forms.lists import ListTable, StaticLists
from forms.schema import Questionnaire
from forms.validate import validate
from forms.xform import read_xform
from tests.support.collect import compiled_by_pyxform
from tests.support.questionnaires import NO_LISTS, listed, questionnaire, xform

WIB = timezone(timedelta(hours=7))
START = datetime(2026, 6, 20, 9, 0, tzinfo=WIB)
END = datetime(2026, 6, 20, 9, 40, tzinfo=WIB)
INSTANCE = "uuid:5bb4a3c4-7f43-4f0e-9d57-3c6a4d1c9a01"


def filled(
    form: Questionnaire,
    answers: Mapping[str, Any],
    lists: StaticLists = NO_LISTS,
    **more: str,
) -> bytes:
    return fill(
        form,
        answers,
        lists,
        instance_id=INSTANCE,
        start=START,
        end=END,
        device_id="device-1",
        **more,
    )


def values(
    form: Questionnaire, answers: Mapping[str, Any], lists: StaticLists = NO_LISTS
) -> Mapping[str, str]:
    report = validate(form, read_submission(filled(form, answers, lists)), lists)
    assert report.findings == ()
    return report.values


def test_what_the_device_knows_is_filled_in() -> None:
    form = questionnaire(
        """
        | type     | name     |
        | start    | start    |
        | end      | end      |
        | today    | today    |
        | deviceid | deviceid |
        | text     | note     |"""
    )
    submission = read_submission(filled(form, {"note": " a "}))
    assert (submission.form_id, submission.version) == ("test", "1")
    assert submission.instance_id == INSTANCE
    assert submission.deprecated_id is None
    assert values(form, {"note": "a"}) == {
        "/data/start": "2026-06-20T09:00:00.000+07:00",
        "/data/end": "2026-06-20T09:40:00.000+07:00",
        "/data/today": "2026-06-20",
        "/data/deviceid": "device-1",
        "/data/note": "a",
        "/data/meta/instanceID": INSTANCE,
    }


def test_a_correction_names_what_it_replaces() -> None:
    form = questionnaire("| type | name |\n| text | note |")
    submission = read_submission(filled(form, {}, deprecated_id="uuid:old"))
    assert submission.deprecated_id == "uuid:old"


def test_irrelevant_answers_are_dropped_and_calculations_follow() -> None:
    form = questionnaire(
        """
        | type          | name  | relevant    | calculation |
        | integer       | staff |             |             |
        | begin_group   | pay   | ${staff}>0  |             |
        | integer       | wages |             |             |
        | end_group     |       |             |             |
        | calculate     | cost  |             | coalesce(${wages}, 0) * 12 |"""
    )
    assert values(form, {"staff": "2", "wages": "5"})["/data/cost"] == "60"
    alone = filled(form, {"staff": "0", "wages": "5"})
    assert b"wages" not in alone
    assert values(form, {"staff": "0", "wages": "5"})["/data/cost"] == "0"


def test_repeats_follow_their_count() -> None:
    form = questionnaire(
        """
        | type         | name  | repeat_count | calculation  | default |
        | integer      | made  |              |              |         |
        | begin_repeat | visit | ${made}      |              |         |
        | text         | note  |              |              | baru    |
        | date         | on    |              |              | today() |
        | calculate    | place |              | position(..) |         |
        | end_repeat   |       |              |              |         |
        | calculate    | all   |              | join(' ', ${note}) |   |"""
    )
    found = values(form, {"made": "3", "visit": [{"note": "a"}, {}]})
    assert found["/data/all"] == "a baru baru"
    assert [found[f"/data/visit[{n}]/place"] for n in (1, 2, 3)] == ["1", "2", "3"]
    assert found["/data/visit[3]/on"] == "2026-06-20"
    assert values(form, {"made": "1", "visit": [{"note": "a"}, {}]})["/data/all"] == "a"


def test_an_open_repeat_has_as_many_instances_as_were_given() -> None:
    form = questionnaire(
        """
        | type         | name   |
        | begin_repeat | person |
        | text         | called |
        | begin_repeat | phone  |
        | text         | number |
        | end_repeat   |        |
        | end_repeat   |        |"""
    )
    assert values(form, {}) == {"/data/meta/instanceID": INSTANCE}
    two = [{"called": "A", "phone": [{"number": "1"}, {"number": "2"}]}, {"called": "B"}]
    assert list(values(form, {"person": two}).values()) == ["A", "B", "1", "2", INSTANCE]


def test_a_trigger_recomputes_its_target_in_its_own_instance() -> None:
    form = questionnaire(
        """
        | type         | name  | trigger  | calculation       |
        | begin_repeat | visit |          |                   |
        | text         | a     |          |                   |
        | text         | b     | ${a}     | concat(${a}, '!') |
        | end_repeat   |       |          |                   |"""
    )
    found = values(form, {"visit": [{"a": "x"}, {}]})
    assert found["/data/visit[1]/b"] == "x!"
    assert found["/data/visit[2]/b"] == ""


def test_chance_and_identity_come_from_the_instance() -> None:
    form = questionnaire(
        """
        | type      | name | calculation      |
        | calculate | key  | once(uuid())     |
        | calculate | luck | once(random())   |
        | calculate | at   | once(now())      |"""
    )
    one, again = filled(form, {}), filled(form, {})
    assert one == again
    found = values(form, {})
    assert len(found["/data/key"]) == 36
    assert 0 <= float(found["/data/luck"]) < 1
    assert found["/data/at"] == "2026-06-20T09:40:00.000+07:00"


def test_the_device_knows_itself_and_shuffles_as_it_likes() -> None:
    form = questionnaire(
        """
        | type         | name  | calculation                     |
        | begin_repeat | visit |                                 |
        | text         | by    |                                 |
        | end_repeat   |       |                                 |
        | calculate    | phone | property('deviceid')            |
        | calculate    | sim   | property('simserial')           |
        | calculate    | any   | join('', randomize(${by}))      |
        | calculate    | word  | jr:itext('hello')               |"""
    )
    found = values(form, {"visit": [{"by": "a"}, {"by": "b"}, {"by": "c"}]})
    assert (found["/data/phone"], found["/data/sim"], found["/data/word"]) == ("device-1", "", "")
    assert sorted(found["/data/any"]) == ["a", "b", "c"]


def test_a_default_that_cannot_be_known_stays_empty() -> None:
    form = questionnaire("| type | name | default |\n| text | a | pulldata('f', 'n', 'k', '1') |")
    assert values(form, {})["/data/a"] == ""


def test_a_trigger_may_fill_a_fixed_text_or_clear_one() -> None:
    form = questionnaire(
        """
        | type | name | trigger | calculation | default |
        | text | a    |         |             |         |
        | text | b    | ${a}    |             | lama    |
        | text | c    | ${a}    | 'tetap'     |         |"""
    )
    assert values(form, {})["/data/b"] == "lama"
    found = values(form, {"a": "x"})
    assert (found["/data/b"], found["/data/c"]) == ("", "tetap")
    assert values(form, {"a": "x", "b": "sendiri"})["/data/b"] == "sendiri"


def test_counts_that_cannot_be_kept() -> None:
    form = questionnaire(
        """
        | type         | name  | repeat_count |
        | integer      | n     |              |
        | begin_repeat | visit | ${n}         |
        | text         | a     |              |
        | end_repeat   |       |              |"""
    )
    assert values(form, {"n": "0", "visit": [{"a": "x"}]}) == {
        "/data/n": "0",
        "/data/meta/instanceID": INSTANCE,
    }
    with pytest.raises(FormsError, match="1000"):
        filled(form, {"n": "5000"})


def test_text_that_xml_cannot_carry_is_cleaned() -> None:
    form = questionnaire("| type | name |\n| text | a |")
    assert values(form, {"a": "x\x00\x0b<&>\ny"})["/data/a"] == "x<&>\ny"


def test_lists_of_the_office_are_looked_up() -> None:
    form = questionnaire(
        """
        | type                          | name | calculation                                    |
        | select_one_from_file kbli.csv | kbli |                                                |
        | calculate                     | part | instance('kbli')/root/item[name=${kbli}]/part  |
        | calculate                     | same | pulldata('kbli', 'part', 'name', ${kbli})      |"""
    )
    kbli = listed(kbli="name,label,part\n47111,Toko,G\n56101,Warung,I\n")
    found = values(form, {"kbli": "56101"}, kbli)
    assert (found["/data/part"], found["/data/same"]) == ("I", "I")


@pytest.mark.parametrize(
    "answers",
    [{"nobody": "1"}, {"note": ["1"]}, {"visit": "1"}, {"visit": [{"note": "1"}]}],
    ids=["no such question", "rows for text", "text for rows", "question of another scope"],
)
def test_answers_to_nothing_are_refused(answers: Mapping[str, Any]) -> None:
    form = questionnaire(
        """
        | type         | name  |
        | text         | note  |
        | begin_repeat | visit |
        | text         | by    |
        | end_repeat   |       |"""
    )
    with pytest.raises(FormsError):
        filled(form, answers)


def test_a_form_without_a_meta_block_still_names_its_submission() -> None:
    text = xform("| type | name |\n| text | a |").decode()
    start, end = text.index("<meta>"), text.index("</meta>") + len("</meta>")
    text = text[:start] + text[end:]
    bind = text.index('<bind nodeset="/data/meta/instanceID"')
    form = read_xform((text[:bind] + text[text.index("/>", bind) + 2 :]).encode())
    assert "/data/meta" not in form.nodes
    submission = read_submission(filled(form, {"a": "x"}, deprecated_id="uuid:old"))
    assert (submission.instance_id, submission.deprecated_id) == (INSTANCE, "uuid:old")


def test_a_count_that_cannot_be_known_leaves_the_rows_as_given() -> None:
    text = xform(
        """
        | type         | name  | repeat_count |
        | integer      | n     |              |
        | begin_repeat | visit | ${n}         |
        | text         | a     |              |
        | end_repeat   |       |              |"""
    ).decode()
    count = "jr:count=\"pulldata('f', 'n', 'k', /data/n)\""
    form = read_xform(text.replace('jr:count=" /data/n "', count).encode())
    assert values(form, {"visit": [{"a": "x"}, {"a": "y"}]})["/data/visit[2]/a"] == "y"


UPSERT = """
| survey |
| | type | name | label | save_to | calculation |
| | begin_repeat | stall | Stall | | |
| | select_one_from_file usaha.csv | unit | Unit | | |
| | text | called | Name | business_name | |
| | calculate | fresh | | | once(uuid()) |
| | end_repeat | | | | |
| entities |
| | list_name | entity_id | create_if | update_if | label | repeat |
| | usaha | coalesce(${unit}, ${fresh}) | ${unit} = '' | ${unit} != '' | ${called} | ${stall} |
| settings |
| | form_id | version |
| | market | 1 |
"""


def test_what_is_done_to_lists_of_entities_is_said() -> None:
    form = read_xform(compiled_by_pyxform(UPSERT).xform)
    known = ListTable.from_csv(b"name,label,__version\nU1,Satu,1000002\n")
    stalls = [{"called": "BARU"}, {"called": "DUA", "unit": "U1"}]
    body = filled(form, {"stall": stalls}, StaticLists({"usaha": known}))
    new, old = etree.fromstring(body).iter("{*}entity")
    assert (new.get("create"), new.get("update"), new.get("baseVersion")) == ("1", "0", "")
    assert new.get("id") == new.getparent().getparent().findtext("fresh")
    told = dict(old.attrib)
    assert (told["id"], told["create"], told["update"]) == ("U1", "0", "1")
    assert told["baseVersion"] == "1000002"
    assert [one.findtext("label") for one in (new, old)] == ["BARU", "DUA"]


def test_without_the_list_nobody_knows_which_version_was_seen() -> None:
    form = read_xform(compiled_by_pyxform(UPSERT).xform)
    body = filled(form, {"stall": [{"called": "DUA", "unit": "U1"}]})
    (one,) = etree.fromstring(body).iter("{*}entity")
    assert (one.get("id"), one.get("baseVersion")) == ("U1", "")
