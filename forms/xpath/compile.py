"""Tree → closures, resolved against one form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from forms.errors import UnsupportedForm
from forms.xpath import operators, rows, trees
from forms.xpath.context import Item, Table, World
from forms.xpath.functions import FUNCTIONS
from forms.xpath.operand import ChoiceFinder, Context, Evaluator, Facts, Here, Operand
from forms.xpath.parse import parse
from forms.xpath.paths import (
    DeadPathError,
    LostPathError,
    Move,
    Start,
    grounded,
    item_path,
    nowhere,
    relative_to,
)
from forms.xpath.pieces import holding
from forms.xpath.shape import Shape
from forms.xpath.syntax import Binary, Call, Expr, Logic, Negation, Number, Path, Step, Text
from forms.xpath.values import Value


class Inside(Enum):
    """Where an expression stands that is not at a node of the form: in a filter on a list."""

    ROW = 1
    ENTRY = 2


Scope = Shape | Inside


class NotFlatError(Exception):
    """A path that rows cannot answer: it needs the list as a tree."""


@dataclass(frozen=True, slots=True)
class RowPath:
    """A path into a list of rows: where they come from, their step with its filters, the column.

    `column` is '' for whole rows.
    """

    source: rows.Source
    step: Step
    column: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The form around its expressions.

    `instances` gives a table for a list inside the form, or the stem of the file of an external
    one; `choice_finders` is filled while the form is read and asked when answers come.
    """

    root: Shape
    instances: Mapping[str, Table | str]
    texts: Callable[[str, str], str]
    choice_finders: Mapping[str, ChoiceFinder]


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A compiled expression with its source.

    `reads` are the paths of nodes it depends on; `doubts` say what is valid in it but hardly meant.
    """

    source: str
    tree: Expr
    evaluate: Evaluator
    reads: frozenset[str]
    itemsets: frozenset[str]
    clock: bool
    localised: bool
    volatile: bool
    doubts: tuple[str, ...] = ()

    def __call__(self, world: World, here: Here) -> Value:
        """Evaluate for one node; raises Unknown where this side cannot know."""
        world.here = here
        return self.evaluate(world, here)


def compile_expression(source: str, here: Shape, around: Surroundings) -> Expression:
    """Compile an expression that belongs to the node `here`.

    Raises XPathError where it is not XPath, UnsupportedForm where it is beyond the subset or
    points at nothing.
    """
    compiler = Compiler(source, here, around)
    tree = parse(source)
    operand = compiler.operand(tree, here)
    return compiler.expression(tree, operand.value)


class Compiler:
    """Compiles one expression and gathers facts about it."""

    def __init__(self, source: str, here: Shape, around: Surroundings) -> None:
        self.source = source
        self.top = here
        self.around = around
        self.facts = Facts()
        self.filtering = False  # while a predicate is compiled

    def expression(self, tree: Expr, evaluate: Evaluator) -> Expression:
        """Wrap the outcome with what was found out."""
        facts = self.facts
        return Expression(
            self.source,
            tree,
            evaluate,
            frozenset(facts.reads),
            frozenset(facts.itemsets),
            facts.clock,
            facts.localised,
            facts.volatile,
            tuple(facts.doubts),
        )

    def _refuse(self, what: str) -> UnsupportedForm:
        """Say what is beyond the subset, and in which expression."""
        return UnsupportedForm(f"{what} in: {self.source[:200]}")

    def operand(self, tree: Expr, here: Scope) -> Operand:
        """Compile one piece, for a node of the form or within a filter on a list."""
        match tree:
            case Text(value=value) | Number(value=value):
                return constant(tree, value)
            case Negation(operand=inner):
                return Operand(tree, operators.minus(self.operand(inner, here)))
            case Logic(operator=operator, operands=parts):
                of = [self.operand(part, here) for part in parts]
                return Operand(tree, operators.logic(operator, of))
            case Binary(operator=operator, left=left, right=right):
                pair = self.operand(left, here), self.operand(right, here)
                return Operand(tree, operators.binary(operator, *pair))
            case Call():
                return self._call(tree, here)
            case Path():
                return self._path(tree, here)

    # -- functions ----------------------------------------------------------------------------
    def _call(self, tree: Call, here: Scope) -> Operand:
        if tree.name in ("current", "instance"):
            return self._path(Path(tree, ()), here)
        function = FUNCTIONS.get(tree.name)
        if function is None:
            raise self._refuse(f"The function {tree.name}() is not supported")
        given = len(tree.arguments)
        if given < function.least or (function.most is not None and given > function.most):
            raise self._refuse(f"{tree.name}() cannot take {given} arguments")
        operands = [self.operand(argument, here) for argument in tree.arguments]
        context = Context(
            self.facts,
            self._choice_finder,
            self.around.texts,
            self._literal_path(here),
            self.source,
            self.filtering,
        )
        if function.many is not None:
            return function.many(context, operands, tree)
        return Operand(tree, function.build(context, operands))

    def _choice_finder(self, path: str) -> ChoiceFinder:
        self.facts.itemsets.add(path)
        finders = self.around.choice_finders

        def find(world: World, item: Item, value: str) -> str:
            return finders[path](world, item, value)  # filled in only after this is compiled

        return find

    def _literal_path(self, here: Scope) -> Callable[[str], Operand]:
        def compile_literal(text: str) -> Operand:
            tree = parse(text)
            if not isinstance(tree, Path):
                raise self._refuse(f"'{text}' should be the path of a node")
            return self._path(tree, here)

        return compile_literal

    # -- paths --------------------------------------------------------------------------------
    def _path(self, tree: Path, here: Scope) -> Operand:
        try:
            if isinstance(tree.start, Call):
                return self._path_from_call(tree, tree.start)
            if tree.start == "root":
                return self._absolute(tree, here)
            if isinstance(here, Shape):
                return self._item_path(tree, here, tree.steps, None)
        except DeadPathError as error:
            raise self._refuse(f"A path leads nowhere ({error})") from None
        except LostPathError as error:
            self.facts.doubts.append(str(error))
            return nowhere(tree)
        return self._cell(tree) if here is Inside.ROW else self._entries(tree, trees.here)

    def _absolute(self, tree: Path, here: Scope) -> Operand:
        at = here if isinstance(here, Shape) else self.top
        steps = relative_to(at, self.around.root, tree.steps)
        return self._item_path(tree, at, steps, None if at is here else _current)

    def _item_path(
        self, tree: Path, start: Shape, steps: Sequence[Step], origin: Start | None
    ) -> Operand:
        steps = grounded(start, steps, absolute=False)
        found, reads = item_path(tree, start, steps, origin, self._item_filter)
        self.facts.reads |= reads
        return found

    def _item_filter(self, step: Step, target: Shape) -> Move:
        filters = [self.filter(predicate, target) for predicate in step.predicates]

        def move(world: World, items: list[Item]) -> list[Item]:
            for one in filters:
                items = rows.kept(world, items, one)
            return items

        return move

    def filter(self, predicate: Expr, here: Scope) -> rows.Filter:
        """Compile one predicate on nodes of the form, or on rows or entries of a list."""
        if not rows.is_condition(predicate):
            self.facts.doubts.append("a filter that is no condition keeps nothing")
        outer, self.filtering = self.filtering, True
        test = self.operand(predicate, here).value
        self.filtering = outer
        return rows.Filter(test, rows.names_position(predicate))

    def _path_from_call(self, tree: Path, start: Call) -> Operand:
        if start.name == "current":
            return self._item_path(tree, self.top, tree.steps, _current)
        if start.name == "instance":
            return self._list_path(tree, start)
        raise self._refuse(f"A path after {start.name}() is not supported")

    # -- lists --------------------------------------------------------------------------------
    def _cell(self, tree: Path) -> Operand:
        column = rows.column_of(tree)
        if not column:
            raise NotFlatError
        return Operand(tree, lambda _world, row: row.get(column, ""))

    def _entries(self, tree: Path, start: trees.Entries) -> Operand:
        return trees.entry_path(tree, start, self._entry_filters)

    def _entry_filters(self, step: Step) -> list[rows.Filter]:
        return [self.filter(predicate, Inside.ENTRY) for predicate in step.predicates]

    def _list_path(self, tree: Path, start: Call) -> Operand:
        """Compile `instance('x')/root/item[…]/column`, by index where the list is a table."""
        plain = self.row_path(tree)
        if plain is not None:
            outer = self.filtering
            try:
                return rows.row_operand(tree, self._rows(plain), plain.column)
            except NotFlatError:
                self.filtering = outer
        return self.entries(tree, start)

    def entries(self, tree: Path, start: Call) -> Operand:
        """Compile a path into a list as one over the elements of its tree, whatever its shape."""
        source = self._list_source(start)
        return self._entries(tree, trees.top(lambda world: source(world).root))

    def _rows(self, plain: RowPath) -> rows.Rows:
        key: rows.Key | None = None
        filters: list[rows.Filter] = []
        predicates = plain.step.predicates
        if not any(map(rows.names_position, predicates)):
            predicates = tuple(rows.conjuncts(predicates))
        for predicate in predicates:
            by = rows.key_of(predicate) if key is None and not filters else None
            if by is None:
                filters.append(self.filter(predicate, Inside.ROW))
            else:
                key = rows.Key(by[0], self.operand(by[1], Inside.ROW).value)
        return rows.selected_rows(plain.source, key, filters)

    def row_path(self, tree: Path) -> RowPath | None:
        """Read a path into a list as one over its rows; None where it needs the list's tree."""
        assert isinstance(tree.start, Call)
        source = self._list_source(tree.start)
        steps = [step for step in tree.steps if step.axis != "self" or step.predicates]
        if len(steps) not in (2, 3) or not all(map(rows.named, (steps[0], *steps[2:]))):
            return None
        if steps[1].name == "*" or any(step.axis != "child" for step in steps[:2]):
            return None
        names = (steps[0].name, steps[1].name)
        table = self._table(tree.start)
        if isinstance(table, str):
            source = rows.of_shape(source, names)
        elif table.names != names or not table.flat:
            return None
        return RowPath(source, steps[1], rows.named(steps[2]) if len(steps) > 2 else "")  # noqa: PLR2004 - a column

    def _list_source(self, start: Call) -> rows.Source:
        table = self._table(start)
        if isinstance(table, str):
            stem = table
            return lambda world: world.table(stem)
        inner = table
        return lambda _world: inner

    def _table(self, start: Call) -> Table | str:
        (name,) = start.arguments if len(start.arguments) == 1 else (None,)
        if not isinstance(name, Text):
            raise self._refuse("instance() takes the name of a list in quotes;")
        table = self.around.instances.get(name.value)
        if table is None:
            raise self._refuse(f"There is no list '{name.value}'")
        return table


def constant(tree: Expr, value: Value) -> Operand:
    """Compile a literal."""
    return Operand(tree, holding(value, type(value)), constant=value)


def _current(world: World, _: Here) -> Item:
    return world.current
