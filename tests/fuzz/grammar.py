"""Bytes as decisions: an expression, a submission or a form that is nearly right.

Random bytes rarely get past a parser. Read as choices in a grammar they reach what lies behind it,
and a fuzzer that mutates the bytes still mutates the outcome.
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from forms.xpath.functions import FUNCTIONS

DEEPEST = 12
_NAMES = tuple(sorted(FUNCTIONS))
_PATHS = (
    ".", "..", "../n", "../paid", "../ok", "../many", "../day", "../word", "/data/n", "/data/visit",
    "/data/visit/paid", "/data/visit/ok", "/data/spot", "/data/then", "/data/many", "/data/k",
    "current()",
    "current()/..", "current()/../ok", "../../visit", "*", "../*", "/data/*", "/data",
    "instance('kbli')/root/item", "instance('kbli')/root/item/label", "instance('yn')/root/item",
)  # fmt: skip
_LITERALS = (
    "0", "1", "-1", "2.5", "1e3", "99999999999999999999", ".5", "''", "'1'", "'1 2'", "'a+'",
    "'NaN'",
    "'2026-06-15'", "'2026-06-15T10:00:00.000+07:00'", "'10:30'", "'%Y-%n'", "'-6.9 109.6 0 4'",
    "'kbli'", "'name'", "'MD5'", "'base64'", "'(a|b)*c'", "true()", "'/data/n'", "\"it's\"",
)  # fmt: skip
_OPERATORS = ("+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or", "|")


class Decisions:
    """Choices made by bytes; when they are used up, every choice is the first."""

    def __init__(self, data: bytes) -> None:
        self._bytes: Iterator[int] = iter(data)

    def below(self, limit: int) -> int:
        """Give a number from 0 to below `limit`."""
        return next(self._bytes, 0) % limit

    def one(self, choices: Sequence[str]) -> str:
        """Give one of the choices."""
        return choices[self.below(len(choices))]


def expression(choose: Decisions, depth: int = 0) -> str:  # noqa: PLR0911 - one for each kind
    """Give an expression."""
    kind = choose.below(8) if depth < DEEPEST else choose.below(2)
    match kind:
        case 0:
            return choose.one(_LITERALS)
        case 1 | 2:
            return choose.one(_PATHS)
        case 3:
            return f"{choose.one(_PATHS)}[{expression(choose, depth + 1)}]"
        case 4:
            return f"-{expression(choose, depth + 1)}"
        case 5:
            return f"({expression(choose, depth + 1)})"
        case 6:
            left, right = expression(choose, depth + 1), expression(choose, depth + 1)
            return f"{left} {choose.one(_OPERATORS)} {right}"
        case _:
            return _call(choose, depth)


def _call(choose: Decisions, depth: int) -> str:
    name = choose.one(_NAMES)
    least = FUNCTIONS[name].least
    given = [expression(choose, depth + 1) for _ in range(least + choose.below(3))]
    return f"{name}({', '.join(given)})"


_TAGS = ("n", "day", "spot", "visit", "paid", "at", "ok", "made", "many", "then", "word", "sum",
         "k", "meta", "instanceID", "odd")  # fmt: skip
_TEXTS = (
    "", "1", "2", "3", "-1", "1e3", "NaN", "0.1", "1 2", "1 1", "9", "2026-06-15", "2026-02-30",
    "2026-06-15T10:00:00.000+07:00", "10:30:00.000+07:00", "-6.9 109.6 0 4", "91 181", "aaa", "ab",
    "13134", "uuid:1", " 1 ", "99999999999999999999999", "-0", "true", "\u0661", "x" * 300,
)  # fmt: skip


def submission(choose: Decisions) -> str:
    """Give a submission of the small form, with answers missing, wrong, moved and repeated."""
    version = choose.one(("1", "2", ""))
    return f'<data id="test" version="{version}">{_elements(choose, 0)}</data>'


def _elements(choose: Decisions, depth: int) -> str:
    return "".join(_element(choose, depth) for _ in range(choose.below(9)))


def _element(choose: Decisions, depth: int) -> str:
    tag = choose.one(_TAGS)
    nested = tag in ("visit", "meta") or choose.below(12) == 0
    inner = _elements(choose, depth + 1) if nested and depth < DEEPEST else _text(choose)
    return f"<{tag}>{inner}</{tag}>"


def _text(choose: Decisions) -> str:
    return escape(choose.one(_TEXTS))


_TYPES = ("string", "int", "decimal", "date", "dateTime", "time", "geopoint", "select1", "binary",
          "boolean", "barcode", "odk:rank", "nothing")  # fmt: skip
_CONTROLS = ("input", "select1", "select", "trigger", "upload", "range", "input", "input")
_RULES = ("relevant", "constraint", "calculate", "required", "readonly")
_ATTRIBUTES = (
    'jr:preload="timestamp" jr:preloadParams="start"', 'jr:preload="uid"', "", "",
    'jr:constraintMsg="no"', 'jr:constraintMsg="jr:itext(\'a:label\')"', "", "",
)  # fmt: skip
_WHOLE = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" \
xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms"><h:head>\
<h:title>t</h:title><model><instance><data id="x" version="1">{tree}<meta><instanceID/></meta>\
</data></instance><instance id="yn"><root><item><name>1</name><label>A</label></item></root>\
</instance><instance id="kbli" src="jr://file-csv/kbli.csv"/>{binds}</model></h:head>\
<h:body>{body}</h:body></h:html>"""


