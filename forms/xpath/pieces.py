"""Expressions as Python: operators become text that Python compiles, all else is called.

A chain of operators is one function in this way, and not a call for each of them. The text is put
together from the templates of this project alone. Whatever comes from a form (texts, numbers,
functions, places of nodes) is handed to the function as a value and never written into its text.
"""

from collections.abc import Callable
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

from forms.xpath.values import SAME, Value, divide, equal, remainder, to_bool, to_number

_HOLE = "§"  # a value that is handed over
_DEEP = 20  # levels of one text; what lies deeper is a function of its own
_NAMES: dict[str, Any] = {
    "__builtins__": {},
    "SAME": SAME,
    "abs": abs,
    "divide": divide,
    "equal": equal,
    "float": float,
    "remainder": remainder,
    "str": str,
    "to_bool": to_bool,
    "to_number": to_number,
    "type": type,
}


class Piece:
    """A part of a function's text; `held` are the values of its holes, in order.

    `kind` is the type of the result where it is always the same.
    """

    __slots__ = ("_function", "depth", "held", "kind", "text")

    def __init__(
        self, text: str, held: tuple[Any, ...] = (), kind: type | None = None, depth: int = 0
    ) -> None:
        self.text = text
        self.held = held
        self.kind = kind
        self.depth = depth
        self._function: Callable[[Any, Any], Value] | None = None

    def function(self) -> Callable[[Any, Any], Value]:
        """Return the function of the world and the node that this text is."""
        if self._function is None:
            self._function = FunctionType(_code(self.text), _NAMES, "expression", self.held)
        return self._function


def holding(value: object, kind: type | None = None) -> Piece:
    """Stand for a value."""
    return Piece(_HOLE, (value,), kind)


def calling(function: Callable[[Any, Any], Value]) -> Piece:
    """Call a function of the world and the node."""
    return Piece(f"{_HOLE}(world, here)", (function,))


def column(index: int) -> Piece:
    """Read a node that is in no repeat."""
    return Piece(f"world.values[{_HOLE}]", (index,))


def joined(template: str, *parts: Piece, kind: type | None = None) -> Piece:
    """Fill the places `{}` of a template, in order."""
    depth = 1 + max(part.depth for part in parts)
    if depth > _DEEP:
        parts = tuple(part if not part.depth else _apart(part) for part in parts)
        depth = 1
    held = tuple([value for part in parts for value in part.held])
    return Piece(template.format(*[part.text for part in parts]), held, kind, depth)


def _apart(part: Piece) -> Piece:
    called = calling(part.function())
    called.kind = part.kind
    return called


def number(part: Piece) -> Piece:
    """Make it a number."""
    if part.kind is float:
        return part
    return joined("(n if type(n := {}) is float else to_number(n))", part, kind=float)


def truth(part: Piece) -> Piece:
    """Make it true or false."""
    return part if part.kind is bool else joined("to_bool({})", part, kind=bool)


@lru_cache(maxsize=2_000)
def _code(text: str) -> CodeType:
    """Compile a text; forms are full of the same comparison on another answer."""
    pieces = text.split(_HOLE)
    names = [f"c{place}" for place in range(len(pieces) - 1)]
    body = "".join([part for pair in zip(pieces, [*names, ""], strict=True) for part in pair])
    whole = compile(f"lambda {', '.join(['world', 'here', *names])}: {body}", "<form>", "eval")
    return next(one for one in whole.co_consts if isinstance(one, CodeType))
