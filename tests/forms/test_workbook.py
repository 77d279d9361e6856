"""Workbooks as people send them."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from forms.compile import compile_source
from forms.lint import lint
from forms.places import DefinitionError, Place
from forms.source import Source
from forms.workbook import read_workbook

SURVEY = [["type", "name", "label"], ["text", "a", "A"]]
SETTINGS = [["form_id", "version", "form_title"], ["tiny", "2026010101", "Tiny"]]


def xlsx(**sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def read(**sheets: list[list[Any]]) -> Source:
    return read_workbook(xlsx(**sheets), "upload.xlsx")


def complaint(body: bytes, filename: str = "upload.xlsx") -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        compile_source(read_workbook(body, filename))
    return caught.value


def test_a_workbook_compiles() -> None:
    compiled = compile_source(read(survey=SURVEY, settings=SETTINGS))
    assert (compiled.form_id, compiled.version, compiled.title) == ("tiny", "2026010101", "Tiny")


def test_a_single_sheet_is_the_survey_whatever_its_name() -> None:
    assert compile_source(read(Sheet1=SURVEY)).form_id == "upload"


def test_columns_by_their_old_names_are_known() -> None:
    choices = [["list name", "value", "label"], ["yn", "y", "Yes"], ["yn", "n", "No"]]
    source = read(survey=[["Type", "tag", "label"], ["select_one yn", "a", "A"]], choices=choices)
    assert [row.cells["name"] for row in source.rows("choices")] == ["y", "n"]
    assert compile_source(source).xform
    assert {remark.code for remark in lint(source)} == {"D03", "D07"}


def test_other_sheets_are_left_alone() -> None:
    source = read(Survey=SURVEY, notes=[["formula"], ["=1+1"]])
    assert list(source.sheets) == ["survey"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2026061501, "2026061501"),
        (1.0, "1"),
        (0.25, "0.25"),
        (True, "TRUE"),
        (datetime(2026, 5, 1), "2026-05-01"),  # noqa: DTZ001 - Excel knows no zones
        (date(2026, 5, 1), "2026-05-01"),
        (time(8, 30), "08:30:00"),
        (" 007 ", "007"),
        ("_x0041_", "A"),
    ],
)
def test_every_cell_is_text_as_it_was_meant(value: object, text: str) -> None:
    source = read(survey=[["type", "name", "default"], ["text", "a", value]])
    assert source.rows("survey")[0].cells["default"] == text


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("=A1", "formula"),
        ("#REF!", "error"),
        (3375010004000101, "number"),
    ],
)
def test_what_excel_has_spoiled_is_refused_with_its_place(value: object, what: str) -> None:
    error = complaint(xlsx(survey=[["type", "name", "label"], ["text", "a", value]]))
    assert str(error).startswith("survey, row 2, column “label”: ")
    assert what in str(error)
    assert error.told("id").startswith("survey, baris 2, kolom “label”: ")
    assert error.place == Place("survey", 2, "label", in_sheet=True)


@pytest.mark.parametrize(
    ("row", "where", "what"),
    [
        (["tekst", "b", "B", None], "survey, row 4, column “type”", "tekst"),
        (["text", "b", "B", "${a} ="], "survey, row 4, column “relevant”", "character"),
        (["text", "b", "B", "${c} = 1"], "survey, row 4, column “relevant”", "'c'"),
        (["text", None, "B", None], "survey, row 4", "no name"),
    ],
)
def test_a_fault_is_named_with_its_row(row: list[str | None], where: str, what: str) -> None:
    rows = [[*SURVEY[0], "relevant"], SURVEY[1], [], row]
    error = str(complaint(xlsx(survey=rows, settings=SETTINGS)))
    assert error.startswith(where)
    assert what in error


def test_a_column_twice_is_named() -> None:
    error = complaint(xlsx(survey=[["type", "name", "name"], ["text", "a", "b"]]))
    assert str(error).startswith("survey, row 1, column “name”: ")


@pytest.mark.parametrize("name", ["x.xlsx", "x.xlsm", "x.md", "x.docx", "x"])
@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"\xff\xfe", xlsx(a=[[1]])[:300]])
def test_what_is_no_questionnaire_is_refused(body: bytes, name: str) -> None:
    assert str(complaint(body, name)).startswith(name.partition(".")[0])


def test_a_body_beyond_all_measure_is_refused() -> None:
    assert "16 MB" in str(complaint(bytes(16_000_001)))


@given(st.binary(max_size=400), st.sampled_from(["x.xlsx", "x.md"]))
def test_any_bytes_are_read_or_refused(body: bytes, name: str) -> None:
    try:
        read_workbook(body, name)
    except DefinitionError:
        return
    assert name == "x.md"


# -- one Markdown text -------------------------------------------------------------------------
OURS = """
| form_id | version | form_title | default_language |
|---|---|---|---|
| tiny | 2026010101 | Tiny | English (en) |

