"""Rules about tables: each form has one fault; the same form without it has none."""

from pathlib import Path

import pytest

from forms.compile import compile_source, definition, definitions
from forms.lint import catalogue, lint
from forms.lint.told import rules_table
from forms.markdown_file import read_markdown
from forms.source import read_folder
from forms.workbook import read_workbook
from forms.workbook_write import write_folder
from forms.xform import read_xform

SETTINGS = (
    "| form_id | version | form_title | default_language | instance_name |\n|---|---|---|---|---|\n"
    "| tiny | 2026061501 | Tiny | Indonesia (id) | ${one} |\n\n"
)
CHOICES = (
    "| list_name | name | label::Indonesia (id) | label::English (en) |\n|---|---|---|---|\n"
    "| yes_no | 1 | Ya | Yes |\n| yes_no | 2 | Tidak | No |\n"
)
SURVEY = (
    "\n| type | name | label::Indonesia (id) | label::English (en) |\n|---|---|---|---|\n"
    "| select_one yes_no | one | Satu | One |\n| text | subject | Isi | Content |\n"
)
FORM = SETTINGS + CHOICES + SURVEY
LONG = "".join(f"| yes_no | {code} | L{code} | E{code} |\n" for code in range(10, 45))
MESSAGE = "constraint_message::Indonesia (id) | constraint_message::English (en)"
ENTITY = "\n| list_name | entity_id | create_if | update_if | label |\n|---|---|---|---|---|\n"
FILTERED = (
    "\n| name | choice_filter |\n|---|---|\n| one | `kind = ${subject}` |\n"  # subject: asked later
)


def cell(column: str, value: str, name: str = "subject") -> str:
    return f"\n| name | {column} |\n|---|---|\n| {name} | {value} |\n"


def codes(text: str) -> list[str]:
    return sorted(remark.code for remark in lint(read_markdown(text.encode(), "tiny.md")))


def test_the_form_around_the_cases_is_clean() -> None:
    assert codes(FORM) == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("T01", FORM.replace("| Satu | One |", "| Satu | |")),
        ("T01", FORM.replace("| Tidak | No |", "| Tidak | |")),
        ("T02", FORM + cell("constraint", "`. != 'x'`")),
        ("T03", FORM + cell("bind::se:warning", "`. != 'x'`")),
        ("T04", FORM + f"\n| name | {MESSAGE} |\n|---|---|---|\n| subject | A | B |\n"),
        ("T05", FORM.replace("| Isi | Content |", "| a b c d | a b c d |")),
        ("C01", FORM.replace("| yes_no | 1", "| other | 1 | A | B |\n| yes_no | 1")),
        ("C02", FORM.replace("| yes_no | 2 | Tidak | No", "| yes_no | 1 | Tidak | No")),
        ("C03", FORM.replace("| Tidak | No", "| Ya | No")),
        ("C04", FORM.replace("| yes_no | 2", "| yes_no | 2 a")),
        ("C05", SETTINGS + CHOICES + LONG + SURVEY),
        ("C06", FORM.replace("| yes_no | 2", "| yes_no | 01")),
        ("C07", FORM + cell("choice_filter", "`kind = 'a'`", "one")),
        ("V01", FORM.replace("subject", "s" * 33)),
        ("V02", FORM.replace("subject", "with")),
        ("V03", FORM.replace("subject", "isi-baru")),
        ("V04", FORM + "| text | Subject | Isi lain | Other content |\n"),
        ("D02", FORM.replace("| text | subject", "| note | subject") + cell("required", "yes")),
        ("D03", FORM.replace("instance_name", "style")),
        ("D04", FORM + cell("default", "a") + cell("calculation", "`'b'`")),
        ("D05", FORM.replace("| text | subject | Isi", "| integer | subject | Gaji (Rp)")),
        ("D06", FORM.replace("2026061501", "3")),
        ("D06", FORM.replace("2026061501", "2026023001")),
        ("D07", FORM.replace("| form_id |", "| name |").replace("| tiny |", "| data |")),
        ("D08", FORM.replace("| text | subject | Isi", "| integer | subject | NIK pemilik")),
        ("D09", FORM + cell("read_only", "yes")),
        ("D10", FORM.replace("| text | subject", "| image | subject")),
        ("D11", FORM + cell("appearance", "multi-line")),
        ("O01", FORM + cell("relevant", "`${subject} = 'a'`", "one")),
        ("R01", FORM + cell("relevant", "`regex(${one}, '[')`")),
        ("R02", FORM + cell("relevant", "`regex(${one}, 'kg')`")),
        ("L01", FORM + cell("relevant", "`${one} = \u20181\u2019`")),
        ("L02", FORM.replace("| Isi |", "| Isi\u00a0baru |")),
        ("L03", FORM.replace("| Isi |", "| Isi\u200bbaru |")),
        ("D01", FORM.replace("| text | subject | Isi | Content", "| calculate | subject | |")
         + cell("calculation", "`1`")),
        ("N01", FORM + ENTITY + "| usaha | ${one} | `${one} = ''` | `${one} != ''` | ${one} |\n"),
    ],
)  # fmt: skip
def test_a_fault_is_named(code: str, text: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        FORM + "\n| name | constraint | " + MESSAGE + " |\n|---|---|---|---|\n"
        "| subject | `. != 'x'` | A | B |\n",
        SETTINGS + CHOICES + LONG + SURVEY + cell("appearance", "minimal autocomplete", "one"),
        FORM.replace("| text | subject", "| note | subject")
        + cell("required", "yes") + cell("relevant", "`${one} = '1'`"),
        FORM + ENTITY
        + "| a | `coalesce(${one}, once(uuid()))` | `${one} = ''` | `${one} != ''` | ${one} |\n",
        FORM.replace("| text | subject | Isi", "| integer | subject | Jumlah NIK"),
        FORM.replace("| text | subj", "| image | subj") + cell("parameters", "max-pixels=800"),
        FORM + cell("appearance", "w3 multiline"),
        FORM + cell("read_only", "yes") + cell("default", "a"),
        FORM + cell("relevant", "`regex(${one}, '[a-z]+')`"),
        FORM.replace("| Isi |", "| “Isi” |"),
    ],
)  # fmt: skip
def test_what_is_meant_so_is_left_alone(text: str) -> None:
    assert codes(text) == []


