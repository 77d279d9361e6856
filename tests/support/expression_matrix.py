"""Expressions by combination: every operator and function on every kind of operand."""

from collections.abc import Iterator, Sequence
from itertools import product

_OPERANDS = (
    "''",
    "' '",
    "'0'",
    "'1'",
    "' 7 '",
    "'-0.5'",
    "'1e3'",
    "'abc'",
    "'true'",
    "'2026-01-31'",
    "'2026-01-31T10:00:00.000+07:00'",
    "0",
    "1",
    "-1.5",
    "0.1 + 0.2",
    "2147483648",
    "1 div 0",
    "0 div 0",
    "true()",
    "false()",
    "date('2026-01-31')",
    "now()",
    "/data/i",
    "/data/j",
    "/data/d",
    "/data/t",
    "/data/yes",
    "/data/total",
)
_OPERATORS = ("+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or")
_KEPT = 5  # one in so many pairs of operands, taken in turn
_NUMERIC = (
    "abs",
    "sqrt",
    "exp",
    "exp10",
    "log",
    "log10",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "int",
    "round",
    "number",
)
_ONE = ("string", "boolean", "boolean-from-string", "not", "string-length", "normalize-space")
_TIMES = ("date", "date-time", "decimal-date-time", "decimal-time")
_NUMBERS = (
    "0",
    "-0",
    "1",
    "-1",
    "0.5",
    "-0.5",
    "1.5",
    "2.5",
    "-2.5",
    "-1.5001",
    "1000000",
    "123456789.125",
    "1 div 3",
    "-1 div 3",
    "1 div 0",
    "-1 div 0",
    "0 div 0",
    "''",
    "'x'",
    "true()",
    "/data/d",
)
_MOMENTS = (
    "'2026-01-31'",
    "'2024-02-29'",
    "'2026-02-29'",
    "'2026-1-5'",
    "'1969-12-31'",
    "'0001-01-01'",
    "'2026-05-20T10:30:00'",
    "'2026-05-20T10:30:00Z'",
    "'2026-05-20T10:30:00.250+07:00'",
    "'2026-05-20T23:30:00.000-05:00'",
    "'2026-05-20T24:00:00.000+07:00'",
    "'2026-05-20 10:30'",
    "'10:30'",
    "'10:30:15.500+07:00'",
    "'23:59:59.999Z'",
    "''",
    "'abc'",
    "0",
    "19000",
    "19000.5",
    "-1.25",
    "today()",
    "now()",
    "true()",
)
_LAYOUTS = (
    "%Y-%m-%d",
    "%y %n %e",
    "%d/%m/%Y",
    "%b",
    "%a",
    "%H:%M:%S",
    "%h.%3",
    "%Y%%",
    "week %W",
    "no escapes",
    "%Q",
    "",
)
_TEXTS = ("''", "'a'", "'Batik Sekar'", "' dua  kata '", "'é𝛑ß'", "'a1b22'", "12.50", "/data/t")


def matrix() -> Iterator[str]:
    """Give every combination, in an order that never changes."""
    yield from _binary()
    yield from _precedence()
    yield from (f"{name}({one})" for name, one in product(_NUMERIC, _NUMBERS))
    yield from (f"{name}({one})" for name, one in product(_ONE, _OPERANDS))
    yield from (f"{name}({one})" for name, one in product(_TIMES, _MOMENTS))
    yield from (f"if({one}, 'yes', 'no')" for one in _OPERANDS)
    yield from (f"coalesce({one}, 'other')" for one in _OPERANDS)
    yield from (f"-({one})" for one in _OPERANDS)
    yield from (f"concat({one}, '')" for one in _OPERANDS)
    yield from _rounding()
    yield from _layouts()
    yield from _text()
    yield from _gathering()
    yield from _lists()
    yield from _faulty()


def _binary() -> Iterator[str]:
    for place, (operator, left, right) in enumerate(product(_OPERATORS, _OPERANDS, _OPERANDS)):
        if (place * 7) % (_KEPT * 3 + 2) == 0:
            yield (
                f"({left}) {operator} ({right})"
                if " " in left + right
                else (f"{left} {operator} {right}")
            )


