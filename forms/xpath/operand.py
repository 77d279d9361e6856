"""Compiled pieces of an expression, and how functions are declared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forms.errors import UnsupportedForm
from forms.xpath.context import Item, World
from forms.xpath.pieces import Piece, calling, holding, joined
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

    `made` is its value, as a function or as a piece of one. `values` and `nodes` are there for
    paths only; `plural` where more than one node may answer.
    """

    tree: Expr
    made: Evaluator | Piece
    values: ManyValues | None = None
    nodes: ManyItems | None = None
    plural: bool = False
    target: Shape | None = None
    constant: Value | None = None

    @property
    def value(self) -> Evaluator:
        """The value, as a function."""
        return self.made.function() if isinstance(self.made, Piece) else self.made

    @property
    def piece(self) -> Piece:
        """The value, as a piece of a function."""
        return self.made if isinstance(self.made, Piece) else calling(self.made)

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


Build = Callable[["Context", Sequence[Operand]], Evaluator | Piece]


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


def of_one(call: Callable[[Value], Value], operand: Operand) -> Piece:
    """Apply a function to one evaluated argument."""
    return joined("{}({})", holding(call), operand.piece)


def eager(call: Callable[..., Value], least: int, most: int | None = -1) -> Function:
    """Declare a function of its evaluated arguments; `most` defaults to `least`."""

    def build(_: Context, operands: Sequence[Operand]) -> Piece:
        arguments = ", ".join(["{}"] * len(operands))
        pieces = [operand.piece for operand in operands]
        return joined(f"{{}}({arguments})", holding(call), *pieces)

    return Function(build, least, least if most == -1 else most)
