"""Entities, shared tables and translated warnings."""

import shutil
from pathlib import Path

import pytest

from forms.compile import DefinitionError, compile_definition, compile_source, odk_validate
from forms.source import read_folder
from forms.xform import WARNING, read_xform

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java")

SETTINGS = f"""
| form_id | version | form_title | default_language | namespaces |
|---|---|---|---|---|
| tiny | 2026010101 | Tiny | Bahasa Indonesia (id) | se="{WARNING}" |
"""
HEADER = "| type | name | label::Bahasa Indonesia (id) | label::English (en) |\n|---|---|---|---|\n"
WARNED = (
    HEADER
    + "| integer | age | Umur | Age |\n| begin group | g | G | G |\n"
    + """| integer | age_two | Umur | Age |
| end group | | | |

| name | bind::se:warning | bind::se:warningMsg::Bahasa Indonesia (id) |
|---|---|---|
| age | `. < 90` | Umur ini jarang. |
| age_two | `. < ${age}` | Lebih tua daripada ${age}. |

| name | bind::se:warningMsg::English (en) |
|---|---|
| age | This age is rare. |
| age_two | Older than ${age}. |
"""
)


def write(folder: Path, **files: str) -> Path:
    for name, text in {"settings": SETTINGS, **files}.items():
        file = folder / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def complaint(folder: Path) -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        compile_definition(folder)
    return caught.value


# -- warnings in two languages -----------------------------------------------------------------
def test_a_warning_speaks_both_languages(tmp_path: Path) -> None:
    compiled = compile_definition(write(tmp_path, survey=WARNED))
    nodes = read_xform(compiled.xform).nodes
    assert nodes["/data/age"].warning_message == {
        "id": "Umur ini jarang.",
        "en": "This age is rare.",
    }
    assert nodes["/data/g/age_two"].warning_message["en"] == "Older than …."
    assert b"warningMsg=\"jr:itext('/data/g/age_two:se_warningMsg')\"" in compiled.xform
    assert b"noAppErrorString" not in compiled.xform


def test_a_warning_in_one_language_stays_an_attribute(tmp_path: Path) -> None:
    columns = "| name | bind::se:warning | bind::se:warningMsg |\n|---|---|---|\n"
    survey = f"{HEADER}| integer | age | Umur | Age |\n\n{columns}| age | `. < 90` | Jarang. |\n"
    form = read_xform(compile_definition(write(tmp_path, survey=survey)).xform)
    assert form.nodes["/data/age"].warning_message == {"id": "Jarang.", "en": "Jarang."}


def test_the_column_that_carries_warnings_cannot_be_used_beside_them(tmp_path: Path) -> None:
    more = "\n| name | no_app_error_string |\n|---|---|\n| age | No app |\n"
    error = complaint(write(tmp_path, survey=WARNED + more))
    assert str(error).startswith("survey.md, line 20, column “no_app_error_string”: ")


def test_a_prefix_that_the_settings_do_not_bind_is_named(tmp_path: Path) -> None:
    settings = SETTINGS.replace("se=", "other=")
    error = complaint(write(tmp_path, survey=WARNED, settings=settings))
    assert str(error).startswith("survey.md, line 10, column “bind::se:warning”: ")
    assert WARNING in str(error)


@needs_java
def test_odk_validate_accepts_translated_warnings(tmp_path: Path) -> None:
    compiled = compile_definition(write(tmp_path, survey=WARNED))
    assert odk_validate(compiled.xform, compiled.media) == []


# -- entities ----------------------------------------------------------------------------------
ENTITIES = """
| list_name | entity_id | create_if | update_if | label |
|---|---|---|---|---|
| usaha | `coalesce(${unit}, once(uuid()))` | `${unit} = ''` | `${unit} != ''` | ${name} |
"""
UNIT = (
    HEADER
    + "| select_one_from_file usaha.csv | unit | Unit | Unit |\n| text | name | Nama | Name |\n\n"
    + "| name | save_to |\n|---|---|\n| name | business_name |\n"
)


def test_answers_are_saved_to_an_entity(tmp_path: Path) -> None:
    xform = compile_definition(write(tmp_path, survey=UNIT, entities=ENTITIES)).xform
    assert b'dataset="usaha"' in xform
    assert b'entities:saveto="business_name"' in xform
    assert b"coalesce( /data/unit , once(uuid()))" in xform
    read_xform(xform)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("label |", "labels |", "entities.md, line 4, column “labels”"),
        ("`${unit} = ''`", "`${unit} =`", "entities.md, line 4, column “create_if”"),
        ("usaha", "__usaha", "entities.md, line 4"),
    ],
)
def test_a_faulty_entity_is_named(tmp_path: Path, old: str, new: str, where: str) -> None:
    entities = ENTITIES.replace(old, new, 1)
    assert str(complaint(write(tmp_path, survey=UNIT, entities=entities))).startswith(where)


