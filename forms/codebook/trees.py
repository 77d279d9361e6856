"""Syntax trees of rules with every path written out from the root, so that equal means equal."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from forms.xpath.syntax import Binary, Call, Expr, Logic, Negation, Number, Path, Step, Text


def absolute(tree: Expr, here: str) -> Expr:
    """Give the tree of a rule of the node `here` with its paths from the root.

    Paths inside filters stay as they are, but for those by current(): there, `.` is something else.
    """
    match tree:
        case Path():
            return _absolute_path(tree, here)
        case Text() | Number():
            return tree
        case _:
            return replace(tree, **_children(tree, here, absolute))


def _children(tree: Expr, here: str, made: Callable[[Expr, str], Expr]) -> dict[str, Any]:
    """Give the operands of a tree of any kind, made absolute, by the names of its fields."""
    changed: dict[str, Any] = {}
    for field in fields(tree):
        value = getattr(tree, field.name)
        if isinstance(value, tuple):
            changed[field.name] = tuple(made(each, here) for each in value)
        elif not isinstance(value, str | int | float | None):
            changed[field.name] = made(value, here)
    return changed


def _absolute_path(tree: Path, here: str) -> Expr:
    if any(step.predicates for step in tree.steps):
        steps = tuple(
            replace(step, predicates=tuple(_outside(each, here) for each in step.predicates))
            for step in tree.steps
        )
        tree = replace(tree, steps=steps)
    if tree.start == "root":
        return tree
    current = isinstance(tree.start, Call) and tree.start.name == "current"
    if tree.start != "here" and not current:
        return tree
    names = here.strip("/").split("/")
    for position, step in enumerate(tree.steps):
        if step.axis == "self" and not step.predicates:
            continue
        if step.axis == "parent" and not step.predicates and len(names) > 1:
            names.pop()
            continue
        rest = tree.steps[position:]
        if any(one.axis != "child" for one in rest):
            return tree
        return Path("root", (*_steps(names), *rest))
    return Path("root", _steps(names))


def _outside(tree: Expr, here: str) -> Expr:
    """Make those paths of a filter absolute that lead out of it, by current()."""
    match tree:
        case Path(start=Call(name="current")):
            return _absolute_path(tree, here)
        case Path() | Text() | Number():
            return tree
        case _:
            return replace(tree, **_children(tree, here, _outside))


def _steps(names: list[str]) -> tuple[Step, ...]:
    return tuple(Step("child", name) for name in names)


def node_path(tree: Expr) -> str | None:
    """Give `/data/a/b` for a path that leads from the root by names alone; None for the rest."""
    if not isinstance(tree, Path) or tree.start != "root":
        return None
    if any(step.axis != "child" or step.predicates or step.name == "*" for step in tree.steps):
        return None
    return "".join(f"/{step.name}" for step in tree.steps)


def literal(tree: Expr) -> str | None:
    """Give the text of a literal as it would stand in an answer; None for what is none."""
    match tree:
        case Text(value=text):
            return text
        case Number(value=number):
            return plain(number)
        case Negation(operand=Number(value=number)):
            return plain(-number)
        case _:
            return None


def plain(number: float) -> str:
    """Write a number without an exponent, and without decimals where it has none."""
    if abs(number) < 1e18 and number == int(number):  # noqa: PLR2004 - beyond, in a float's text
        return str(int(number))
    return repr(number)


def is_call(tree: Expr, name: str, arguments: int) -> bool:
    """Tell whether a tree calls a function with so many arguments."""
    return isinstance(tree, Call) and tree.name == name and len(tree.arguments) == arguments


def conjuncts(tree: Expr) -> tuple[Expr, ...]:
    """Give the parts that must all hold."""
    if isinstance(tree, Logic) and tree.operator == "and":
        return tuple(part for each in tree.operands for part in conjuncts(each))
    return (tree,)


MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def mirrored(tree: Binary) -> Binary:
    """Give the same comparison read from right to left."""
    return Binary(MIRRORED[tree.operator], tree.right, tree.left)


def looked_up(tree: Path) -> tuple[str, str, Expr] | None:
    """Give list, column and key of `instance('list')/root/item[name = key]/column`."""
    start, steps = tree.start, tree.steps
    if not isinstance(start, Call) or start.name != "instance" or len(steps) != 3:  # noqa: PLR2004 - root, item, column
        return None
    names = tuple(step.name for step in steps)
    match (start.arguments, steps[1].predicates):
        case ((Text(value=name),), (Binary(operator="=", left=left, right=key),)):
            if left == Path("here", (Step("child", "name"),)) and names[:2] == ("root", "item"):
                return name, names[2], key
        case _:
            pass
    return None
