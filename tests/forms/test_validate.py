from tests.support.questionnaires import broken, questionnaire, report

YES_NO = """
    | list_name | name | label |
    | yn        | 1    | Ya    |
    | yn        | 2    | Tidak |"""


def test_a_branch_names_its_head_office() -> None:
    form = questionnaire(
        """
        | type          | name    | relevant       | required |
        | select_one yn | branch  |                | yes      |
        | text          | head    | ${branch}='1'  | yes      |""",
        YES_NO,
    )
    assert broken(form, {"branch": "1"}) == [("required", "/data/head")]
    assert broken(form, {"branch": "2"}) == []
    assert broken(form, {"branch": "2", "head": "Pusat"}) == [("relevance", "/data/head")]
    assert broken(form, {}) == [("required", "/data/branch")]


def test_a_constraint_speaks_the_language_asked_for() -> None:
    form = questionnaire(
        """
        | type    | name | label::Bahasa Indonesia (id) | label::English (en) | constraint |\
          constraint_message::Bahasa Indonesia (id) | constraint_message::English (en) |
        | integer | age  | Umur                         | Age                 | . >= 10    |\
          Umur paling sedikit 10                    | Age is at least 10               |"""
    )
    assert [f.message for f in report(form, {"age": "9"}).findings] == ["Umur paling sedikit 10"]
    found = report(form, {"age": "9"}, language="en").findings
    assert [f.message for f in found] == ["Age is at least 10"]


def test_visits_are_counted() -> None:
    form = questionnaire(
        """
        | type         | name  | repeat_count | constraint   |
        | integer      | made  |              |              |
        | begin_repeat | visit | ${made}      |              |
        | text         | note  |              | . != ${last} |
        | text         | last  |              |              |
        | end_repeat   |       |              |              |"""
    )
    two = [{"note": "a", "last": "b"}, {"note": "c", "last": "c"}]
    assert broken(form, {"made": "2", "visit": two}) == [("constraint", "/data/visit[2]/note")]
    assert ("repeat", "/data/visit") in broken(form, {"made": "1", "visit": two})
    assert broken(form, {"made": "1"}) == [("repeat", "/data/visit")]


def test_a_tampered_calculation_is_found() -> None:
    form = questionnaire(
        """
        | type      | name  | calculation |
        | integer   | a     |             |
        | calculate | twice | ${a} * 2    |"""
    )
    assert broken(form, {"a": "2", "twice": "4"}) == []
    found = report(form, {"a": "2", "twice": "5"})
    assert [(f.rule, f.path) for f in found.findings] == [("calculation", "/data/twice")]
    assert found.values["/data/twice"] == "4"