@needs_java
def test_odk_validate_accepts_an_entity(tmp_path: Path) -> None:
    body = b"name,label,__version,__trunkVersion,__branchId\na,A,1,,\n"
    folder = write(tmp_path, survey=UNIT, entities=ENTITIES)
    compiled = compile_definition(folder, lists={"usaha.csv": body})
    assert compiled.warnings == ()
    assert odk_validate(compiled.xform, compiled.media) == []


# -- media ---------------------------------------------------------------------------------------
def test_pictures_and_lists_of_any_kind_travel_with_the_form(tmp_path: Path) -> None:
    survey = HEADER.replace(" |\n|--", " | image |\n|--", 1).replace("|---|\n", "|---|---|\n") + (
        "| select_one_from_file town.geojson | town | Kota | Town | |\n"
        "| text | a | A | A | sign.png |\n"
    )
    compiled = compile_definition(
        write(tmp_path, survey=survey), lists={"town.geojson": b"{}", "sign.png": b"png"}
    )
    assert set(compiled.media) == {"town.geojson", "sign.png"}
    assert [told for told in compiled.warnings if "supplied" in told or "used" in told] == []


# -- expressions beyond the subset ---------------------------------------------------------------
def test_what_our_engine_does_not_judge_compiles_only_when_asked_for(tmp_path: Path) -> None:
    survey = HEADER + "| text | a | A | A |\n\n| name | relevant |\n|---|---|\n| a | `//b` |\n"
    source = read_folder(write(tmp_path, survey=survey))
    assert b'relevant="//b"' in compile_source(source, beyond=True).xform
    with pytest.raises(DefinitionError, match="line 7, column “relevant”"):
        compile_source(source)


# -- shared tables -----------------------------------------------------------------------------
VISITS = HEADER + "| date | day | Hari | Day |\n| text | who | Siapa | Who |\n"
HOST = (
    HEADER
    + "| text | a | A | A |\n\n{{ shared/visits.md }}\n\n"
    + HEADER
    + "| text | b | B | B |\n\n| name | relevant |\n|---|---|\n| who | `${a} = '1'` |\n"
)


def test_a_shared_block_stands_where_it_is_included(tmp_path: Path) -> None:
    folder = write(tmp_path, survey=HOST, **{"shared/visits": VISITS})
    nodes = read_xform(compile_definition(folder).xform).nodes
    names = [node.name for node in nodes.values() if node.kind == "question"]
    assert names == ["a", "day", "who", "b"]
    assert nodes["/data/who"].relevant is not None


def test_a_shared_block_may_lie_beside_the_definition(tmp_path: Path) -> None:
    write(tmp_path, **{"shared/visits": VISITS})
    form = read_xform(compile_definition(write(tmp_path / "form", survey=HOST)).xform)
    assert "/data/day" in form.nodes


def test_a_fault_in_a_shared_block_is_named_with_its_own_file(tmp_path: Path) -> None:
    faulty = VISITS.replace("| text | who", "| tekst | who")
    folder = write(tmp_path, survey=HOST, **{"shared/visits": faulty})
    assert str(complaint(folder)).startswith("shared/visits.md, line 4, column “type”: ")


def test_a_fault_after_a_shared_block_keeps_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path, survey=HOST.replace("b | B", "b c | B"), **{"shared/visits": VISITS})
    assert str(complaint(folder)).startswith("survey.md, line 9, column “name”: ")


@pytest.mark.parametrize("name", ["shared/none.md", "shared/../settings.md", "/etc/passwd", "x.md"])
def test_what_cannot_be_included_is_named(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, survey=HOST.replace("shared/visits.md", name))
    error = complaint(folder)
    assert str(error).startswith("survey.md, line 5: ")
    assert error.told("id").startswith("survey.md, baris 5: ")


def test_a_shared_block_includes_no_other(tmp_path: Path) -> None:
    shared = {"shared/visits": "{{ shared/more.md }}\n", "shared/more": VISITS}
    error = complaint(write(tmp_path, survey=HOST, **shared))
    assert str(error).startswith("shared/visits.md, line 1: ")


def test_choice_lists_are_shared(tmp_path: Path) -> None:
    choices = "| list_name | name | label::English (en) |\n|---|---|---|\n| yes_no | 1 | Yes |\n"
    survey = HEADER + "| select_one yes_no | a | A | A |\n"
    folder = write(
        tmp_path,
        survey=survey,
        choices="# Pilihan\n\n{{ shared/yes_no.md }}\n",
        **{"shared/yes_no": choices},
    )
    form = read_xform(compile_definition(folder).xform)
    assert [choice.value for choice in form.nodes["/data/a"].choices] == ["1"]
