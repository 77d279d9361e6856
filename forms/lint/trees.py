"""Walking through expressions, and following their paths to questions."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from forms.lint.form import Form, Question, Rule
from forms.xpath.syntax import Binary, Call, Expr, Negation, Number, Path, Text

COMPARISONS = frozenset(["=", "!=", "<", "<=", ">", ">="])
ORDERING = frozenset(["<", "<=", ">", ">="])


def walk(tree: object) -> Iterator[Expr]:
    """Every expression within a tree, itself first."""
    if isinstance(tree, tuple):
        for part in tree:
            yield from walk(part)
    elif is_dataclass(tree):
        if type(tree).__name__ != "Step":
            yield tree  # type: ignore[misc] # every dataclass of the tree but Step is an Expr
        for each in fields(tree):
            yield from walk(getattr(tree, each.name))


def calls(tree: object, *names: str) -> Iterator[Call]:
    """Every call of these functions within a tree."""
    return (part for part in walk(tree) if isinstance(part, Call) and part.name in names)


def comparisons(tree: object) -> Iterator[tuple[str, Expr, Expr]]:
    """Every comparison as operator and sides, then the same with its sides swapped."""
    for part in walk(tree):
        if isinstance(part, Binary) and part.operator in COMPARISONS:
            yield part.operator, part.left, part.right
            yield _swapped(part.operator), part.right, part.left


def target(form: Form, question: Question, tree: Expr) -> Question | None:
    """Question that a path points at, from the question whose rule it stands in."""
    if not isinstance(tree, Path):
        return None
    path = resolved(question.path, tree)
    return form.by_path.get(path) if path else None


def resolved(context: str, tree: Path) -> str:
    """Full path of a path, '' for one that starts at a list or a function."""
    if tree.start == "root":
        return "/" + "/".join(step.name for step in tree.steps)
    at = context.split("/")[1:]
    if isinstance(tree.start, Call) and tree.start.name != "current":
        return ""
    for step in tree.steps:
        if step.axis == "parent" or step.name == "..":
            at = at[:-1]
        elif step.axis == "child":
            at = [*at, step.name]
    return "/" + "/".join(at)


def reads(form: Form, question: Question, tree: object) -> Iterator[tuple[Path, Question]]:
    """Every path of a tree that points at a question, those within filters by full path only."""
    for path, inside in paths(tree):
        if inside and path.start == "here":
            continue  # a column of the filtered rows
        found = target(form, question, path)
        if found is not None:
            yield path, found


def paths(tree: object) -> Iterator[tuple[Path, bool]]:
    """Every path of a tree, and whether it stands within a filter."""
    return _paths(tree, inside=False)


def is_self(tree: Expr) -> bool:
    """Whether an expression is `.`, the answer that the rule is about."""
    return (
        isinstance(tree, Path)
        and tree.start == "here"
        and len(tree.steps) == 1
        and tree.steps[0].axis == "self"
    )


def literal(tree: Expr) -> str | None:
    """Text of a quoted literal."""
    return tree.value if isinstance(tree, Text) else None


def number_of(tree: Expr) -> float:
    """Give the number that is written, NaN where none is."""
    if isinstance(tree, Negation):
        return -number_of(tree.operand)
    return tree.value if isinstance(tree, Number) else float("nan")


def all_rules(form: Form) -> Iterator[tuple[Question | None, Rule]]:
    """Rules of questions and rules of none."""
    yield from form.rules()
    for rule in form.more:
        yield None, rule


def _paths(tree: object, *, inside: bool) -> Iterator[tuple[Path, bool]]:
    if isinstance(tree, tuple):
        for part in tree:
            yield from _paths(part, inside=inside)
    elif isinstance(tree, Path):
        yield tree, inside
        yield from _paths(tree.start, inside=inside)
        for step in tree.steps:
            yield from _paths(step.predicates, inside=True)
    elif is_dataclass(tree):
        for each in fields(tree):
            yield from _paths(getattr(tree, each.name), inside=inside)


def _swapped(operator: str) -> str:
    return operator.translate(str.maketrans("<>", "><"))
