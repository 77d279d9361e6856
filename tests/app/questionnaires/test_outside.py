"""Commands for people without an office: what they write, print and end with."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.questionnaires.commands import app
from forms.compile import definition

FORM = """
| form_id | version | form_title | default_language |
|---|---|---|---|
| tiny | 2026010101 | Tiny | English (en) |

| type | name | label::English (en) |
|---|---|---|
| integer | age | Age |
| calculate | double | |
| select_one_from_file town.csv | town | Town |

| name | constraint | calculation |
|---|---|---|
| age | `. < 150` | |
| double | | `${age} * 2` |
"""
TOWN = b"name,label\nA,Kota A\n"
GOOD = '<data id="tiny" version="2026010101"><age>7</age><double>14</double><town>A</town></data>'


def run(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def lines(done: Result) -> list[dict[str, Any]]:
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A form in Markdown, its list, and submissions."""
    (tmp_path / "tiny.md").write_text(FORM, encoding="utf-8")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "town.csv").write_bytes(TOWN)
    (tmp_path / "good.xml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "old.xml").write_text(GOOD.replace("7", "200"), encoding="utf-8")
    (tmp_path / "town.xml").write_text(GOOD.replace(">A<", ">B<"), encoding="utf-8")
    (tmp_path / "noise.xml").write_bytes(b"\xff\x00not xml")
    return tmp_path


# -- validate ----------------------------------------------------------------------------------
def test_a_line_for_each_submission_in_order(folder: Path) -> None:
    names = [folder / f"{name}.xml" for name in ("old", "good", "town")]
    old, good, town = lines(run("validate", folder / "tiny.md", *names, "--json"))
    assert good == {
        "file": str(names[1]),
        "valid": True,
        "findings": [],
        "values": {"/data/age": "7", "/data/double": "14", "/data/town": "A"}
        | {"/data/meta/instanceID": ""},
    }
    assert not old["valid"]
    assert old["values"]["/data/double"] == "400"
    assert {(f["path"], f["rule"]) for f in old["findings"]} == {
        ("/data/age", "constraint"),
        ("/data/double", "calculation"),
    }
    assert set(old["findings"][0]) == {"path", "rule", "severity", "message"}
    assert [(f["path"], f["rule"]) for f in town["findings"]] == [("/data/town", "choice")]


@pytest.mark.parametrize("name", ["noise.xml", "nobody.xml", "media"])
def test_what_is_no_submission_gets_a_line_too(folder: Path, name: str) -> None:
    wrong = folder / name
    done = run("validate", folder / "tiny.md", wrong, folder / "good.xml", "--json")
    told = lines(done)
    assert done.exit_code == 0
    assert told[-1]["valid"]
    if name != "media":  # an empty folder holds no submission
        assert told[0]["valid"] is False
        assert [(f["path"], f["rule"]) for f in told[0]["findings"]] == [("/", "unknown")]
        assert told[0]["values"] == {}


def test_names_come_from_standard_input_a_list_or_a_folder(folder: Path) -> None:
    form = folder / "tiny.md"
    listed = f"{folder}/good.xml\n{folder}/old.xml\n"
    (folder / "names.txt").write_text(listed, encoding="utf-8")
    by_stdin = lines(run("validate", form, "-", "--json", stdin=listed))
    by_list = lines(run("validate", form, f"@{folder}/names.txt", "--json"))
    assert [line["valid"] for line in by_stdin] == [True, False]
    assert by_list == by_stdin
    assert len(lines(run("validate", form, folder, "--json"))) == 4


def test_the_exit_code_tells_of_the_form_and_with_strict_of_the_submissions(folder: Path) -> None:
    form, old = folder / "tiny.md", folder / "old.xml"
    assert run("validate", form, old, "--json").exit_code == 0
    assert run("validate", form, old, "--json", "--strict").exit_code == 1
    assert run("validate", form, folder / "good.xml", "--strict").exit_code == 0


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<html/>", "not an XForm"),
        ("nothing", "Not well-formed"),
        (FORM.replace("| integer |", "| whole |"), "tiny.md, line 8, column “type”"),
    ],
)
def test_a_form_that_is_not_understood_is_named_and_nothing_judged(
    folder: Path, text: str, what: str
) -> None:
    form = folder / ("tiny.md" if "|" in text else "form.xml")
    form.write_text(text, encoding="utf-8")
    done = run("validate", form, folder / "good.xml", "--json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert what in done.stderr
    assert "Traceback" not in done.stderr


def test_a_list_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "media" / "town.csv").write_bytes(b"name,label\nA\n")
    assert run("compile", folder / "tiny.md", "--out", folder / "built").exit_code == 0
    form, media = folder / "built" / "form.xml", folder / "media"
    done = run("validate", form, folder / "good.xml", "--media", media, "--json")
    assert done.exit_code == 2
    assert done.stderr.startswith("town.csv: Line 2")