class _Form:
    """The parts of a form while it is made."""

    def __init__(self, choose: Decisions) -> None:
        self.choose = choose
        self.binds: list[str] = []
        self.count = 0

    def nodes(self, path: str, depth: int) -> tuple[str, str]:
        """Give elements of the instance below a path, and the controls about them."""
        made = [self.node(path, depth) for _ in range(1 + self.choose.below(5))]
        return "".join(tree for tree, _ in made), "".join(body for _, body in made)

    def node(self, parent: str, depth: int) -> tuple[str, str]:
        name = self.choose.one(("n", "visit", "paid", "ok", "many", "day", "word", "k"))
        self.count += 1
        name = f"{name}{self.count}" if self.choose.below(8) else name
        path = f"{parent}/{name}"
        kind = self.choose.below(6) if depth < 4 and self.count < 40 else 0
        self.bind(path)
        if kind < 4:
            return f"<{name}/>", self.control(path)
        tree, body = self.nodes(path, depth + 1)
        if kind == 4:
            return f"<{name}>{tree}</{name}>", f'<group ref="{path}">{body}</group>'
        count = f" jr:count={quoteattr(expression(self.choose, 9))}" if self.choose.below(2) else ""
        body = f'<group ref="{path}"><repeat nodeset="{path}"{count}>{body}</repeat></group>'
        template = ' jr:template=""' if self.choose.below(2) else ""
        return f"<{name}{template}>{tree}</{name}>", body

    def control(self, path: str) -> str:
        if self.choose.below(6) == 0:
            return ""
        kind = self.choose.one(_CONTROLS)
        inner = "<label>Q</label><hint>H</hint>"
        if kind.startswith("select"):
            where = f"instance('yn')/root/item[{expression(self.choose, 9)}]"
            inner += (
                "<item><label>A</label><value>1</value></item>"
                if self.choose.below(2)
                else f"<itemset nodeset={quoteattr(where)}><value ref='name'/>"
                "<label ref='label'/></itemset>"
            )
        return f'<{kind} ref="{path}">{inner}</{kind}>'

    def bind(self, path: str) -> None:
        rules = {
            self.choose.one(_RULES): expression(self.choose, 8) for _ in range(self.choose.below(3))
        }
        told = " ".join(f"{name}={quoteattr(source)}" for name, source in rules.items())
        kind = self.choose.one(_TYPES)
        self.binds.append(
            f'<bind nodeset="{path}" type="{kind}" {told} {self.choose.one(_ATTRIBUTES)}/>'
        )


def form(choose: Decisions) -> str:
    """Give a form."""
    made = _Form(choose)
    tree, body = made.nodes("/data", 0)
    return _WHOLE.format(tree=tree, binds="".join(made.binds), body=body)
