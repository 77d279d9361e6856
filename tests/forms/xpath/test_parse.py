import pytest

from forms.errors import UnsupportedForm, XPathError
from forms.xpath.lexer import MAX_LENGTH
from forms.xpath.parse import parse
from forms.xpath.syntax import Binary, Call, Logic, Negation, Number, Path, Step, Text


def test_precedence_and_words_that_are_names_or_operators() -> None:
    one, two = Number(1), Number(2)
    assert parse("1 + 2 * 1") == Binary("+", one, Binary("*", two, one))
    assert parse("1 - 2 - 1") == Binary("-", Binary("-", one, two), one)
    assert parse("div div div") == Binary("div", _child("div"), _child("div"))
    assert parse("* * *") == Binary("*", _child("*"), _child("*"))
    assert parse("-1") == Negation(one)
    assert parse("'a' or 'b' or 'c'") == Logic("or", (Text("a"), Text("b"), Text("c")))
    assert parse("1 = 1 and 'b'") == Logic("and", (Binary("=", one, one), Text("b")))


def test_paths() -> None:
    up = Step("parent", "")
    assert parse(" /data/a ") == Path("root", (Step("child", "data"), Step("child", "a")))
    assert parse("../orx:meta") == Path("here", (up, Step("child", "meta")))
    assert parse("self::node()/child::b/parent::node()") == Path(
        "here", (Step("self", ""), Step("child", "b"), up)
    )
    assert parse("/data/@id") == Path("root", (Step("child", "data"), Step("attribute", "id")))
    assert parse("attribute::id") == Path("here", (Step("attribute", "id"),))
    assert parse("current()/.") == Path(Call("current", ()), (Step("self", ""),))
    assert parse("a[1]") == Path("here", (Step("child", "a", (Number(1),)),))


@pytest.mark.parametrize(
    ("expression", "offset"),
    [
        ("", 0),
        ("1 +", 3),
        ("f(1", 3),
        ("a b", 2),
        ("(1", 2),
        ("a[1", 3),
        ("#", 0),
        ("'open", 0),
        ("$x", 0),
        ("1" * (MAX_LENGTH + 1), 0),
    ],
)
def test_what_is_not_xpath_says_where(expression: str, offset: int) -> None:
    with pytest.raises(XPathError) as caught:
        parse(expression)
    assert caught.value.offset == offset
    assert caught.value.expression == expression


@pytest.mark.parametrize(
    "expression",
    [
        "//a",
        "a//b",
        "@*",
        "ancestor::a",
        "self::a",
        "a | b",
        "(a)/b",
        "f()[1]",
        "a/text()",
        "child::node()",
    ],
)
def test_what_is_xpath_but_beyond_the_subset_is_named(expression: str) -> None:
    with pytest.raises(UnsupportedForm, match="not supported"):
        parse(expression)


def test_depth_and_length_are_bounded() -> None:
    for deep in ("(" * 200 + "1" + ")" * 200, "f(" * 200, "a[" * 200, "1+" * 200 + "1"):
        with pytest.raises(XPathError):
            parse(deep)
    assert len(parse("a or " * 500 + "a").operands) == 501  # type: ignore[union-attr] # a Logic


def _child(name: str) -> Path:
    return Path("here", (Step("child", name),))