def _precedence() -> Iterator[str]:
    yield from (
        "1 + 2 * 3",
        "(1 + 2) * 3",
        "10 - 2 - 3",
        "2 * 3 mod 4",
        "8 div 2 div 2",
        "-2 * -3",
        "- 2 - - 3",
        "1 < 2 < 3",
        "3 > 2 > 1",
        "1 = 1 = 1",
        "1 + 1 = 2 and 2 + 2 = 4",
        "true() or false() and false()",
        "not(true() or false()) = false()",
        "1 = 1 or 1 div 0 = 2",
        "'a' = 'a' and 'a' != 'A'",
        "1.0 = '1'",
        "'1' = '1.0'",
        "'01' = 1",
        "'a' < 'b'",
        "'10' < '9'",
        "0.1 + 0.2 = 0.3",
        "1000000000000 = 1000000000000.5",
        "1 = 1.0000000000001",
        "1 = 1.000001",
        "/data/i + /data/j - /data/i",
        "/data/i*2",
        "/data/i div/data/j",
        "5 mod -3",
        "-5 mod 3",
        "5.5 mod 2",
        "5 mod 0",
        "1e3",
        "1.5e2 + 1",
        ".5 + .5",
        "5. + 1",
        "00012",
        "123456789012345678901234567890",
        "'single \"double\" inside'",
        "\"double 'single' inside\"",
        "  1   +\n1 ",
        "number('  12  ')",
        "pi()",
        "pi() * 2",
        "true() + true()",
        "true() = 1",
        "true() = 'true'",
        "false() = ''",
        "false() = 0",
        "'' = 0",
        "'' < 1",
    )


def _rounding() -> Iterator[str]:
    for value, places in product(
        ("1.005", "-1.005", "2.5", "1234.567", "''", "'x'"), (-2, 0, 1, 2)
    ):
        yield f"round({value}, {places})"
    for base, power in product(("2", "-2", "0", "2.5", "''"), ("10", "0.5", "-1", "0", "''")):
        yield f"pow({base}, {power})"
    for y, x in product(("0", "1", "-1"), ("0", "1", "-1")):
        yield f"atan2({y}, {x})"


def _layouts() -> Iterator[str]:
    for moment, layout in product(_MOMENTS, _LAYOUTS):
        yield f"format-date-time({moment}, '{layout}')"
    for moment, layout in product(_MOMENTS[:16], _LAYOUTS[:5]):
        yield f"format-date({moment}, '{layout}')"


def _text() -> Iterator[str]:
    for text, part in product(_TEXTS, ("''", "'a'", "' '", "'ik'", "2")):
        for name in ("contains", "starts-with", "ends-with", "substring-before", "substring-after"):
            yield f"{name}({text}, {part})"
    for text, places in product(
        _TEXTS, ("0", "1", "-1", "0, 2", "1, 3", "2, 1", "-3, -1", "0, 99", "9", "0.6", "1.5, 2.5")
    ):
        yield f"substr({text}, {places})"
    for text, (given, taken) in product(
        _TEXTS, (("ab", "AB"), ("abc", "A"), ("", ""), (" ", "_"), ("aa", "xy"), ("é", "ee"))
    ):
        yield f"translate({text}, '{given}', '{taken}')"
    patterns = (
        "",
        ".*",
        "[a-z]+",
        "[A-Z][a-z]+ [A-Z][a-z]+",
        r"\d+",
        r"\s*\w+",
        "a|b",
        "(a)",
        "^a$",
        "[^a]+",
        "a{1,2}",
        r"\p{L}+",
        "(?i)A",
        "é.ß",
    )
    for text, pattern in product((*_TEXTS, "'13'", "'a b'"), patterns):
        yield f"regex({text}, '{pattern}')"
    for text in _TEXTS:
        yield from (f"digest({text}, '{name}')" for name in ("MD5", "SHA-1", "SHA-256"))
        yield f"digest({text}, 'SHA-384', 'hex')"
        yield f"base64-decode({text})"
        yield f"concat({text}, {text}, 1)"
        yield f"join('-', {text}, {text})"
    yield "base64-decode('QmF0aWsgU2VrYXI=')"
    yield "base64-decode('w6k=')"
    yield "digest('a', 'CRC')"
    yield "concat()"
    yield "concat('a')"
    yield "join(',')"


