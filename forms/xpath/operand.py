"""Compiled pieces of an expression, and how functions are declared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forms.errors import UnsupportedForm
from forms.xpath.context import Item, World
from forms.xpath.shape import Shape
from forms.xpath.syntax import Expr
from forms.xpath.values import Value

# `Here` is what '.' stands for: a node of the submission, or a Row of a list in a predicate. A node
# in a repeat is an Item; any other is its index, and `world.at` makes an Item of it for whoever
# needs more than its value
Here = Any
Evaluator = Callable[[World, Here], Value]
ManyValues = Callable[[World, Here], Sequence[Value]]
ManyItems = Callable[[World, Here], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Operand:
    """A compiled sub-expression.

    `values` and `nodes` are there for paths only; `plural` where more than one node may answer.
    `column` is the index of the node that is read, where it is in no repeat: what works on such an
    answer can take it from `world.values` itself, without a call.
    """

    tree: Expr
    value: Evaluator
    values: ManyValues | None = None
    nodes: ManyItems | None = None
    plural: bool = False
    target: Shape | None = None
    constant: Value | None = None
    column: int | None = None

    def all_values(self) -> ManyValues:
        """Every node's value; a single value counts as one node."""
        if self.values is not None:
            return self.values
        one = self.value
        return lambda world, here: (one(world, here),)


@dataclass(slots=True)
class Facts:
    """What compiling found out about an expression."""

    reads: set[str] = field(default_factory=set)  # paths of nodes it depends on
    itemsets: set[str] = field(default_factory=set)  # paths whose choices it names
    clock: bool = False  # asks for today() or now()
    localised: bool = False  # its result depends on the language
    volatile: bool = False  # may differ each time: chance, identity, the time of day
    doubts: list[str] = field(default_factory=list)  # what is valid, but hardly meant


Build = Callable[["Context", Sequence[Operand]], Evaluator]


@dataclass(slots=True)
class Context:
    """What a function may ask while it is compiled."""

    facts: Facts
    itemset_at: Callable[[str], "ChoiceFinder"]
    texts: Callable[[str, str], str]  # itext: (id, language) → text
    path: Callable[[str], Operand]  # compile a path given as a literal
    source: str
    filtering: bool = False  # within a predicate

    def refuse(self, what: str) -> UnsupportedForm:
        """Name what is beyond the subset and where."""
        return UnsupportedForm(f"{what} in: {self.source[:200]}")


# the label of a choice: (world, item with the question, value) → text
ChoiceFinder = Callable[[World, Item, str], str]


@dataclass(frozen=True, slots=True)
class Function:
    """A function with its arity; `most` is None where any number may follow."""

    build: Build
    least: int
    most: int | None
    many: "Callable[[Context, Sequence[Operand], Expr], Operand] | None" = None  # gives nodes


Functions = Mapping[str, Function]


def of_one(call: Callable[[Value], Value], operand: Operand) -> Evaluator:
    """Apply a function to one evaluated argument."""
    column, value = operand.column, operand.value
    if column is not None:
        return lambda world, _here: call(world.values[column])
    return lambda world, here: call(value(world, here))


def _of_two(call: Callable[[Value, Value], Value], left: Operand, right: Operand) -> Evaluator:
    one, two, column, constant = left.value, right.value, left.column, right.constant
    if constant is None:
        return lambda world, here: call(one(world, here), two(world, here))
    if column is None:
        return lambda world, here: call(one(world, here), constant)
    return lambda world, _here: call(world.values[column], constant)


def eager(call: Callable[..., Value], least: int, most: int | None = -1) -> Function:
    """Declare a function of its evaluated arguments; `most` defaults to `least`."""

    def build(_: Context, operands: Sequence[Operand]) -> Evaluator:
        parts = [operand.value for operand in operands]
        if not parts:
            return lambda _world, _here: call()
        if len(parts) == 1:
            return of_one(call, operands[0])
        if len(parts) == 2:  # noqa: PLR2004 - two arguments
            return _of_two(call, *operands)
        return lambda world, here: call(*[part(world, here) for part in parts])

    return Function(build, least, least if most == -1 else most)
