import pytest

from forms.compile import compile_definition, definition
from forms.dictionary import Variable, variables
from forms.xform import read_xform


@pytest.fixture(scope="module")
def se2026_l() -> dict[str, Variable]:
    form = read_xform(compile_definition(definition("se2026_l")).xform)
    return {variable.name: variable for variable in variables(form)}


def words(variable: Variable) -> set[str]:
    return set(variable.labels.values())


def test_a_closed_question_carries_its_codes(se2026_l: dict[str, Variable]) -> None:
    presence = se2026_l["presence"]
    assert (presence.path, presence.kind, presence.type) == (
        "/data/place/presence",
        "question",
        "select1",
    )
    assert words(presence) == {
        "Keberadaan usaha",
        "Result of looking for the business",
    }
    assert [code for code, _ in presence.codes] == ["00", "1", "2", "3", "4", "9"]
    assert set(presence.codes[0][1].values()) == {"Tidak ditemukan", "Not found"}
    assert (presence.universe, presence.required) == ("", "true()")


def test_a_question_from_a_list_names_the_list(se2026_l: dict[str, Variable]) -> None:
    assert (se2026_l["kbli"].external, se2026_l["kbli"].codes) == ("kbli", ())
    assert se2026_l["owner_age"].external is None


def test_the_universe_joins_the_question_and_the_groups_around(
    se2026_l: dict[str, Variable],
) -> None:
    assert se2026_l["owner_age"].universe == "/data/place/found  = '1'"
    assert se2026_l["nib"].universe == (
        "(/data/place/found  = '1') and (/data/permit/has_nib  = '1')"
    )


def test_rules_keep_their_source(se2026_l: dict[str, Variable]) -> None:
    assert se2026_l["owner_age"].constraint == ". >= 10 and . <= 99"
    assert se2026_l["geotag"].required == "/data/place/found  = '1'"
    assert se2026_l["website"].required == ""


def test_what_repeats_says_where(se2026_l: dict[str, Variable]) -> None:
    assert se2026_l["visit_result"].repeat == "/data/visit"
    assert se2026_l["respondent_name"].repeat is None


def test_what_nobody_is_asked_has_no_label_and_groups_and_notes_are_no_variables(
    se2026_l: dict[str, Variable],
) -> None:
    assert (se2026_l["size_class"].kind, dict(se2026_l["size_class"].labels)) == (
        "calculation",
        {},
    )
    assert se2026_l["instanceID"].kind == "meta"
    assert {"place", "visit", "revenue_2025"}.isdisjoint(se2026_l)


def test_variables_come_in_the_order_of_the_form(se2026_l: dict[str, Variable]) -> None:
    names = list(se2026_l)
    asked = ["idsubsls", "business_name", "kbli", "workers_male", "revenue_total", "consent"]
    assert [name for name in names if name in asked] == asked
