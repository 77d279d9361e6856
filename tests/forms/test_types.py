"""What each type of question takes."""

import pytest

from tests.support.questionnaires import broken, questionnaire, report

CASES = [
    ("integer", ["0", "-12", "123456789012345678"], ["1.5", "x", "1e3", "1234567890123456789"]),
    ("decimal", ["1.5", "-2", ".5", "1e3", "1.2E10"], ["x", "1,5", "NaN", "1e999"]),
    ("date", ["2026-06-20"], ["2026-13-01", "20-06-2026", "2026-06-20T10:00:00Z"]),
    ("time", ["10:00", "10:00:00.000+07:00", "23:59:59Z"], ["25:00", "10", "x"]),
    (
        "datetime",
        ["2026-06-20T10:00:00.000+07:00", "2026-06-20T10:00Z", "2026-06-20T10:00:00+0700"],
        ["2026-06-20", "2026-06-20T25:00:00Z"],
    ),
    (
        "geopoint",
        ["-6.9 109.6", "-6.9 109.6 12.0 4.5"],
        ["-6.9", "91 0", "0 181", "x y", "0 1 2 -3", "0 1 2 3 4"],
    ),
    ("geotrace", ["0 1;1 2", "0 1 0 0; 1 2 0 0"], [";", "0 1;x"]),
    ("geoshape", ["0 1;1 1;1 0;0 1"], ["0 1;1 1;0 1", "0 1;1 1;1 0;2 2", "0 x;1 1;1 0;0 x"]),
    ("image", ["front.jpg"], ["../front.jpg", "..", "a/b", "x" * 256]),
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
