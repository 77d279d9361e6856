"""Paths into choice lists: `instance('kbli')/root/item[name = ${kbli}]/label`.

A filter `column = expression` is answered by an index, so a list of 50,000 rows costs no more than
one of ten. As in JavaRosa, a filter keeps what it is true of: a number is not a position.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from forms.xpath.context import Row, Table, Unknown, World
from forms.xpath.operand import Evaluator, Here, Operand
from forms.xpath.syntax import Binary, Call, Expr, Logic, Negation, Path, Step
from forms.xpath.values import Value, equal

T = TypeVar("T")
Source = Callable[[World], Table]
Rows = Callable[[World, Here], Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Filter:
    """One compiled predicate; `positional` where it asks for position()."""

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
    """`name`, `./name` or `@name` within a row; '' for anything else."""
    if not isinstance(expression, Path) or expression.start != "here":
        return ""
    steps = [step for step in expression.steps if step.axis != "self"]
    return named(steps[0]) if len(steps) == 1 else ""


def named(step: Step) -> str:
    """Return the column that a step names; '' where it does something else."""
    if step.predicates or step.name == "*" or step.axis not in ("child", "attribute"):
        return ""
    return step.name if step.axis == "child" else f"@{step.name}"


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


def is_condition(predicate: Expr) -> bool:
    """Whether a predicate may be true of anything: a number, a text or a path never is."""
    match predicate:
        case Binary(operator=operator):
            return operator in _COMPARISONS
        case Logic() | Call():
            return True
        case _:
            return False


_COMPARISONS = frozenset(["=", "!=", "<", "<=", ">", ">="])


def names_position(expression: Expr) -> bool:
    """Whether an expression asks for the position of the node being filtered."""
    match expression:
        case Call(name="position" | "last"):
            return True
        case Call(arguments=parts) | Logic(operands=parts):
            return any(map(names_position, parts))
        case Binary(left=left, right=right):
            return names_position(left) or names_position(right)
        case Negation(operand=operand):
            return names_position(operand)
        case _:
            return False


def of_shape(source: Source, names: tuple[str, str]) -> Source:
    """Read a list whose elements have these names; any other has no such rows."""

    def find(world: World) -> Table:
        table = source(world)
        return table if table.names == names else table.none

    return find


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
    """Items or rows that one filter is true of; raises Unknown where filters have no end."""
    world.left -= len(rows)
    if world.left < 0:
        raise Unknown
    test = one.test
    world.spend(len(rows))
    if not one.positional:
        return [row for row in rows if test(world, row) is True]
    outer = world.index
    found = []
    for world.index, row in enumerate(rows, 1):
        if test(world, row) is True:
            found.append(row)
    world.index = outer
    return found


def row_operand(path: Path, rows: Rows, column: str) -> Operand:
    """Return the cells of a column, or the rows themselves where no column is named.

    A row has a value of its own, in the column '', where it is an element with a text.
    """

    def value(world: World, here: Here) -> Value:
        found = rows(world, here)
        return found[0].get(column, "") if found else ""

    def own(world: World, here: Here) -> list[Value]:
        return [row.get("", "") for row in rows(world, here)]

    def values(world: World, here: Here) -> list[Value]:
        return [row[column] for row in rows(world, here) if column in row]

    if not column:
        return Operand(path, value, own, rows, plural=True)
    return Operand(path, value, values, values, plural=True)
