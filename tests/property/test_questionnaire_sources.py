"""Whatever strangers write into tables: compiled or refused, linted without a stumble."""

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.compile import Compiled, compile_source
from forms.errors import FormsError
from forms.lint import lint, lint_xform
from forms.markdown_file import read_markdown
from forms.places import DefinitionError
from forms.source import Source
from forms.workbook_unfold import unfold
from forms.workbook_write import write_source
from forms.xform import read_xform

NAMES = st.sampled_from(["a", "b", "c", "if", "É", "a b", "", "meta"])
ASKED = [
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "note",
    "calculate",
    "select_one l",
    "rank l",
]
OTHERS = ["select_multiple l", "select_one_from_file f.csv", "hidden", "start", "audit", "image"]
CONTROLS = ["begin group", "end group", "begin repeat", "end repeat", "tekst", "select_one"]
TYPES = st.sampled_from([*ASKED, *OTHERS, *CONTROLS])
ATOMS = [
    "${a}",
    "${b}",
    "${x}",
    ".",
    "..",
    "'1'",
    "'2026-02-30'",
    "'\u0661-²-3'",
    "1",
    "today()",
    "uuid()",
]
CALLS = [
    "sum(",
    "max(",
    "count(",
    "selected(",
    "regex(",
    "position(",
    "string-length(",
    "once(",
    "(",
]
EXPRESSION = st.lists(
    st.sampled_from(
        [*ATOMS, *CALLS, ")", ",", " = ", " > ", " and ", " div ", "[", "]", "/", "'['"]
    ),
    min_size=1,
    max_size=8,
).map("".join)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
COLUMNS = ["relevant", "constraint", "calculation", "required", "choice_filter", "repeat_count"]
CELL = st.one_of(EXPRESSION, TEXT).map(lambda text: text.replace("|", "/"))


@st.composite
def forms(draw: st.DrawFn) -> str:
    columns = draw(st.lists(st.sampled_from([*COLUMNS, "default", "label", "lable"]), unique=True))
    rows = [
        [draw(TYPES), draw(NAMES), *(draw(st.one_of(st.just(""), CELL)) for _ in columns)]
        for _ in range(draw(st.integers(0, 6)))
    ]
    lines = [["", "type", "name", *columns], *(["", *row] for row in rows)]
    survey = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    codes = draw(st.lists(st.sampled_from(["1", "01", "a b", "", "é"]), max_size=4))
    choices = "\n".join(f"| | l | {code} | L |" for code in codes)
    return f"| survey |\n{survey}\n| choices |\n| | list_name | name | label |\n{choices}\n"


def compiled(source: Source) -> Compiled | None:
    try:
        return compile_source(source)
    except DefinitionError:
        return None


@settings(max_examples=200)
@given(forms())
def test_any_table_is_compiled_or_refused_and_always_linted(text: str) -> None:
    source = read_markdown(text.encode(), "any.md")
    done = compiled(source)
    assert all(remark.told("id") and remark.told("en") for remark in lint(source, done))
    if done is None:
        return
    try:
        form = read_xform(done.xform)
    except FormsError:
        return
    assert all(remark.told("id") for remark in lint_xform(form))
    lint(source, done, before=form)


@settings(max_examples=60)
@given(forms())
def test_any_table_goes_to_a_workbook_and_back_or_is_refused(text: str) -> None:
    source = read_markdown(text.encode(), "any.md")
    try:
        files = unfold(write_source(source), "any.xlsx")
    except DefinitionError:
        return
    assert set(files) <= {"survey.md", "choices.md"}
