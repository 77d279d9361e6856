"""Each row breaks one rule about expressions; beside it stands how it is meant."""

import pytest

from forms.compile import compile_source
from forms.lint import lint, lint_xform
from forms.markdown_file import read_markdown
from forms.xform import read_xform

FORM = """
| form_id | version | form_title | default_language |
|---|---|---|---|
| tiny | 2026010101 | Tiny | Indonesia (id) |

| list_name | name | label::Indonesia (id) |
|---|---|---|
| yes_no | 1 | Ya |
| yes_no | 2 | Tidak |

| type | name | label::Indonesia (id) |
|---|---|---|
| time | opens | Buka |
| date | day | Hari |
| integer | age | Umur |
| decimal | money | Uang |
| text | words | Kata |
| select_one yes_no | one | Satu |
| select_multiple yes_no | many | Banyak |
| begin repeat | person | Orang |
| integer | paid | Dibayar |
| decimal | earned | Diterima |
| end repeat | | |
| text | subject | Isi |

| name | required | constraint |
|---|---|---|
| earned | yes | `. >= 0` |

| name | {column} |
|---|---|
| subject | {rule} |
"""


def codes(column: str, rule: str, *, subject: str = "text") -> list[str]:
    text = FORM.format(column=column, rule=f"`{rule}`").replace(
        "| text | subject", f"| {subject} | subject"
    )
    source = read_markdown(text.encode(), "tiny.md")
    return [remark.code for remark in lint(source) if remark.code.startswith("X")]


CASES = [
    ("relevant", "X01", "${opens} > '08:00'", "decimal-time(${opens}) > 0.3"),
    ("calculation", "X02", "sum(${paid})", "sum(${earned})"),
    ("calculation", "X02", "sum(${paid})", "sum(${paid}[. != ''])"),
    ("calculation", "X03", "max(${paid}[. != ''])", "max(${earned})"),
    ("relevant", "X04", "${many} = '1'", "selected(${many}, '1')"),
    ("relevant", "X05", "${one} = '3'", "${one} = '2'"),
    ("relevant", "X05", "selected(${many}, '7')", "selected(${many}, '2')"),
    ("relevant", "X06", "${day} > '2026-05-01'", "${day} > date('2026-05-01')"),
    ("relevant", "X06", "'2026-05-01' <= today()", "date('2026-05-01') <= today()"),
    ("relevant", "X07", "${day} > date('2026-02-30')", "${day} > date('2026-02-28')"),
    ("calculation", "X08", "lenght(${words})", "string-length(${words})"),
    ("constraint", "X09", "string-length(${age}) = 3", "string-length(${words}) = 3"),
    ("calculation", "X10", "position(..)", "1"),
    ("relevant", "X11", "selected(${words}, 'a')", "${words} = 'a'"),
    ("calculation", "X12", "count(${words})", "count(${person})"),
    ("relevant", "X13", "../words = 'a'", "count(${person}[earned = current()/../words]) = 1"),
    ("constraint", "X14", "${subject} != ''", ". != ''"),
    ("relevant", "X15", "${age} < 3000000000", "${money} < 3000000000"),
    ("constraint", "X16", ". >= today()", ". <= today()"),
    ("relevant", "X17", "false()", "true()"),
    ("relevant", "X17", "1 = 2", "1 = 1"),
    ("calculation", "X18", "uuid()", "once(uuid())"),
]


@pytest.mark.parametrize(("column", "code", "wrong", "right"), CASES)
def test_a_doubtful_rule_is_named_and_its_correction_is_not(
    column: str, code: str, wrong: str, right: str
) -> None:
    assert codes(column, wrong) == [code]
    assert codes(column, right) == []


def test_a_time_compared_by_a_dot_is_named() -> None:
    assert codes("constraint", ". > ${opens}", subject="time") == ["X01"]


def test_a_remark_says_where_what_and_what_to_do_in_both_languages() -> None:
    text = FORM.format(column="relevant", rule="`${one} = '3'`")
    (remark,) = (r for r in lint(read_markdown(text.encode(), "tiny.md")) if r.code == "X05")
    assert remark.severity == "error"
    assert remark.path == "/data/subject"
    assert remark.told("en") == (
        "tiny.md, line 32, column “relevant”: one has no choice “3”. "
        "Write one of the codes of its list: 1, 2."
    )
    assert remark.told("id").startswith("tiny.md, baris 32, kolom “relevant”: one tidak memiliki")


def test_an_xform_alone_is_linted_by_its_nodes() -> None:
    text = FORM.format(column="relevant", rule="`${one} = '3'`")
    compiled = compile_source(read_markdown(text.encode(), "tiny.md"))
    remarks = lint_xform(read_xform(compiled.xform))
    assert [(r.code, r.path, r.place) for r in remarks] == [
        ("T02", "/data/person/earned", None),
        ("X05", "/data/subject", None),
    ]
    assert remarks[1].told("en").startswith("/data/subject: one has no choice")
