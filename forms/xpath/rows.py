"""Paths into choice lists: `instance('kbli')/root/item[name = ${kbli}]/label`.

A filter `column = expression` is answered by an index, so a list of 50,000 rows costs no more than
one of ten.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from forms.xpath.context import Row, Table, World
from forms.xpath.operand import Evaluator, Here, Operand
from forms.xpath.syntax import Binary, Call, Expr, Logic, Negation, Path, Step
from forms.xpath.values import Value, equal, to_bool

T = TypeVar("T")
Source = Callable[[World], Table]
Rows = Callable[[World, Here], Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Filter:
    """One compiled predicate; `positional` where it counts rows."""

    test: Evaluator
    positional: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A predicate `column = expression` whose expression does not look at the row."""

    column: str
    value: Evaluator


def conjuncts(predicates: Sequence[Expr]) -> list[Expr]:
    """Split `a and b` into two filters: the same rows pass."""
    found: list[Expr] = []
    for predicate in predicates:
        if isinstance(predicate, Logic) and predicate.operator == "and":
            found += conjuncts(predicate.operands)
        else:
            found.append(predicate)
    return found


def key_of(predicate: Expr) -> tuple[str, Expr] | None:
    """Return the column and the expression of `column = expression`, either way round."""
    if not isinstance(predicate, Binary) or predicate.operator != "=":
        return None
    for column, other in (
        (predicate.left, predicate.right),
        (predicate.right, predicate.left),
    ):
        name = column_of(column)
        if name and not looks_at_row(other):
            return name, other
    return None


def column_of(expression: Expr) -> str:
    """`name` or `./name` within a row; '' for anything else."""
    if not isinstance(expression, Path) or expression.start != "here":
        return ""
    steps = [step for step in expression.steps if step.axis != "self"]
    if len(steps) != 1 or steps[0].axis != "child" or steps[0].predicates or steps[0].name == "*":
        return ""
    return steps[0].name


def looks_at_row(expression: Expr) -> bool:
    """Whether the result may change from row to row (on the safe side)."""
    match expression:
        case Path(start="here") | Call(name="position" | "last"):
            return True
        case Path(start=start, steps=steps):
            return _steps_look(steps) or (isinstance(start, Call) and looks_at_row(start))
        case Call(arguments=parts) | Logic(operands=parts):
            return any(map(looks_at_row, parts))
        case Binary(left=left, right=right):
            return looks_at_row(left) or looks_at_row(right)
        case Negation(operand=operand):
            return looks_at_row(operand)
        case _:
            return False


def _steps_look(steps: Iterable[Step]) -> bool:
    return any(looks_at_row(p) for step in steps for p in step.predicates)


_YES_OR_NO = frozenset(
    ["not", "boolean", "true", "false", "selected", "contains", "starts-with", "ends-with", "regex"]
)
_COMPARISONS = frozenset(["=", "!=", "<", "<=", ">", ">="])


def counts_rows(predicate: Expr) -> bool:
    """Whether a predicate selects by position: `[1]`, `[position() = 2]`."""
    match predicate:
        case Logic():
            return _names_position(predicate)
        case Binary(operator=operator) if operator in _COMPARISONS:
            return _names_position(predicate)
        case Call(name=name) if name in _YES_OR_NO:
            return _names_position(predicate)
        case _:
            return True


def _names_position(expression: Expr) -> bool:
    match expression:
        case Call(name="position" | "last"):
            return True
        case Call(arguments=parts) | Logic(operands=parts):
            return any(map(_names_position, parts))
        case Binary(left=left, right=right):
            return _names_position(left) or _names_position(right)
        case Negation(operand=operand):
            return _names_position(operand)
        case _:
            return False


def selected_rows(source: Source, key: Key | None, filters: Sequence[Filter]) -> Rows:
    """Rows of a list that pass the key and then every filter, in order."""
    if key is None:
        return lambda world, _here: passing(world, source(world).rows, filters)
    column, wanted = key.column, key.value

    def rows(world: World, here: Here) -> Sequence[Row]:
        found = _by_key(source(world), column, wanted(world, here))
        return passing(world, found, filters)

    return rows


def _by_key(table: Table, column: str, wanted: Value) -> Sequence[Row]:
    if type(wanted) is str:
        return table.index(column).get(wanted, ())
    if type(wanted) is float:
        return table.numbers(column).get(wanted, ())
    return [row for row in table.rows if equal(row.get(column, ""), wanted)]


def passing(world: World, rows: Sequence[Row], filters: Sequence[Filter]) -> Sequence[Row]:
    """Rows that pass every filter; each filter counts positions among what the last one left."""
    for one in filters:
        rows = kept(world, rows, one)
    return rows


def kept(world: World, rows: Sequence[T], one: Filter) -> list[T]:
    """Items or rows that pass one filter; a number selects the node at that position."""
    test = one.test
    if not one.positional:
        return [row for row in rows if to_bool(test(world, row))]
    outer = world.index, world.size
    world.size = len(rows)
    found = []
    for world.index, row in enumerate(rows, 1):
        result = test(world, row)
        if result == world.index if type(result) is float else to_bool(result):
            found.append(row)
    world.index, world.size = outer
    return found


def row_operand(path: Path, rows: Rows, column: str) -> Operand:
    """Return the cells of a column, or the rows themselves where no column is named."""
    if not column:
        return Operand(path, lambda _world, _here: "", nodes=rows, plural=True)

    def value(world: World, here: Here) -> Value:
        found = rows(world, here)
        return found[0].get(column, "") if found else ""

    def values(world: World, here: Here) -> list[Value]:
        return [row.get(column, "") for row in rows(world, here)]

    return Operand(path, value, values, values, plural=True)