def test_a_list_that_nobody_gave_is_named_and_not_checked(folder: Path) -> None:
    run("compile", folder / "tiny.md", "--out", folder / "built")
    (folder / "built" / "media" / "town.csv").unlink()
    done = run("validate", folder / "built" / "form.xml", folder / "town.xml", "--json")
    assert json.loads(done.stdout)["valid"]
    assert "The list town is not here" in done.stderr


def test_a_form_without_a_clock_is_judged_as_of_a_moment(folder: Path) -> None:
    dated = FORM.replace("| integer | age | Age |", "| date | age | Day |").replace(
        "`. < 150`", "`. <= today()`"
    ).replace("`${age} * 2`", "`today()`")  # fmt: skip
    form, file = folder / "tiny.md", folder / "day.xml"
    form.write_text(dated, encoding="utf-8")
    day = GOOD.replace("7", "2026-06-15").replace("14", "2026-06-15")
    file.write_text(day, encoding="utf-8")
    told = [
        lines(run("validate", form, file, "--json", "--now", now))[0]
        for now in ("2026-06-14", "2026-06-16T08:00:00+0700")
    ]
    assert [line["valid"] for line in told] == [False, True]
    assert [finding["rule"] for finding in told[0]["findings"]] == ["constraint"]


def test_lists_may_be_xml_or_geojson(folder: Path) -> None:
    features = [{"type": "Feature", "id": "A", "properties": {"title": "Kota A"},
                 "geometry": {"type": "Point", "coordinates": [109.7, -6.9]}}]  # fmt: skip
    body = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "media" / "town.geojson").write_text(body, encoding="utf-8")
    (folder / "tiny.md").write_text(FORM.replace("town.csv", "town.geojson"), encoding="utf-8")
    (folder / "media" / "town.csv").unlink()
    names = [folder / "good.xml", folder / "town.xml"]
    told = lines(run("validate", folder / "tiny.md", *names, "--json"))
    assert [line["valid"] for line in told] == [True, False]


def test_a_person_reads_a_line_for_each_finding(folder: Path) -> None:
    told = run("validate", folder / "tiny.md", folder / "old.xml", "--language", "id").stdout
    assert f"invalid {folder}/old.xml" in told
    assert "/data/age  constraint  Jawaban tidak memenuhi syarat" in told


# -- compile -----------------------------------------------------------------------------------
def test_a_compiled_form_is_written_with_its_lists(folder: Path) -> None:
    done = run("compile", folder / "tiny.md", "--out", folder / "built", "--json")
    told = json.loads(done.stdout)
    assert (told["form_id"], told["version"], told["warnings"]) == ("tiny", "2026010101", [])
    assert told["files"] == [f"{folder}/built/form.xml", f"{folder}/built/media/town.csv"]
    assert b'id="tiny"' in (folder / "built" / "form.xml").read_bytes()
    assert (folder / "built" / "media" / "town.csv").read_bytes() == TOWN
    built = run("validate", folder / "built" / "form.xml", folder / "town.xml", "--json")
    assert not lines(built)[0]["valid"]


def test_remarks_of_the_linter_are_printed_with_their_code(folder: Path) -> None:
    doubtful = FORM.replace("`. < 150`", "`${age} < 150`")
    (folder / "tiny.md").write_text(doubtful, encoding="utf-8")
    done = run("compile", folder / "tiny.md", "--out", folder / "built")
    assert done.exit_code == 0
    assert "X14 tiny.md, line 14, column “constraint”: " in done.stdout


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_fault_is_said_on_standard_error_with_its_place(folder: Path, language: str) -> None:
    (folder / "tiny.md").write_text(FORM.replace("< 150", "<"), encoding="utf-8")
    done = run("compile", folder / "tiny.md", "--out", folder / "built", "--language", language)
    assert (done.exit_code, done.stdout) == (1, "")
    where = {"en": "line 14, column", "id": "baris 14, kolom"}[language]
    assert done.stderr.startswith(f"tiny.md, {where} “constraint”: ")
    assert not (folder / "built").exists()


@pytest.mark.parametrize("name", ["nothing.xlsx", "nothing.md", "nobody"])
def test_what_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    done = run("compile", name, "--out", tmp_path)
    assert done.exit_code == 1
    assert name in done.stderr


def test_an_itemset_of_external_choices_is_written(folder: Path) -> None:
    form = """
| type | name | label | choice_filter |
|---|---|---|---|
| text | state | State | |
| select_one_external city | city | City | `state=${state}` |

| form_id | version | form_title | default_language |
|---|---|---|---|
| tiny | 1 | Tiny | default |
"""
    outer = "| list_name | name | label | state |\n|---|---|---|---|\n| city | a | A | x |\n"
    home = folder / "form"
    home.mkdir()
    survey, settings = form.split("\n\n")
    for name, text in (("survey", survey), ("settings", settings), ("external_choices", outer)):
        (home / f"{name}.md").write_text(text, encoding="utf-8")
    assert run("compile", home, "--out", folder / "built").exit_code == 0
    assert b'"city"' in (folder / "built" / "media" / "itemsets.csv").read_bytes()


