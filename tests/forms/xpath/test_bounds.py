"""What an expression may cost: its depth where it is read, its filters where it is evaluated."""

import math

import pytest

from forms.errors import XPathError
from forms.xpath import context
from forms.xpath.parse import MAX_HEIGHT, parse
from forms.xpath.values import to_number
from tests.support.questionnaires import questionnaire, report

NESTED = "(" * 5 + "1" + (" + 1" * 99 + ")") * 5  # shallow brackets, short chains, a high tree


def test_a_tree_higher_than_evaluation_can_descend_is_refused() -> None:
    with pytest.raises(XPathError, match=f"deeper than {MAX_HEIGHT}"):
        parse(NESTED)


@pytest.mark.parametrize("operator", ["+", "=", "*", "<"])
def test_the_highest_tree_that_is_accepted_can_be_evaluated(operator: str) -> None:
    expression = f"{'coalesce(' * 38}0{f' {operator} 1' * 100}{', 1)' * 38}"
    form = questionnaire(f"| type | name | calculation |\n| calculate | c | {expression} |")
    assert report(form, {}).values["/data/c"] != ""


SURVEY = """
    | type         | name | calculation |
    | begin_repeat | r    |             |
    | integer      | n    |             |
    | end_repeat   |      |             |
    | calculate    | c    | {} |"""


def test_filters_within_filters_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "MOST_FILTERED", 5_000)
    inner = "1"
    for _ in range(6):
        inner = f"count(/data/r[n = {inner}])"
    form = questionnaire(SURVEY.format(inner))
    rows = [{"n": "1"}] * 20  # 20⁶ comparisons
    found = report(form, {"r": rows, "c": "7"})
    assert [each.rule for each in found.findings] == [], "what cannot be known is not judged"


def test_a_filter_over_a_full_repeat_is_well_within_the_bound() -> None:
    form = questionnaire(SURVEY.format("count(/data/r[n = 1])"))
    found = report(form, {"r": [{"n": "1"}] * 900, "c": "900"})
    assert found.values["/data/c"] == "900"
    assert found.findings == ()


@pytest.mark.parametrize(
    ("text", "number"),
    [("\x051", 1.0), (" 2,5\x1f", 2.5), ("\n-.5\t", -0.5), ("9" * 400, math.inf)],
)
def test_control_characters_around_a_number_are_blanks(text: str, number: float) -> None:
    assert to_number(text) == number
