"""Selections, labels of choices, and look-ups in lists."""

import math
from collections.abc import Sequence

from forms.xpath.context import Unknown, World
from forms.xpath.operand import Context, Evaluator, Function, Functions, Here, Operand, eager
from forms.xpath.values import Value, to_number, to_text

BLANK = "…"  # stands for an answer that a label would show: it must not reach a message


def _told(label: str) -> str:
    """Return a label; raises Unknown for one that shows answers, as only the device fills it in."""
    if BLANK in label:
        raise Unknown
    return label


def _selected(value: Value, code: Value) -> bool:
    """Look for a code between spaces; no code is selected where nothing is, as in JavaRosa."""
    wanted = code.strip() if type(code) is str else to_text(code)
    return f" {wanted} " in f" {to_text(value)} "


def _selected_at(value: Value, position: Value) -> str:
    """Positions count from 0; '' where nothing is selected there."""
    codes, at = to_text(value).split(), to_number(position)
    if math.isnan(at):
        at = 0.0
    return codes[int(at)] if -1 < at < len(codes) else ""


def _choice_name(context: Context, operands: Sequence[Operand]) -> Evaluator:
    """Name a value by its label among the choices of the question given as second argument."""
    context.facts.localised = True
    value, path = operands[0].value, operands[1].constant
    if not isinstance(path, str):
        raise context.refuse("jr:choice-name() takes the path of a question in quotes;")
    question = context.path(path)
    if question.target is None or question.nodes is None:
        raise context.refuse("jr:choice-name() takes the path of one question;")
    label_of, nodes = context.itemset_at(question.target.path), question.nodes

    def evaluate(world: World, here: Here) -> str:
        items = nodes(world, here)
        return _told(label_of(world, items[0], to_text(value(world, here)))) if items else ""

    return evaluate


def _itext(context: Context, operands: Sequence[Operand]) -> Evaluator:
    context.facts.localised = True
    name, texts = operands[0].value, context.texts
    return lambda world, here: _told(texts(to_text(name(world, here)), world.language))


def _pulldata(context: Context, operands: Sequence[Operand]) -> Evaluator:
    """pulldata(list, column wanted, column sought, value): the first row that matches, or ''."""
    names = [operand.constant for operand in operands[:3]]
    if not all(isinstance(name, str) for name in names):
        raise context.refuse("pulldata() takes its list and columns in quotes;")
    stem, wanted, sought = map(str, names)
    stem = stem.removesuffix(".csv")
    key = operands[3].value

    def evaluate(world: World, here: Here) -> str:
        rows = world.table(stem).index(sought).get(to_text(key(world, here)), ())
        return rows[0].get(wanted, "") if rows else ""

    return evaluate


FUNCTIONS: Functions = {
    "selected": eager(_selected, 2),
    "is-selected": eager(_selected, 2),
    "selected-at": eager(_selected_at, 2),
    "count-selected": eager(lambda value: float(len(to_text(value).split())), 1),
    "jr:choice-name": Function(_choice_name, 2, 2),
    "jr:itext": Function(_itext, 1, 1),
    "pulldata": Function(_pulldata, 4, 4),
}