# -- workbooks ---------------------------------------------------------------------------------
def test_a_definition_goes_to_a_workbook_and_back(tmp_path: Path) -> None:
    book, back = tmp_path / "l.xlsx", tmp_path / "back"
    assert run("export-xlsx", "se2026_l", "--out", book).exit_code == 0
    assert run("import-xlsx", book, "--out", back).exit_code == 0
    home = definition("se2026_l")
    for file in home.rglob("*.md"):
        assert (back / file.relative_to(home)).read_bytes() == file.read_bytes()
    again = run("import-xlsx", book, "--out", back).stdout
    assert again.startswith("0 of ")


def test_files_that_a_workbook_does_not_know_are_left_alone_and_named(
    folder: Path, tmp_path: Path
) -> None:
    book, back = tmp_path / "tiny.xlsx", tmp_path / "back"
    assert run("export-xlsx", folder / "tiny.md", "--out", book).exit_code == 0
    back.mkdir()
    (back / "notes.md").write_text("mine", encoding="utf-8")
    told = run("import-xlsx", book, "--out", back).stdout
    assert f"{back}/notes.md is not in the workbook; it was left alone." in told
    assert run("compile", back, "--out", tmp_path / "built").exit_code == 0


def test_a_workbook_that_is_none_is_refused(folder: Path) -> None:
    done = run("import-xlsx", folder / "good.xml", "--out", folder / "back")
    assert done.exit_code == 1
    assert "no Excel workbook" in done.stderr


# -- check -------------------------------------------------------------------------------------
def test_check_fails_on_errors_of_the_linter_alone(folder: Path) -> None:
    assert run("check", folder / "tiny.md").exit_code == 0
    wrong = FORM.replace("`. < 150`", "`. < 3000000000`")
    (folder / "tiny.md").write_text(wrong, encoding="utf-8")
    done = run("check", folder / "tiny.md", "--json")
    assert done.exit_code == 1
    remarks = json.loads(done.stdout)["remarks"]
    assert [remark["code"] for remark in remarks if remark["severity"] == "error"] == ["X15"]


def test_check_holds_a_new_version_against_the_one_before(folder: Path) -> None:
    run("compile", folder / "tiny.md", "--out", folder / "old")
    (folder / "tiny.md").write_text(FORM.replace("| integer |", "| text |"), encoding="utf-8")
    done = run("check", folder / "tiny.md", "--before", folder / "old" / "form.xml", "--json")
    told = {remark["code"] for remark in json.loads(done.stdout)["remarks"]}
    assert {"K03", "K04"} <= told


# -- what stands at the edge -------------------------------------------------------------------
def test_a_document_beyond_all_measure_is_not_judged(folder: Path) -> None:
    (folder / "big.xml").write_text(f'<data id="tiny">{"<a/>" * 100_001}</data>', encoding="utf-8")
    (line,) = lines(run("validate", folder / "tiny.md", folder / "big.xml", "--json"))
    assert [(f["path"], f["rule"]) for f in line["findings"]] == [("/", "unknown")]


def test_a_form_beyond_the_engine_compiles_and_says_so(folder: Path) -> None:
    (folder / "tiny.md").write_text(FORM.replace("`. < 150`", "`. < //age`"), encoding="utf-8")
    done = run("compile", folder / "tiny.md", "--out", folder / "built")
    assert done.exit_code == 0
    assert "This engine does not judge it: " in done.stdout
    refused = run("validate", folder / "built" / "form.xml", folder / "good.xml", "--json")
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_a_workbook_is_known_by_its_bytes(folder: Path) -> None:
    book, odd = folder / "tiny.xlsx", folder / "upload.bin"
    run("export-xlsx", folder / "tiny.md", "--out", book)
    odd.write_bytes(book.read_bytes())
    (line,) = lines(run("validate", odd, folder / "good.xml", "--json"))
    assert line["valid"]


@pytest.mark.parametrize("arguments", [["--media", "nowhere"], ["@nowhere.txt"]])
def test_a_folder_or_a_list_of_names_that_is_not_there_is_named(
    folder: Path, arguments: list[str]
) -> None:
    done = run("validate", folder / "tiny.md", folder / "good.xml", *arguments, "--json")
    assert done.exit_code == 2
    assert "nowhere" in done.stderr


def test_what_cannot_be_written_is_named(folder: Path) -> None:
    done = run("compile", folder / "tiny.md", "--out", folder / "good.xml" / "built")
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr
