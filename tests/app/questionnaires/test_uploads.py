"""What an upload says about itself: where, what, and what to do, in both languages."""

from collections.abc import Mapping

import pytest

from app.questionnaires.uploads import MOST_QUESTIONS, Uploaded, read_upload
from forms.xform import read_xform
from tests.app.questionnaires.test_drafts import SETTINGS, SURVEY, market, workbook


def read(body: bytes, lists: Mapping[str, bytes] | None = None) -> Uploaded:
    return read_upload("pasar.xlsx", body, lists or {}, lambda _: None)


def asked(*rows: list[str]) -> bytes:
    header = ["type", "name", "label::id", "constraint", "calculation"]
    return workbook({"settings": SETTINGS, "survey": [header, *rows]})


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (["calculate", "a", "", "", "pulldata('kbli', 'x')"], "calculation", "2 isian"),
        (["calculate", "a", "", "", "instance('k')/root/item/x"], "calculation", "daftar “k”"),
        (["calculate", "a", "", "", "${a} + 1"], "calculation", "saling membutuhkan: a → a"),
    ],
)
def test_what_the_engine_refuses_stands_at_its_cell_in_both_languages(
    row: list[str], column: str, says: str
) -> None:
    found = read(asked(row))
    assert found.xform is None
    fault = found.remarks[0]
    assert fault["place"]["id"] == f"survey, baris 2, kolom “{column}”"
    assert says in fault["message"]["id"]
    assert "Silakan" in fault["message"]["id"]
    assert "lease either" in fault["message"]["en"]
    assert fault["excerpt"] == row[4]


def test_what_two_tools_find_at_one_cell_is_told_once() -> None:
    found = read(asked(["integer", "a", "A", "lenght(.) < 5", ""]))
    assert found.xform is None
    errors = [each for each in found.remarks if each["severity"] == "error"]
    assert [each["code"] for each in errors] == ["X08"]
    assert "string-length()" in errors[0]["advice"]["id"]


def test_a_draft_is_held_against_the_version_before() -> None:
    first = read(market())
    assert first.xform is not None
    before = read_xform(first.xform)
    survey = [SURVEY[0], SURVEY[1], ["text", *SURVEY[2][1:]]]
    settings = [SETTINGS[0], ["pasar", "2026070102", *SETTINGS[1][2:]]]
    body = workbook({"settings": settings, "survey": survey})
    assert "K03" in {
        each["code"] for each in read_upload("p.xlsx", body, {}, lambda _: before).remarks
    }
    same = read_upload("p.xlsx", market(), {}, lambda _: before)
    assert {each["code"] for each in same.remarks if each["severity"] == "error"} == {"K04"}


def test_a_missing_sheet_is_all_that_is_told() -> None:
    found = read(workbook({"settings": SETTINGS, "Survei": SURVEY}))
    assert len(found.remarks) == 1
    assert "survey" in found.remarks[0]["message"]["id"]


def test_lists_are_read_and_asked_for() -> None:
    body = asked(["select_one_from_file kbli_kota.csv", "k", "KBLI", "", ""])
    wanted = [each["message"]["id"] for each in read(body).remarks]
    assert any("kbli_kota.csv belum ada" in each for each in wanted)
    torn = read(body, {"kbli_kota.csv": b"name,label\n1,a,b\n"})
    assert "kbli_kota.csv tidak dapat dibaca" in torn.remarks[0]["message"]["id"]
    assert torn.remarks[0]["severity"] == "error"


def test_more_rows_than_any_census_asks_are_refused() -> None:
    found = read(asked(*(["text", f"q{n}", "Q", "", ""] for n in range(MOST_QUESTIONS + 1))))
    assert found.xform is None
    assert str(MOST_QUESTIONS) in found.remarks[0]["message"]["id"]
