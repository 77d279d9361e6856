"""Text: parts, tests, joining."""

import math
from collections.abc import Sequence

from forms.xpath.context import World
from forms.xpath.operand import Context, Evaluator, Function, Functions, Here, Operand, eager
from forms.xpath.pattern import Pattern, PatternError
from forms.xpath.values import Value, to_number, to_text

MAX_TEXT = 1_000_000  # what joining may build


def _index(value: Value, length: int) -> int:
    """Return a position counted from 0, or from the end when negative, kept within the text."""
    number = to_number(value)
    if math.isnan(number):
        return 0
    whole = int(max(-1e9, min(1e9, number)))
    return max(0, min(length, whole + length if whole < 0 else whole))


def _substr(value: Value, start: Value, end: Value = math.inf) -> str:
    text = to_text(value)
    return text[_index(start, len(text)) : _index(end, len(text))]


def _translate(value: Value, old: Value, new: Value) -> str:
    source, target = to_text(old), to_text(new)
    table: dict[int, str] = {}
    for at, character in enumerate(source):
        table.setdefault(ord(character), target[at : at + 1])
    return to_text(value).translate(table)


def _after(value: Value, mark: Value) -> str:
    text, sought = to_text(value), to_text(mark)
    at = text.find(sought)
    return "" if at < 0 else text[at + len(sought) :]


def _before(value: Value, mark: Value) -> str:
    text = to_text(value)
    return text[: max(0, text.find(to_text(mark)))]


def _concat(_: Context, operands: Sequence[Operand]) -> Evaluator:
    """Join every node of every argument."""
    parts = [operand.all_values() for operand in operands]

    def evaluate(world: World, here: Here) -> str:
        return "".join([to_text(v) for part in parts for v in part(world, here)])[:MAX_TEXT]

    return evaluate


def _join(_: Context, operands: Sequence[Operand]) -> Evaluator:
    glue = operands[0].value
    parts = [operand.all_values() for operand in operands[1:]]

    def evaluate(world: World, here: Here) -> str:
        found = [to_text(v) for part in parts for v in part(world, here)]
        return to_text(glue(world, here)).join(found)[:MAX_TEXT]

    return evaluate


def _regex(context: Context, operands: Sequence[Operand]) -> Evaluator:
    """Full match, in time linear in the answer."""
    value, source = operands[0].value, operands[1].constant
    if not isinstance(source, str):
        raise context.refuse("regex() takes its pattern in quotes;")
    try:
        pattern = Pattern(source)
    except PatternError as error:
        raise context.refuse(f"The pattern of regex() is not supported ({error})") from None
    return lambda world, here: pattern.matches(to_text(value(world, here)))


FUNCTIONS: Functions = {
    "string": eager(to_text, 1),
    "string-length": eager(lambda value: float(len(to_text(value))), 1),
    "substr": eager(_substr, 2, 3),
    "substring-before": eager(_before, 2),
    "substring-after": eager(_after, 2),
    "contains": eager(lambda value, part: to_text(part) in to_text(value), 2),
    "starts-with": eager(lambda value, part: to_text(value).startswith(to_text(part)), 2),
    "ends-with": eager(lambda value, part: to_text(value).endswith(to_text(part)), 2),
    "normalize-space": eager(lambda value: " ".join(to_text(value).split()), 1),
    "translate": eager(_translate, 3),
    "concat": Function(_concat, 1, None),
    "join": Function(_join, 2, None),
    "regex": Function(_regex, 2, 2),
}
