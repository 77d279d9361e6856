"""What is fuzzed: plain functions from bytes to nothing. Whatever bytes come, a target returns.

The errors that a door names are answers; anything else that is raised is a finding. Time and
memory are bounded by whoever runs a target.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from forms.codebook.book import codebook
from forms.codebook.conditions import rule
from forms.codebook.ddi import as_ddi
from forms.codebook.document import as_document
from forms.codebook.sentences import Teller
from forms.codebook.trees import absolute
from forms.compile import compile_source
from forms.errors import FormsError
from forms.fill import fill
from forms.instance import Submission, read_submission
from forms.lists import ListTable, StaticLists
from forms.safexml import parse_xml
from forms.schema import Questionnaire
from forms.validate import validate
from forms.workbook import read_workbook
from forms.xform import read_xform
from forms.xpath.parse import parse
from forms.xpath.pattern import Pattern, PatternError
from sync.codecs import stream
from sync.codecs.batch import PullAnswer, decode_push, decode_push_answer
from sync.codecs.openrosa import read_envelope
from sync.codecs.packing import inflate
from sync.errors import Unreadable
from tests.fuzz import grammar
from tests.fuzz.grammar import Decisions
from tests.support.questionnaires import xform

Target = Callable[[bytes], None]

NOON = datetime(2026, 6, 15, 5, 0, tzinfo=UTC)
PLACE = "'the expression'"
TABLE = f"""
    | type | name | relevant | required | constraint | calculation | repeat_count |
    | integer | n | | yes | . < 4 | | |
    | date | day | ${{n}} > 1 | | . <= today() | | |
    | geopoint | spot | | | | | |
    | begin_repeat | visit | | | | | ${{n}} |
    | decimal | paid | | | . >= 0 | | |
    | time | at | | | | | |
    | select_one yn | ok | | | . != ${{paid}} | | |
    | calculate | made | | | | {PLACE} | |
    | end_repeat | | | | | | |
    | select_multiple yn | many | | | | | |
    | dateTime | then | | | | | |
    | text | word | | | regex(., 'a+') | | |
    | calculate | sum | | | | sum(${{paid}}) | |
    | select_one_from_file kbli.csv | k | | | | | |"""
MADE = "/data/visit/made"  # the calculation
CHOICES = "| list_name | name | label |\n| yn | 1 | Ya |\n| yn | 2 | Tidak |"
KBLI = b"name,label,section\n13134,Batik,C\n55111,Hotel,I\n"
LISTS = StaticLists({"kbli": ListTable.from_csv(KBLI)})


@cache
def form_bytes() -> bytes:
    """A small form with every kind of rule; PLACE stands in a calculation of its repeat."""
    return xform(TABLE, CHOICES)


@cache
def small_form() -> Questionnaire:
    """The form, read."""
    return read_xform(form_bytes())


@cache
def answered() -> bytes:
    """A submission of the form with two visits."""
    visit = "<visit><paid>12.5</paid><at>10:30:00.000+07:00</at><ok>1</ok><made/></visit>"
    inner = (
        "<n>2</n><day>2026-06-15</day><spot>-6.9 109.6 0 4</spot>"
        f"{visit * 2}<many>1 2</many><then>2026-06-15T12:00:00.000+07:00</then><word>aaa</word>"
        "<sum>25</sum><k>13134</k><meta><instanceID>uuid:1</instanceID></meta>"
    )
    return f'<data id="test" version="1">{inner}</data>'.encode()


@cache
def tellers() -> Mapping[str, Teller]:
    """Those who tell the rules of the form's calculation."""
    return {language: Teller.of(small_form(), language).about(MADE) for language in ("id", "en")}


def text_of(data: bytes) -> str:
    """Give bytes as text of characters that XML may carry."""
    text = data.decode("utf-8", "ignore")
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t ")


def xpath(data: bytes) -> None:
    """Parse text as an expression; put it into a form, judge a submission, tell it in words."""
    text = text_of(data)
    try:
        tree = parse(text)
        form = read_xform(
            form_bytes().replace(PLACE.encode(), escape(text, {'"': "&quot;"}).encode())
        )
    except FormsError:
        return
    judge(form, read_submission(answered()))
    for language, teller in tellers().items():
        assert teller.statement(rule(tree, MADE, form.nodes)), language
        assert teller.value(absolute(tree, MADE)), language


def form(data: bytes) -> None:
    """Read bytes as a form; fill it, judge what comes of it, and write its codebook."""
    try:
        read = read_xform(data)
    except FormsError:
        return
    book = codebook(read)
    as_document(book)
    parse_xml(as_ddi(book))
    times = {"start": NOON, "end": NOON}
    with suppress(FormsError):
        filled = fill(read, {}, LISTS, instance_id="uuid:1", device_id="", **times)
        judge(read, read_submission(filled))


def submission(data: bytes) -> None:
    """Read bytes as a submission and judge it."""
    with suppress(FormsError):
        judge(small_form(), read_submission(data))


def made_expression(data: bytes) -> None:
    """The same as `xpath`, of an expression that the grammar allows."""
    xpath(grammar.expression(Decisions(data)).encode())


def made_form(data: bytes) -> None:
    """The same as `form`, of a form that is nearly right."""
    form(grammar.form(Decisions(data)).encode())


def made_submission(data: bytes) -> None:
    """The same as `submission`, of nodes that the form has."""
    submission(grammar.submission(Decisions(data)).encode())


def judge(read: Questionnaire, sent: Submission) -> None:
    """Judge, and hold what a finding promises."""
    for finding in validate(read, sent, LISTS).findings:
        assert finding.path.startswith("/")
        assert finding.message


def tables(data: bytes) -> None:
    """Read bytes as a questionnaire in Markdown; compile and read what comes of it."""
    with suppress(FormsError):
        read_xform(compile_source(read_workbook(data, "fuzz.md")).xform)


def workbook(data: bytes) -> None:
    """Read bytes as an Excel workbook."""
    with suppress(FormsError):
        read_workbook(data, "fuzz.xlsx")


def pattern(data: bytes) -> None:
    """Match the second line against the pattern in the first."""
    first, _, second = text_of(data).partition("\n")
    with suppress(PatternError):
        assert Pattern(first).matches(second) in (True, False)


def listing(data: bytes) -> None:
    """Read bytes as a list of choices."""
    with suppress(FormsError):
        table = ListTable.from_csv(data)
        table.index("name")
        table.numbers("name")


def pulled(data: bytes) -> list[PullAnswer]:
    """Read an answer to a pull."""
    return list(stream.read(data.decode(errors="replace").splitlines()))


def codecs(data: bytes) -> None:
    """Read bytes at the doors of sync: a submission, a push, its answer, a feed."""
    with suppress(Unreadable):
        read_envelope(data)
    for read in (decode_push, decode_push_answer, pulled):
        with suppress(Unreadable):
            read(data)
    for encoding in ("gzip", "deflate"):
        with suppress(Unreadable):
            inflate(data, encoding, max_bytes=1_000_000)


_BYTES = (xpath, form, submission, tables, workbook, pattern, listing, codecs)
_MADE = (made_expression, made_form, made_submission)
TARGETS: Mapping[str, Target] = {each.__name__: each for each in (*_BYTES, *_MADE)}
CRASHES = Path(__file__).parent / "crashes"

if __name__ == "__main__":
    print("\n".join(TARGETS))  # noqa: T201 - for the Makefile
