"""Text of an expression → tokens."""

import re
from typing import NamedTuple

from forms.errors import XPathError

MAX_LENGTH = 20_000

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<name>[^\W\d][\w.\-]*(?::(?!:)[^\W\d][\w.\-]*)?)
    | (?P<symbol>::|//|\.\.|!=|<=|>=|[./()\[\]@,+\-=<>|*$])
    )""",
    re.VERBOSE,
)
# after one of these a name or a star starts an operand; after anything else it is an operator
_BEFORE_OPERAND = frozenset(
    ["", "::", "@", "(", "[", ",", "/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">="]
)
_WORDS = frozenset(["and", "or", "div", "mod"])


class Token(NamedTuple):
    """`kind` is number, text, name, symbol, operator or end."""

    kind: str
    text: str
    offset: int


def tokens(expression: str) -> list[Token]:
    """Split an expression; the last token is of kind 'end'. Raises XPathError."""
    if len(expression) > MAX_LENGTH:
        raise XPathError(
            f"Longer than {MAX_LENGTH} characters: split it into calculations", expression, 0
        )
    found: list[Token] = []
    position, length = 0, len(expression.rstrip())
    while position < length:
        match = _TOKEN.match(expression, position, length)
        if match is None:
            raise XPathError("This character starts nothing known", expression, position)
        kind = match.lastgroup or ""
        text, start = match[kind], match.start(kind)
        found.append(Token("operator" if _is_operator(text, found) else kind, text, start))
        position = match.end()
    found.append(Token("end", "", length))
    return found


def _is_operator(text: str, before: list[Token]) -> bool:
    """Tell `a div b` from a node called div, as XPath 1.0 §3.7 says."""
    if text not in _WORDS and text != "*":
        return False
    if not before:
        return False
    last = before[-1]
    return not (last.kind == "operator" or (last.kind == "symbol" and last.text in _BEFORE_OPERAND))