def _gathering() -> Iterator[str]:
    for name in ("max", "min"):
        yield from (
            f"{name}(1, 2, 3)",
            f"{name}(-1, -2)",
            f"{name}('', 5)",
            f"{name}('a', 5)",
            f"{name}(/data/i, /data/j, /data/d)",
            f"{name}(/data/i)",
            f"{name}('')",
            f"{name}('7')",
            f"{name}()",
        )
    for path in ("/data/i", "/data/t", "/data/*", "/data/nothing"):
        yield from (f"{name}({path})" for name in ("count", "sum", "count-non-empty"))
    yield from ("sum(5)", "count(5)", "count('')", "sum('')")


def _lists() -> Iterator[str]:
    codes: Sequence[str] = ("'a b c'", "'a'", "''", "' a  b '", "/data/t", "12")
    for value, code in product(codes, ("'a'", "'b'", "''", "' '", "'a b'", "1", "12")):
        yield f"selected({value}, {code})"
    for value, place in product(codes, ("0", "1", "2", "-1", "'1'", "''")):
        yield f"selected-at({value}, {place})"
    yield from (f"count-selected({value})" for value in codes)
    for least, most in ((0, 1), (1, 1), (2, 2), (-1, 1), (1, -1), (0, -1), (3, 2)):
        yield f"checklist({least}, {most}, true(), false(), true())"
        yield f"weighted-checklist({least}, {most}, true(), 1, false(), 2, '1', 1.5)"
    yield from ("checklist(1, 1)", "weighted-checklist(1, 2)", "weighted-checklist(1, 2, true())")
    yield from ("depend(1, 2)", "depend('')", "once(1)", "once('')", "version()")


def _faulty() -> Iterator[str]:
    yield from (
        "",
        " ",
        "1 +",
        "+ 1",
        "(1",
        "1)",
        "1 1",
        "foo()",
        "foo(1, 2)",
        "'open",
        "a b",
        "/data/",
        "//",
        "//i",
        "/data//i",
        "@id",
        "/data/@id",
        "$x",
        "1 = = 1",
        "1 ! 2",
        "[1]",
        "/data/i[",
        "/data/i[]",
        "if()",
        "if(1)",
        "not()",
        "not(1, 2)",
        "true(1)",
        "string()",
        "number()",
        "string(1, 2)",
        "substr('a')",
        "concat",
        "pow(1)",
        "regex('a')",
        "regex('a', '[')",
        "translate('a', 'b')",
        "date()",
        "date(1, 2)",
        "format-date('2026-01-31')",
        "selected('a')",
        "count()",
        "count(1, 2)",
        "indexed-repeat(1)",
        "coalesce('a')",
        "coalesce('a', 'b', 'c')",
        "today(1)",
        "pulldata('x')",
        "/data/i | /data/j",
        "ancestor::data",
        "/data/child::i",
        "self::node()",
        "/data/i/text()",
        "/data/i/..",
        "/data/i/.",
        "/data/./i",
        "/data/../data/i",
        "..",
        "/",
        "*",
        "/data/*",
        "1 * *",
        "div div div",
        "1 mod2",
        "2mod 1",
        "true ()",
        "concat ( 'a' , 'b' )",
        "current()",
        "current()/i",
        "current()/../i",
        "string-length(1 = 1)",
        "name()",
        "local-name()",
        "id('a')",
        "lang('en')",
        "floor(1.5)",
        "ceiling(1.5)",
        "substring('abc', 2)",
        "last()",
        "position()",
    )
