import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from forms.compile import (
    Compiled,
    DefinitionError,
    JavaMissing,
    _placed,
    compile_definition,
    definition,
    definitions,
    odk_validate,
)

SETTINGS = """
| form_id | version | form_title | default_language |
|---|---|---|---|
| tiny | 2026010101 | Tiny | English (en) |
"""
CHOICES = """
| list_name | name | label::English (en) |
|---|---|---|
| yes_no | 1 | Yes |
| yes_no | 2 | No |
"""
HEADER = "| type | name | label::English (en) | relevant | choice_filter |\n|---|---|---|---|---|\n"
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java")

Writer = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write a definition with these survey rows; other sheets may be replaced."""

    def _write(*rows: str, settings: str = SETTINGS, choices: str = CHOICES) -> Path:
        (tmp_path / "settings.md").write_text(settings, encoding="utf-8")
        (tmp_path / "choices.md").write_text(choices, encoding="utf-8")
        (tmp_path / "survey.md").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
        return tmp_path

    return _write


def complaint(folder: Path, **lists: bytes) -> str:
    with pytest.raises(DefinitionError) as caught:
        compile_definition(folder, lists={f"{name}.csv": body for name, body in lists.items()})
    return str(caught.value)


def test_a_small_definition_compiles(write: Writer) -> None:
    compiled = compile_definition(write("| text | a | Name | | |"))
    assert (compiled.form_id, compiled.version, compiled.title) == ("tiny", "2026010101", "Tiny")
    assert b'nodeset="/data/a"' in compiled.xform
    assert compiled.media == {}
    assert compiled.warnings == ()


def test_compiling_twice_gives_the_same_bytes(write: Writer) -> None:
    folder = write("| text | a | Name | | |", "| select_one yes_no | b | Sure? | | |")
    assert compile_definition(folder) == compile_definition(folder)


@pytest.mark.parametrize(
    ("row", "where", "what"),
    [
        ("| text | b | B | `${nobody} = 1` | |", "line 4, column “relevant”", "nobody"),
        ("| text | b | `B` | `${a} = ` | |", "line 4, column “relevant”", "character"),
        ("| select_one none | b | B | | |", "line 4", "none"),
        ("| text | a | Again | | |", "line 4, column “name”", "'a'"),
        ("| text | b c | B | | |", "line 4, column “name”", "underscore"),
        ("| tekst | b | B | | |", "line 4, column “type”", "tekst"),
        ("| text | | B | | |", "line 4", "no name"),
        ("| text | b | | | |", "line 4, column “name”", "no label"),
        ("| begin group | b | B | | |", "line 4", "end_group"),
        ("| end group | | | | |", "line 4", "begin_group"),
    ],
)
def test_a_faulty_row_is_named(write: Writer, row: str, where: str, what: str) -> None:
    message = complaint(write("| text | a | A | | |", row))
    assert message.startswith(f"survey.md, {where}: ")
    assert what in message
    assert "compile again" in message or "Correct the expression" in message


def test_a_misspelled_column_is_not_passed_over(write: Writer) -> None:
    folder = write("| text | a | A | | |")
    survey = folder / "survey.md"
    survey.write_text(survey.read_text().replace("relevant", "relevent"), encoding="utf-8")
    survey.write_text(survey.read_text() + "| text | b | B | `1` | |\n", encoding="utf-8")
    assert "survey.md, line 4, column “relevent”" in complaint(folder)


def test_a_choice_given_twice_is_named(write: Writer) -> None:
    folder = write("| text | a | A | | |", choices=CHOICES + "| yes_no | 2 | Never |\n")
    assert complaint(folder).startswith("choices.md, line 6, column “name”: ")


def test_a_choice_without_a_label_is_a_remark_with_its_line(write: Writer) -> None:
    folder = write("| select_one yes_no | a | A | | |", choices=CHOICES + "| yes_no | 3 | |\n")
    assert compile_definition(folder).warnings[0].startswith("choices.md, line 6: ")


@pytest.mark.parametrize("setting", ["form_id", "version", "form_title", "default_language"])
def test_a_missing_setting_is_named(write: Writer, setting: str) -> None:
    message = complaint(write("| text | a | A | | |", settings=SETTINGS.replace(setting, "style")))
    assert f"“{setting}” is missing" in message


@pytest.mark.parametrize("sheet", ["settings", "survey"])
def test_a_missing_sheet_is_named(write: Writer, sheet: str) -> None:
    folder = write("| text | a | A | | |")
    (folder / f"{sheet}.md").unlink()
    assert f"{sheet}.md" in complaint(folder)


def test_a_form_without_closed_questions_needs_no_choices(write: Writer) -> None:
    folder = write("| text | a | A | | |")
    (folder / "choices.md").unlink()
    assert compile_definition(folder).form_id == "tiny"


def test_a_file_that_is_not_utf8_is_named(write: Writer) -> None:
    folder = write("| text | a | A | | |")
    (folder / "choices.md").write_bytes(b"| \xe9 |")
    assert complaint(folder).startswith("choices.md: byte 2")


def test_a_message_about_a_row_that_we_did_not_write_has_no_place() -> None:
    assert _placed("[row : 99] Something else", {"survey": [], "choices": []}) == (
        None,
        "Something else.",
    )


FROM_FILE = "| select_one_from_file town.csv | town | Town | | |"


def test_a_list_of_the_office_travels_with_the_form(write: Writer) -> None:
    body = b"name,label\n1,Kota\n"
    compiled = compile_definition(write(FROM_FILE), lists={"town.csv": body})
    assert compiled.media == {"town.csv": body}
    assert compiled.warnings == ()


def test_a_list_that_nobody_supplies_is_a_remark(write: Writer) -> None:
    compiled = compile_definition(write(FROM_FILE))
    assert compiled.media == {}
    assert compiled.warnings == ("town.csv was not supplied: pass it when the form is published.",)


def test_a_list_that_the_form_does_not_use_is_a_remark(write: Writer) -> None:
    compiled = compile_definition(write("| text | a | A | | |"), lists={"town.csv": b""})
    assert compiled.warnings == ("town.csv is not used by this form.",)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "town.csv, line 1: columns"),
        (b"code,label\n1,Kota\n", "town.csv, line 1: columns"),
        (b"name,label\n1,Kota\n1,Desa\n", "town.csv, line 3: the name"),
        (b"name,label\n,Kota\n", "town.csv, line 2: the name"),
        (b"name,label\n1,\xff\n", "town.csv: not UTF-8"),
    ],
)
def test_a_faulty_list_is_named(write: Writer, body: bytes, what: str) -> None:
    assert complaint(write(FROM_FILE), town=body).startswith(what)


def test_definitions_are_found_by_name() -> None:
    assert "se2026_l" in definitions()
    assert (definition("se2026_l") / "CHANGELOG.md").is_file()
    with pytest.raises(DefinitionError, match="se2026_l"):
        definition("../../etc")


@needs_java
def test_odk_validate_passes_a_sound_form_and_tells_about_a_broken_one(write: Writer) -> None:
    compiled: Compiled = compile_definition(write("| text | a | A | `true()` | |"))
    assert odk_validate(compiled.xform, compiled.media) == []
    broken = compiled.xform.replace(b"true()", b"nonsense()")
    assert any("nonsense" in line for line in odk_validate(broken, {}))


def test_odk_validate_without_java_says_so(
    write: Writer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(JavaMissing, match="Install"):
        odk_validate(b"<x/>", {})