| list_name | name | label::English (en) |
|---|---|---|
| yes_no | 1 | Yes |

| type | name | label::English (en) |
|---|---|---|
| select_one yes_no | a | A |
| text | b | B |

| name | relevant |
|---|---|
| b | `${a} = '1'` |

| list_name | entity_id | create_if | update_if | label |
|---|---|---|---|---|
| usaha | | `true()` | | ${b} |
"""
PYXFORM = r"""
| survey |                   |      |         |            |
|        | type              | name | label   | constraint |
|        | select_one yes_no | a    | A       |            |
|        | text              | b    | B       | regex(., 'x\|y') |
| choices |
|        | list_name | name | label |
|        | yes_no    | 1    | Yes   |
| settings |
|        | form_id |
|        | tiny    |
"""


def test_our_tables_in_one_text_are_told_apart_by_their_columns() -> None:
    source = read_workbook(OURS.encode(), "tiny.md")
    counts = {sheet: len(rows) for sheet, rows in source.sheets.items()}
    assert counts == {"settings": 1, "choices": 1, "survey": 2, "entities": 1}
    assert b'dataset="usaha"' in compile_source(source).xform


def test_tables_as_pyxform_reads_them_compile_too() -> None:
    source = read_workbook(PYXFORM.encode(), "tiny.md")
    assert source.rows("survey")[1].cells["constraint"] == "regex(., 'x|y')"
    assert compile_source(source).form_id == "tiny"


def test_a_table_of_no_sheet_is_named() -> None:
    error = complaint(b"| colour |\n|---|\n| red |\n", "tiny.md")
    assert str(error).startswith("tiny.md, line 1: ")


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("xl/workbook.xml", "<nothing/>")
    assert "no Excel workbook" in str(complaint(body.getvalue()))


def test_an_archive_that_unpacks_to_something_enormous_is_refused() -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(200_000_001))
    assert "no Excel workbook" in str(complaint(body.getvalue()))


def test_a_sheet_ends_where_nothing_stands_for_long() -> None:
    far = [[None] * 3] * 61
    source = read(survey=[*SURVEY, *far, ["text", "b", "B"]])
    assert [row.cells["name"] for row in source.rows("survey")] == ["a"]
    assert len(read(survey=[*SURVEY, *far[:60], ["text", "b", "B"]]).rows("survey")) == 2


def test_columns_far_to_the_right_are_not_read() -> None:
    header = [*SURVEY[0], *[None] * 21, "far"]
    source = read(survey=[header, [*SURVEY[1], *[None] * 21, "x"]])
    assert "far" not in source.rows("survey")[0].cells


def test_blanks_around_a_cell_are_told() -> None:
    source = read(survey=[SURVEY[0], ["text", "a ", "A"]], settings=SETTINGS)
    assert source.rows("survey")[0].cells["name"] == "a"
    assert [remark.code for remark in lint(source)] == ["L04", "D03"]
