"""What each type of question takes."""

import pytest

from tests.support.questionnaires import broken, questionnaire, report

CASES = [
    ("integer", ["0", "-12", "+5", "007", "-2147483648"], ["1.5", "x", "1e3", "2147483648"]),
    ("decimal", ["1.5", "-2", ".5", "5.", "1e3", "1.2E10", "5f", "1e999"], ["x", "1,5", "0x10"]),
    ("date", ["2026-06-20", "2026-6-2"], ["2026-13-01", "20-06-2026", "2026-06-20T10:00:00Z"]),
    ("time", ["10:00", "1:2:3", "10:00:00.000+07:00", "23:59:59Z"], ["25:00", "10", "x", "10:61"]),
    (
        "datetime",
        [
            "2026-06-20T10:00:00.000+07:00",
            "2026-06-20T10:00Z",
            "2026-06-20T10:00:00+0700",
            "2026-06-20T10:00:00+07:0",
        ],
        ["x", "2026-13-20", "2026-06-20T25:00:00Z"],
    ),
    (
        "geopoint",
        ["-6.9 109.6", "-6.9 109.6 12.0 4.5", "-6.9", "91 181 0 0"],
        ["x y", "0 1 2 3 4"],
    ),
    ("geotrace", ["0 1;1 2", "0 1 0 0; 1 2 0 0"], ["0 1;x"]),
    ("geoshape", ["0 1;1 1;1 0;0 1"], ["0 x;1 1;1 0;0 x"]),
    ("image", ["front.jpg", "jr://images/front.jpg"], []),
    ("barcode", ["8991234567890"], []),
]


@pytest.mark.parametrize(("kind", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_type(kind: str, good: list[str], bad: list[str]) -> None:
    form = questionnaire(f"| type | name | constraint |\n| {kind} | a | . != 'never' |")
    for answer in good:
        assert broken(form, {"a": answer}) == []
    for answer in bad:
        assert broken(form, {"a": answer}) == [("type", "/data/a")]
        (finding,) = report(form, {"a": answer}).findings
        assert answer not in finding.message or answer in (";", "x", "..")
    assert broken(form, {"a": "  "}) == []


@pytest.mark.parametrize(
    ("kind", "stored", "seen"),
    [
        ("int", "7.9", "7"),
        ("int", "-7.9", "-7"),
        ("int", "99999999999", "2147483647"),
        ("int", "'x'", "x"),
        ("int", "number('x')", ""),
        ("boolean", "2", "1"),
        ("boolean", "''", ""),
        ("boolean", "number('x')", ""),
        ("date", "date('2026-06-20T10:00:00')", "2026-06-20"),
        ("date", "date('2026-06-20')", "2026-06-20"),
        ("date", "'x'", "x"),
        ("string", "date('2026-06-20')", "2026-06-20T00:00:00.000"),
        ("string", "1 div 0", "Infinity"),
        ("geopoint", "'-6.9 109.6'", "-6.9 109.6 0.0 0.0"),
        ("geopoint", "'x'", "x"),
        ("geopoint", "5", "5"),
        ("hologram", "'x'", "x"),
    ],
)
def test_a_calculation_gives_what_its_node_holds(kind: str, stored: str, seen: str) -> None:
    form = questionnaire(
        f"| type | name | bind::type | calculation |\n| calculate | a | {kind} | {stored} |"
    )
    assert report(form, {"a": seen}).values["/data/a"] == seen


@pytest.mark.parametrize(
    ("kind", "answer", "expression", "wanted"),
    [
        ("time", "10:30", "decimal-time(${a})", "0.4375"),
        ("time", "10:30", "${a} > decimal-time('09:00')", "0"),
        ("geopoint", "-6.9 109.6", "concat(${a}, '')", "-6.9 109.6 0.0 0.0"),
        ("geopoint", "0 0", "concat(${a}, '')", ""),
        ("geotrace", "0 1; 2 3;", "concat(${a}, '')", "0.0 1.0 0.0 0.0; 2.0 3.0 0.0 0.0"),
        ("dateTime", "2026-06-20", "format-date-time(${a}, '%H')", "00"),
        ("decimal", "NaN", "concat(${a}, '')", ""),
    ],
)
def test_an_answer_is_seen_as_its_type(
    kind: str, answer: str, expression: str, wanted: str
) -> None:
    form = questionnaire(
        f"| type | name | calculation |\n| {kind} | a | |\n| calculate | b | {expression} |"
    )
    assert report(form, {"a": answer, "b": wanted}).values["/data/b"] == wanted


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("integer", "2147483648"),
        ("decimal", "12 kg"),
        ("date", "2026-06-31"),
        ("dateTime", "kemarin"),
        ("time", "25:00"),
        ("geopoint", "-6.9 timur"),
    ],
)
def test_an_answer_of_another_type_is_seen_as_written(kind: str, answer: str) -> None:
    form = questionnaire(
        f"| type | name | constraint | calculation |\n| {kind} | a | false() | |\n"
        "| calculate | b | | concat(${a}, '!') |\n| calculate | c | | ${a} != '' |"
    )
    told = report(form, {"a": answer, "b": f"{answer}!", "c": "1"})
    assert [(one.rule, one.path) for one in told.findings] == [("type", "/data/a")]
    assert told.values["/data/b"] == f"{answer}!"


def test_booleans_compare_as_booleans() -> None:
    form = questionnaire(
        "| type | name | bind::type | calculation |\n"
        "| text | a | boolean | |\n"
        "| calculate | b | | ${a} = true() |"
    )
    assert broken(form, {"a": "1", "b": "1"}) == []
    assert broken(form, {"a": "true", "b": "true"}) == []
    assert broken(form, {"a": "false", "b": "1"}) == [("calculation", "/data/b")]
    assert ("type", "/data/a") in broken(form, {"a": "maybe"})


@pytest.mark.parametrize(
    ("stored", "calculation", "wrong"),
    [
        ("40", "concat('40', ' ')", []),
        ("4", "concat('40', ' ')", ["calculation"]),
        ("Infinity", "1 div 0", []),
        ("5.", "1 div 0", ["calculation"]),
        ("false", "if(1 = 1, '0', '1')", ["calculation"]),
        ("false", "1 = 2", []),
    ],
)
def test_a_stored_result_is_what_was_calculated(
    stored: str, calculation: str, wrong: list[str]
) -> None:
    form = questionnaire(f"| type | name | calculation |\n| calculate | a | {calculation} |")
    assert [rule for rule, _ in broken(form, {"a": stored})] == wrong
