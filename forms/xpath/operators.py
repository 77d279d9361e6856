"""Operators as pieces of Python, with shortcuts for the comparisons that forms are made of."""

from collections.abc import Callable, Sequence

from forms.xpath.context import World
from forms.xpath.operand import Evaluator, Here, Operand
from forms.xpath.pieces import Piece, calling, joined, number, truth
from forms.xpath.values import Value, equal, to_number

_BLANK = ("",)

Compare = Callable[[Value, Value], bool]


def logic(name: str, parts: Sequence[Operand]) -> Piece:
    """`and` / `or`, stopping at the first part that decides."""
    template = f"({f' {name} '.join(['{}'] * len(parts))})"
    return joined(template, *[truth(part.piece) for part in parts], kind=bool)


def minus(operand: Operand) -> Piece:
    """Unary minus."""
    return joined("(-{})", number(operand.piece), kind=float)


def binary(name: str, left: Operand, right: Operand) -> Piece:
    """Compile one binary operator."""
    if name in _ARITHMETIC:
        return joined(_ARITHMETIC[name], number(left.piece), number(right.piece), kind=float)
    if left.plural or right.plural:
        return calling(_any_pair(_COMPARISONS[name], left, right))
    if name in _ORDERS:
        return joined(f"({{}} {name} {{}})", number(left.piece), number(right.piece), kind=bool)
    same = _same(left.piece, right)
    return same if name == "=" else joined("(not {})", same, kind=bool)


def _same(left: Piece, right: Operand) -> Piece:
    """`=`; most often an answer is compared with a text or a number."""
    other = right.piece
    if type(right.constant) is str:
        return joined(
            "(v == {} if type(v := {}) is str else equal(v, {}))", other, left, other, kind=bool
        )
    if type(right.constant) is float:
        return joined(
            "(abs(v - {}) < SAME if type(v := {}) is float else equal(v, {}))",
            other, left, other, kind=bool,
        )  # fmt: skip
    return joined("equal({}, {})", left, other, kind=bool)


def _any_pair(compare: Compare, left: Operand, right: Operand) -> Evaluator:
    """XPath 1.0: a node set compares when any of its nodes does; an empty one compares as ''."""
    ones, others = left.all_values(), right.all_values()

    def evaluate(world: World, here: Here) -> bool:
        choices, candidates = others(world, here) or _BLANK, ones(world, here) or _BLANK
        world.spend(len(candidates) * len(choices))
        return any(compare(one, other) for one in candidates for other in choices)

    return evaluate


def _different(one: Value, other: Value) -> bool:
    return not equal(one, other)


_ORDERS = frozenset(["<", "<=", ">", ">="])
_COMPARISONS: dict[str, Compare] = {
    "=": equal,
    "!=": _different,
    "<": lambda one, other: to_number(one) < to_number(other),
    "<=": lambda one, other: to_number(one) <= to_number(other),
    ">": lambda one, other: to_number(one) > to_number(other),
    ">=": lambda one, other: to_number(one) >= to_number(other),
}
_ARITHMETIC = {
    "+": "({} + {})",
    "-": "({} - {})",
    "*": "({} * {})",
    "div": "divide({}, {})",
    "mod": "remainder({}, {})",
}
