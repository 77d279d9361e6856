# ruff: noqa: RUF001 - the sentences quote labels as print does
import json

from forms.codebook.book import codebook
from forms.codebook.document import as_document
from tests.support.questionnaires import questionnaire

SURVEY = """
    | type          | name | label | hint    | relevant   | required | constraint | constraint_message |
    | begin_group   | one  | One   |         |            |          |            |                    |
    | select_one yn | a    | A     | Look.   |            | yes      |            |                    |
    | integer       | n    | N     |         | ${a} = '1' |          | . >= 3     | Three at least.    |
    | end_group     |      |       |         |            |          |            |                    |
    | text          | last | Last  |         |            |          |            |                    |"""  # noqa: E501 - a table
CHOICES = "| list_name | name | label |\n| yn | 1 | Yes |\n| yn | 2 | No |"


def test_a_codebook_as_plain_data() -> None:
    told = as_document(codebook(questionnaire(SURVEY, CHOICES)))
    assert json.loads(json.dumps(told)) == told
    assert [block["name"] for block in told["blocks"]] == ["one", "data", "meta"]
    assert told["blocks"][0]["variables"] == ["a", "n"]
    first, second = told["variables"][:2]
    assert (first["label_en"], first["instruction_en"]) == ("A", "Look.")
    assert first["codes"][0] == {"value": "1", "id": "Yes", "en": "Yes"}
    assert first["required"]["en"] == "Required."
    assert first["constraint"] is None
    assert second["universe"] == {
        "source": second["universe"]["source"],
        "formula": "${a} = '1'",
        "id": "Hanya bila ‘A’ adalah ‘Yes’.",
        "en": "Asked only if ‘A’ is ‘Yes’.",
    }
    assert second["constraint"]["message"] == {"id": "Three at least.", "en": "Three at least."}
    assert second["range"] == {"least": "3"}
    assert second["release"] is None


def test_names_that_stand_twice_keep_their_anchors_apart() -> None:
    survey = """
        | type        | name | label |
        | begin_group | g    | G     |
        | text        | x    | X     |
        | end_group   |      |       |
        | begin_group | h    | H     |
        | text        | x    | X     |
        | end_group   |      |       |"""
    anchors = [each.anchor for each in codebook(questionnaire(survey)).entries]
    assert anchors[:2] == ["g.x", "h.x"]
    assert len(anchors) == len(set(anchors))