def test_an_integer_that_no_pattern_fits_is_named() -> None:
    number = FORM.replace("| text | subject", "| integer | subject")
    pattern = "| subject | `regex(., '{}')` | A | B |\n"
    table = f"\n| name | constraint | {MESSAGE} |\n|---|---|---|---|\n"
    assert codes(number + table + pattern.format("0[0-9]{3}")) == ["R03"]
    assert codes(number + table + pattern.format("[1-9][0-9]{3}")) == []


def test_rules_that_need_each_other_are_named() -> None:
    circle = cell("relevant", "`${subject} = 'a'`", "one") + cell("relevant", "`${one} = '1'`")
    assert "O02" in codes(FORM + circle)


def test_a_name_in_two_groups_is_named() -> None:
    group = "| begin group | g | G | G |\n| text | subject | Isi | Content |\n| end group | | | |\n"
    assert codes(FORM + group) == ["V05"]


def test_a_filter_by_a_column_of_the_list_is_no_fault() -> None:
    choices = (
        "| list_name | name | label::Indonesia (id) | label::English (en) | kind |\n"
        "|---|---|---|---|---|\n| yes_no | 1 | Ya | Yes | a |\n"
    )
    assert codes(SETTINGS + choices + SURVEY + FILTERED) == ["O01"]


# -- exceptions ----------------------------------------------------------------------------------
def test_a_doubt_that_is_answered_is_left_out_and_a_needless_answer_named(tmp_path: Path) -> None:
    for name, text in (("settings", SETTINGS), ("choices", CHOICES)):
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    survey = SURVEY.replace("| text | subject", "| image | subject")
    (tmp_path / "survey.md").write_text(survey, encoding="utf-8")
    assert [remark.code for remark in lint(read_folder(tmp_path))] == ["D10"]
    answers = "| code | name | reason |\n|---|---|---|\n| D10 | subject | A seal must be sharp. |\n"
    (tmp_path / "lint.md").write_text(answers, encoding="utf-8")
    assert lint(read_folder(tmp_path)) == ()
    (tmp_path / "lint.md").write_text(answers + "| C05 | one | Never. |\n", encoding="utf-8")
    (remark,) = lint(read_folder(tmp_path))
    assert remark.told("en").startswith("lint.md, line 4: the exception C05 for one")


@pytest.mark.parametrize("name", definitions())
def test_our_own_questionnaires_are_clean(name: str) -> None:
    source = read_folder(definition(name))
    assert [remark.told("en") for remark in lint(source, compile_source(source))] == []


def test_a_workbook_of_ours_is_as_clean_as_its_folder() -> None:
    body = write_folder(definition("se2026_l"))
    assert lint(read_workbook(body, "l.xlsx")) == ()


# -- lists beside the form -----------------------------------------------------------------------
def test_a_list_beside_the_form_is_looked_at() -> None:
    survey = SURVEY.replace("select_one yes_no", "select_one_from_file town.csv")
    text = SETTINGS + survey + cell("choice_filter", "`province = '33'`", "one")
    source = read_markdown(text.encode(), "tiny.md")
    rows = b"".join(b"%d,A,B\n" % code for code in range(40))
    compiled = compile_source(
        source, lists={"town.csv": b"name,label,label::English (en)\n" + rows}
    )
    assert sorted(r.code for r in lint(source, compiled)) == ["C05", "C07", "C08"]


# -- against the version before ------------------------------------------------------------------
def test_what_a_new_version_does_to_old_codes_is_named() -> None:
    before = read_xform(compile_source(read_markdown(FORM.encode(), "tiny.md")).xform)
    text = FORM.replace("2026061501", "2026061500").replace("| Tidak | No |", "| Mungkin | Maybe |")
    text = text.replace("| yes_no | 1 | Ya | Yes |\n", "").replace("| text |", "| integer |")
    remarks = lint(read_markdown(text.encode(), "tiny.md"), before=before)
    assert sorted(remark.code for remark in remarks) == ["K01", "K02", "K03", "K04"]
    reused = next(remark for remark in remarks if remark.code == "K01")
    assert "the code 2 of one means “Mungkin”, formerly “Tidak”" in reused.told("en")


def test_a_better_wording_in_one_language_is_no_new_meaning() -> None:
    before = read_xform(compile_source(read_markdown(FORM.encode(), "tiny.md")).xform)
    text = FORM.replace("2026061501", "2026061502").replace(
        "| Tidak | No |", "| Tidak | No, never |"
    )
    assert lint(read_markdown(text.encode(), "tiny.md"), before=before) == ()


# -- the catalogue -------------------------------------------------------------------------------
def test_every_rule_speaks_both_languages_and_says_what_to_do() -> None:
    for code, rule in catalogue().items():
        assert set(rule.message) == set(rule.advice) == {"id", "en"}, code
        assert rule.severity in {"error", "warning", "advice"}
        assert rule.advice["en"][0].isupper() or code == "D12", code  # its advice depends
    assert len(catalogue()) > 55


def test_the_documentation_lists_every_rule() -> None:
    docs = Path(__file__).parents[3] / "docs" / "questionnaires.md"
    assert rules_table() in docs.read_text(encoding="utf-8")
