"""Tables to Excel and back: nothing is lost, and what people change comes back as they meant."""

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pyxform.xls2json_backends import xlsx_to_dict
from pyxform.xls2xform import convert

from forms.columns import SHEETS
from forms.compile import compile_definition, compile_source, definition, definitions
from forms.places import DefinitionError
from forms.source import Source, read_folder
from forms.tables import as_sheet, cell_text, encode_cell
from forms.workbook import read_workbook
from forms.workbook_unfold import unfold
from forms.workbook_write import write_folder, write_source

Rows = list[dict[str, str]]


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return folder


def cells(source: Source) -> dict[str, Rows]:
    return {sheet: [dict(row.cells) for row in rows] for sheet, rows in source.sheets.items()}


def with_rows(body: bytes, sheet: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    """Type these rows into a sheet of the workbook, new columns at the end."""
    book = load_workbook(io.BytesIO(body))
    worksheet = book[sheet]
    columns = [cell.value for cell in worksheet[1] if cell.value]
    columns = list(dict.fromkeys([*columns, *(name for row in rows for name in row)]))
    worksheet.delete_rows(1, worksheet.max_row)
    for line, row in enumerate([{name: name for name in columns}, *rows], start=1):
        for number, column in enumerate(columns, start=1):
            cell = worksheet.cell(line, number, row.get(column, "").replace("_x", "_x005F_x"))
            cell.data_type = "s" if column in row else cell.data_type
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# -- our own questionnaires --------------------------------------------------------------------
@pytest.fixture(params=definitions())
def home(request: pytest.FixtureRequest) -> Path:
    return definition(request.param)


def test_a_definition_returns_byte_for_byte(home: Path) -> None:
    assert unfold(write_folder(home), "form.xlsx") == files_of(home)


def test_a_workbook_compiles_to_the_same_xform(home: Path) -> None:
    ours = compile_definition(home)
    theirs = compile_source(read_workbook(write_folder(home), f"{home.name}.xlsx"))
    assert theirs.xform == ours.xform
    assert theirs.media == ours.media


def test_pyxform_reads_a_workbook_of_ours_by_itself(home: Path) -> None:
    body = write_folder(home)
    read = xlsx_to_dict(io.BytesIO(body))
    source = read_folder(home)
    for sheet, rows in source.sheets.items():
        assert read[sheet] == as_sheet(rows)[0]
    warnings: list[str] = []
    assert convert(io.BytesIO(body), form_name="data", warnings=warnings).xform
    assert not [told for told in warnings if "sheet" in told]


# -- a definition with one of everything --------------------------------------------------------
SURVEY = """# Orang / People

Prose with a bar | in it.

| type | name | label |
|:---|----|---|
| begin group | person | Orang |
| text | `who` |  Siapa |
| integer | age | Umur |
| end group | | |

{{ shared/visits.md }}

## Rules

| name | relevant | required |
|---|---|---|
| age | `${who} != 'a\\|b'` | yes |
| day | `${age} > 1` | yes |

The end, without a line end"""
FILES = {
    "settings.md": "| form_id | version |\n|---|---|\n| tiny | 1 |\n",
    "choices.md": "| list_name | name | label |\n|---|---|---|\n| a | 1 | Satu |\n| a | 2 | Dua |\n"
    "\n## B\n\n| list_name | name | label | kind |\n|---|---|---|---|\n| b | 1 | X | k |\n",
    "survey/01_people.md": SURVEY,
    "survey/02_more.md": "\r\n| type | name | label |\r\n|---|---|---|\r\n| note | bye | Dah |\r\n",
    "shared/visits.md": "| type | name | label |\n|---|---|---|\n| date | day | Hari |\n",
    "CHANGELOG.md": "# 1\n\n- =first\n",
    "seal.png": "",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    files = {name: text.encode() for name, text in FILES.items()}
    return written(tmp_path / "small", {**files, "seal.png": bytes(range(256)) * 200})


def edited(
    folder: Path, tmp_path: Path, sheet: str, change: Callable[[Rows], object]
) -> tuple[dict[str, str], dict[str, Rows]]:
    """Change a sheet in Excel; the files that differ then, and all rows as they read again."""
    before = files_of(folder)
    body = write_folder(folder)
    rows = cells(read_workbook(body, "x.xlsx"))[sheet]
    change(rows)
    after = unfold(with_rows(body, sheet, rows), "x.xlsx")
    assert set(before) <= set(after)
    again = cells(read_folder(written(tmp_path / "again", after)))
    assert again[sheet] == rows
    changed = {name: body.decode() for name, body in after.items() if before.get(name) != body}
    return changed, again


def lines_changed(text: str, old: str) -> tuple[list[str], list[str]]:
    now, then = text.split("\n"), old.split("\n")
    return [x for x in now if x not in then], [x for x in then if x not in now]


def test_all_files_return_whatever_they_hold(small: Path) -> None:
    assert unfold(write_folder(small), "small.xlsx") == files_of(small)


def test_a_changed_cell_changes_its_line_alone(small: Path, tmp_path: Path) -> None:
    changed, _ = edited(small, tmp_path, "survey", lambda rows: rows[2].update(label="Usia"))
    assert list(changed) == ["survey/01_people.md"]
    assert lines_changed(changed["survey/01_people.md"], SURVEY) == (
        ["| integer | age | Usia |"],
        ["| integer | age | Umur |"],
    )


def test_a_changed_rule_goes_back_to_its_small_table(small: Path, tmp_path: Path) -> None:
    changed, _ = edited(small, tmp_path, "survey", lambda r: r[2].update(relevant="a|b > 1"))
    new, _ = lines_changed(changed["survey/01_people.md"], SURVEY)
    assert new == ["| age | `a\\|b > 1` | yes |"]


def test_a_new_rule_joins_the_small_table_of_its_file(small: Path, tmp_path: Path) -> None:
    changed, _ = edited(small, tmp_path, "survey", lambda rows: rows[1].update(required="yes"))
    text = changed["survey/01_people.md"]
    assert lines_changed(text, SURVEY) == (["| who | | yes |"], [])
    assert text.index("| who | | yes |") < text.index("| age | `")


def test_a_column_that_is_new_to_a_file_gets_a_table_of_its_own(
    small: Path, tmp_path: Path
) -> None:
    def change(rows: Rows) -> None:
        rows[1]["hint::English (en)"] = "Full name"
        rows[2].update(constraint=". < 99", constraint_message="Too old")

    changed, _ = edited(small, tmp_path, "survey", change)
    text = changed["survey/01_people.md"]
    assert text.startswith(SURVEY)
    assert "## Petunjuk / Hints\n\n| name | hint::English (en) |\n|---|---|\n| who |" in text
    assert "| age | `. < 99` | Too old |" in text


def test_a_new_row_goes_where_the_row_above_it_is(small: Path, tmp_path: Path) -> None:
    new = {"type": "text", "name": "nick", "label": "Panggilan", "relevant": "${age} > 1"}
    changed, _ = edited(small, tmp_path, "survey", lambda rows: rows.insert(2, new))
    text = changed["survey/01_people.md"]
    assert "Siapa |\n| text | nick | Panggilan |\n| integer | age" in text
    assert "| nick | `${age} > 1` | |" in text


def test_a_renamed_question_keeps_its_rules(small: Path, tmp_path: Path) -> None:
    changed, _ = edited(small, tmp_path, "survey", lambda rows: rows[2].update(name="years"))
    new, gone = lines_changed(changed["survey/01_people.md"], SURVEY)
    assert [line.split("|")[1:3] for line in new] == [
        [" integer ", " years "],
        [" years ", " `${who} != 'a\\"],
    ]
    assert len(gone) == 2


def test_a_removed_row_takes_its_rules_along(small: Path, tmp_path: Path) -> None:
    changed, _ = edited(small, tmp_path, "survey", lambda rows: rows.pop(2))
    new, gone = lines_changed(changed["survey/01_people.md"], SURVEY)
    assert (new, len(gone)) == ([], 2)


def test_rows_moved_to_another_block_take_their_rules_along(small: Path, tmp_path: Path) -> None:
    changed, _ = edited(small, tmp_path, "survey", lambda rows: rows.append(rows.pop(2)))
    assert "| integer | age | Umur |" in changed["survey/02_more.md"]
    assert "| age | yes | `${who} != 'a\\|b'` |" in changed["survey/02_more.md"]
    assert "age |" not in changed["survey/01_people.md"]


def test_a_changed_shared_row_becomes_a_file_of_the_definition(tmp_path: Path) -> None:
    files = {name: text.encode() for name, text in FILES.items()}
    shared = files.pop("shared/visits.md")
    written(tmp_path, {"shared/visits.md": shared})
    folder = written(tmp_path / "form", files)
    assert set(unfold(write_folder(folder), "x.xlsx")) == set(files)
    changed, _ = edited(folder, tmp_path, "survey", lambda rows: rows[4].update(label="Tanggal"))
    assert changed == {"shared/visits.md": shared.decode().replace("Hari", "Tanggal")}


def test_a_new_choice_joins_its_list_and_a_new_list_its_own_table(
    small: Path, tmp_path: Path
) -> None:
    def change(rows: Rows) -> None:
        rows.insert(2, {"list_name": "a", "name": "3", "label": "Tiga"})
        rows.append({"list_name": "c", "name": "1", "label": "Baru", "kind": "x"})

    changed, _ = edited(small, tmp_path, "choices", change)
    assert "| a | 2 | Dua |\n| a | 3 | Tiga |\n" in changed["choices.md"]
    assert changed["choices.md"].endswith(
        "\n## c\n\n| list_name | name | label | kind |\n|---|---|---|---|\n| c | 1 | Baru | x |\n"
    )


def test_a_choice_typed_at_the_end_still_joins_its_list(small: Path, tmp_path: Path) -> None:
    body = write_folder(small)
    rows = cells(read_workbook(body, "x.xlsx"))["choices"]
    rows.append({"list_name": "a", "name": "3", "label": "Tiga"})
    text = unfold(with_rows(body, "choices", rows), "x.xlsx")["choices.md"].decode()
    assert "| a | 2 | Dua |\n| a | 3 | Tiga |\n" in text


def test_a_cell_that_no_table_of_its_list_has_widens_the_table(small: Path, tmp_path: Path) -> None:
    changed, _ = edited(small, tmp_path, "choices", lambda rows: rows[0].update(kind="k"))
    assert (
        "| list_name | name | label | kind |\n|---|---|---|---|\n| a | 1 |"
        in (changed["choices.md"])
    )


def test_a_new_version_is_told_on_the_sheet_of_the_changelog(small: Path) -> None:
    book = load_workbook(io.BytesIO(write_folder(small)))
    book["_CHANGELOG"]["A4"] = "- second"
    book["settings"]["B2"] = 2026061502
    out = io.BytesIO()
    book.save(out)
    after = unfold(out.getvalue(), "x.xlsx")
    assert after["CHANGELOG.md"] == b"# 1\n\n- =first\n- second\n"
    assert b"| tiny | 2026061502 |" in after["settings.md"]


def test_a_damaged_layout_is_named(small: Path) -> None:
    book = load_workbook(io.BytesIO(write_folder(small)))
    book["_files"]["D2"] = "nonsense"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(DefinitionError, match="_files"):
        unfold(out.getvalue(), "x.xlsx")


# -- any definition ----------------------------------------------------------------------------
PIECES = [
    "a",
    "Ä",
    "1",
    "|",
    "`",
    "\\",
    "<br>",
    "\n",
    " ",
    "=",
    "{{",
    "'",
    "_x0041_",
    "\u00a0",
    "#",
]
TEXT = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join).map(cell_text)
NAME = st.sampled_from(["a", "b", "c", "d", "e", "f", "g"])
COLUMNS = ["label", "hint", "relevant", "required", "constraint"]


@st.composite
def surveys(draw: st.DrawFn) -> Rows:
    rows: Rows = []
    for name in draw(st.lists(NAME, min_size=1, max_size=7, unique=True)):
        row = {"type": draw(st.sampled_from(["text", "integer", "begin group"])), "name": name}
        row |= draw(st.dictionaries(st.sampled_from(COLUMNS), TEXT, max_size=3))
        rows.append({column: value for column, value in row.items() if value})
        if row["type"] == "begin group":
            rows.append({"type": "end group"})
    return rows


def table(rows: Rows, columns: Sequence[str]) -> str:
    lines = [
        "| " + " | ".join(encode_cell(row.get(column, "")) for column in columns) + " |\n"
        for row in rows
    ]
    return f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|\n{''.join(lines)}"


@st.composite
def definitions_of(draw: st.DrawFn) -> dict[str, bytes]:
    """A folder whose survey is laid out at random over files, tables and small tables."""
    files = {"settings.md": table([{"form_id": "x", "version": "1"}], ["form_id", "version"])}
    rows = draw(surveys())
    cut = draw(st.integers(0, len(rows)))
    inside = draw(st.lists(st.sampled_from(COLUMNS), unique=True))
    outside = [column for column in COLUMNS if column not in inside]
    for number, part in enumerate((rows[:cut], rows[cut:])):
        text = draw(TEXT).replace("|", "-").replace("{", "") + "\n\n"
        text += table(part, ["type", "name", *inside]) + "\n"
        details = [row for row in part if set(row) & set(outside)]
        if details:
            text += table(draw(st.permutations(details)), ["name", *outside])
        files[f"survey/{number}.md"] = text
    return {name: text.encode() for name, text in files.items()}


@settings(max_examples=60)
@given(definitions_of())
def test_any_definition_returns_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    folder = written(tmp_path_factory.mktemp("form"), files)
    assert unfold(write_folder(folder), "x.xlsx") == files


@pytest.mark.unmeasured
@settings(max_examples=60)
@given(definitions_of(), surveys())
def test_whatever_is_typed_into_a_workbook_reads_the_same_from_its_files(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], rows: Rows
) -> None:
    folder = written(tmp_path_factory.mktemp("form"), files)
    after = unfold(with_rows(write_folder(folder), "survey", rows), "x.xlsx")
    again = read_folder(written(tmp_path_factory.mktemp("again"), after))
    assert cells(again)["survey"] == rows


@pytest.mark.unmeasured
@settings(max_examples=40)
@given(surveys())
def test_a_workbook_of_others_becomes_one_table_for_each_sheet(
    tmp_path_factory: pytest.TempPathFactory, rows: Rows
) -> None:
    folder = written(
        tmp_path_factory.mktemp("form"),
        {"survey.md": table(rows, ["type", "name", *COLUMNS]).encode()},
    )
    source = read_folder(folder)
    files = unfold(write_source(source), "other.xlsx")
    again = read_folder(written(tmp_path_factory.mktemp("again"), files))
    assert cells(again) == cells(source)
    assert list(files) == ["survey.md"]
    assert set(SHEETS) >= set(again.sheets)
