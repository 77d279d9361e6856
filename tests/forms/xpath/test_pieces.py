import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.xpath.pieces import Piece, calling, column, holding, joined, number, truth
from tests.support.questionnaires import questionnaire, report


def value(expression: str, form_text: str = "7") -> str:
    """What a calculation gives beside an answer `a`."""
    form = questionnaire(
        f"""
        | type      | name | calculation  |
        | text      | a    |              |
        | calculate | out  | {expression} |"""
    )
    return report(form, {"a": form_text}).values["/data/out"]


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("(" * 39 + "${a}" + " + 1)" * 39, "46"),
        ("not(" * 36 + "${a} = 7" + ")" * 36, "1"),
        ("coalesce('', " * 36 + "${a}" + ")" * 36, "7"),
        ("if(${a} = 7, " * 36 + "'deep'" + ", 'else')" * 36, "deep"),
        (" + ".join(["${a}"] * 100), "700"),
        (" and ".join(["${a} > 6"] * 300), "1"),
        ("-(" * 36 + "${a}" + ")" * 36, "7"),
    ],
    ids=["brackets", "not", "coalesce", "if", "sum", "and", "minus"],
)
def test_what_nests_deeply_is_evaluated_all_the_same(expression: str, wanted: str) -> None:
    assert value(expression) == wanted


@given(st.text())
def test_a_text_is_handed_over_whatever_it_says(text: str) -> None:
    same = joined("({} == {})", holding(text, str), holding(text, str), kind=bool)
    assert same.function()(None, None) is True
    assert text not in same.text or text in "(§ == §)"


@pytest.mark.parametrize("text", ["') or world.clear() or ('", "§", "{}", "{0.held}", "c0", "here"])
def test_a_text_that_looks_like_code_is_a_text(text: str) -> None:
    assert value(f"if(${{a}} = '7', concat(\"{text}\", ${{a}}), '')") == f"{text}7"


def test_names_that_python_uses_are_names_of_questions_too() -> None:
    form = questionnaire(
        """
        | type      | name   | calculation                       |
        | integer   | world  |                                   |
        | integer   | type   |                                   |
        | integer   | lambda |                                   |
        | calculate | n      | ${world} + ${type} * ${lambda}    |
        | calculate | v      | if(${n} = 7, ${lambda} = 3, '')   |"""
    )
    found = report(form, {"world": "1", "type": "2", "lambda": "3"}).values
    assert (found["/data/n"], found["/data/v"]) == ("7", "1")


def test_conversions_are_left_out_where_the_kind_is_known() -> None:
    total = joined("({} + {})", number(column(0)), number(column(1)), kind=float)
    assert number(total) is total
    assert "to_number" in number(column(0)).text
    above = joined("({} > {})", total, holding(1.0, float), kind=bool)
    assert truth(above) is above
    assert "to_bool" in truth(total).text


def test_a_function_is_made_once() -> None:
    piece = Piece("(not §(world, here))", (lambda _world, _here: False,), bool)
    assert piece.function() is piece.function()
    assert piece.function()(None, None) is True
    assert calling(piece.function()).function()(None, None) is True
