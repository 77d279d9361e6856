"""The tree that the parser builds: plain, frozen, comparable."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted literal."""

    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric literal."""

    value: float


@dataclass(frozen=True, slots=True)
class Negation:
    """Unary minus."""

    operand: "Expr"


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic or comparison: + - * div mod = != < <= > >=."""

    operator: str
    left: "Expr"
    right: "Expr"


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` over two or more operands, flattened so that long chains stay shallow."""

    operator: str
    operands: "tuple[Expr, ...]"


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    name: str
    arguments: "tuple[Expr, ...]"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path; `name` is '*' for any child and '' for self and parent."""

    axis: str  # child, attribute, self or parent
    name: str
    predicates: "tuple[Expr, ...]" = ()


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the document root ('root'), the context node ('here') or a call's nodes."""

    start: "str | Call"
    steps: tuple[Step, ...]


Expr = Text | Number | Negation | Binary | Logic | Call | Path
