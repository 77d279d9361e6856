"""Tree → closures, resolved against one form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from forms.errors import UnsupportedForm
from forms.xpath import operators, rows
from forms.xpath.context import Item, Table, World
from forms.xpath.functions import FUNCTIONS
from forms.xpath.operand import ChoiceFinder, Context, Evaluator, Facts, Here, Operand
from forms.xpath.parse import parse
from forms.xpath.paths import DeadPathError, Move, Start, item_path, relative_to
from forms.xpath.shape import Shape
from forms.xpath.syntax import Binary, Call, Expr, Logic, Negation, Number, Path, Step, Text
from forms.xpath.values import Value, to_number


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
    """A compiled expression with its source; `reads` are the paths of nodes it depends on."""

    source: str
    tree: Expr
    evaluate: Evaluator
    reads: frozenset[str]
    itemsets: frozenset[str]
    clock: bool
    localised: bool
    volatile: bool

    def __call__(self, world: World, item: Item) -> Value:
        """Evaluate for one node; raises Unknown where this side cannot know."""
        world.current = item
        return self.evaluate(world, item)


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
        )

    def _refuse(self, what: str) -> UnsupportedForm:
        """Say what is beyond the subset, and in which expression."""
        return UnsupportedForm(f"{what} in: {self.source[:200]}")

    def operand(self, tree: Expr, here: Shape | None) -> Operand:
        """Compile one piece; `here` is None inside a filter on rows of a list."""
        match tree:
            case Text(value=value) | Number(value=value):
                return constant(tree, value)
            case Negation(operand=inner):
                of = self.operand(inner, here).value
                return Operand(tree, lambda world, at: -to_number(of(world, at)))
            case Logic(operator=operator, operands=parts):
                return Operand(tree, operators.logic(operator, self._values(parts, here)))
            case Binary(operator=operator, left=left, right=right):
                pair = self.operand(left, here), self.operand(right, here)
                return Operand(tree, operators.binary(operator, *pair))
            case Call():
                return self._call(tree, here)
            case Path():
                return self._path(tree, here)

    def _values(self, trees: Sequence[Expr], here: Shape | None) -> list[Evaluator]:
        return [self.operand(tree, here).value for tree in trees]

    # -- functions ----------------------------------------------------------------------------
    def _call(self, tree: Call, here: Shape | None) -> Operand:
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

    def _literal_path(self, here: Shape | None) -> Callable[[str], Operand]:
        def compile_literal(text: str) -> Operand:
            tree = parse(text)
            if not isinstance(tree, Path):
                raise self._refuse(f"'{text}' should be the path of a node")
            return self._path(tree, here)

        return compile_literal

    # -- paths --------------------------------------------------------------------------------
    def _path(self, tree: Path, here: Shape | None) -> Operand:
        try:
            if isinstance(tree.start, Call):
                return self._path_from_call(tree, tree.start)
            if tree.start == "root":
                return self._absolute(tree, here)
            if here is None:
                return self._cell(tree)
            return self._item_path(tree, here, tree.steps, None)
        except DeadPathError as error:
            raise self._refuse(f"A path leads nowhere ({error})") from None

    def _absolute(self, tree: Path, here: Shape | None) -> Operand:
        at = here or self.top
        steps = relative_to(at, self.around.root, tree.steps)
        return self._item_path(tree, at, steps, None if here else _current)

    def _item_path(
        self, tree: Path, start: Shape, steps: Sequence[Step], origin: Start | None
    ) -> Operand:
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

    def filter(self, predicate: Expr, here: Shape | None) -> rows.Filter:
        """Compile one predicate on Items, or on rows where `here` is None."""
        if isinstance(predicate, Path | Text):
            raise self._refuse("A filter that compares nothing is not supported")
        outer, self.filtering = self.filtering, True
        test = self.operand(predicate, here).value
        self.filtering = outer
        return rows.Filter(test, rows.counts_rows(predicate))

    def _path_from_call(self, tree: Path, start: Call) -> Operand:
        if start.name == "current":
            return self._item_path(tree, self.top, tree.steps, _current)
        if start.name == "instance":
            return self._list_path(tree, start)
        raise self._refuse(f"A path after {start.name}() is not supported")

    def _cell(self, tree: Path) -> Operand:
        column = rows.column_of(tree)
        if not column:
            raise self._refuse("Within a list only the names of its columns are supported")
        return Operand(tree, lambda _world, row: row.get(column, ""))

    def _list_path(self, tree: Path, start: Call) -> Operand:
        """Compile `instance('x')/root/item[…]` or one of its columns."""
        selected, column = self._list_rows(tree, start)
        return rows.row_operand(tree, selected, column)

    def _list_rows(self, tree: Path, start: Call) -> tuple[rows.Rows, str]:
        source, item, column = self.list_parts(tree, start)
        key: rows.Key | None = None
        filters: list[rows.Filter] = []
        predicates = item.predicates
        if not any(map(rows.counts_rows, predicates)):
            predicates = tuple(rows.conjuncts(predicates))
        for predicate in predicates:
            by = rows.key_of(predicate) if key is None and not filters else None
            if by is None:
                filters.append(self.filter(predicate, None))
            else:
                key = rows.Key(by[0], self.operand(by[1], None).value)
        return rows.selected_rows(source, key, filters), column

    def list_parts(self, tree: Path, start: Call) -> tuple[rows.Source, Step, str]:
        """Find the list, the step with its filters, and the column ('' for whole rows)."""
        source = self._list_source(start)
        steps = tree.steps
        plain = all(step.axis == "child" for step in steps) and len(steps) in (2, 3)
        if not plain or steps[0] != Step("child", "root") or steps[1].name != "item":
            raise self._refuse("Lists are read as instance('…')/root/item[…]/column only;")
        if len(steps) == 2:  # noqa: PLR2004 - root and item
            return source, steps[1], ""
        if steps[2].predicates or steps[2].name == "*":
            raise self._refuse("A filter on a column is not supported")
        return source, steps[1], steps[2].name

    def _list_source(self, start: Call) -> rows.Source:
        (name,) = start.arguments if len(start.arguments) == 1 else (None,)
        if not isinstance(name, Text):
            raise self._refuse("instance() takes the name of a list in quotes;")
        table = self.around.instances.get(name.value)
        if table is None:
            raise self._refuse(f"There is no list '{name.value}'")
        if isinstance(table, str):
            stem = table
            return lambda world: world.table(stem)
        inner = table
        return lambda _world: inner


def constant(tree: Expr, value: Value) -> Operand:
    """Compile a literal."""
    return Operand(tree, lambda _world, _here: value, constant=value)


def _current(world: World, _: Here) -> Item:
    return world.current
