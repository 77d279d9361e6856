"""Text: parts, tests, joining."""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

from forms.xpath.context import World
from forms.xpath.operand import (
    Context,
    Evaluator,
    Function,
    Functions,
    Here,
    Operand,
    eager,
    of_one,
)
from forms.xpath.pattern import Pattern, PatternError
from forms.xpath.pieces import Piece
from forms.xpath.values import Value, to_number, to_text

MAX_TEXT = 1_000_000  # what joining may build


def _index(value: Value, length: int) -> int:
    """Return a position counted from 0, or from the end when negative, kept within the text."""
    number = to_number(value)
    if math.isnan(number):
        return 0
    whole = int(max(-1e9, min(1e9, number)))
    return max(0, min(length, whole + length if whole < 0 else whole))


def _length(value: Value) -> float:
    """Count as Java does: a letter beyond the first 65,536 of Unicode counts for two."""
    text = to_text(value)
    return float(len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2)


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


def _regex(context: Context, operands: Sequence[Operand]) -> Evaluator | Piece:
    """Full match, in time linear in the answer."""
    value, source = operands[0].value, operands[1].constant
    if not isinstance(source, str):
        return _regex_from(value, operands[1].value)
    try:
        pattern = Pattern(source)
    except PatternError as error:
        raise context.refuse(f"The pattern of regex() is not supported ({error})") from None
    return of_one(lambda answer: pattern.matches(to_text(answer)), operands[0])


def _regex_from(value: Evaluator, source: Evaluator) -> Evaluator:
    """Match a pattern that the answers make up; one that is none matches nothing."""

    def evaluate(world: World, here: Here) -> bool:
        pattern = _pattern(to_text(source(world, here)))
        return pattern is not None and pattern.matches(to_text(value(world, here)))

    return evaluate


@lru_cache(maxsize=64)
def _pattern(source: str) -> Pattern | None:
    try:
        return Pattern(source)
    except PatternError:
        return None


def _of_self(call: Callable[[Value], Value]) -> Function:
    """Declare a function of one value, or of the node itself where none is given."""

    def build(_: Context, operands: Sequence[Operand]) -> Evaluator | Piece:
        if not operands:
            return lambda world, here: call(world.at(here).value)
        return of_one(call, operands[0])

    return Function(build, 0, 1)


FUNCTIONS: Functions = {
    "string": eager(to_text, 1),
    "string-length": _of_self(_length),
    "substr": eager(_substr, 2, 3),
    "substring-before": eager(_before, 2),
    "substring-after": eager(_after, 2),
    "contains": eager(lambda value, part: to_text(part) in to_text(value), 2),
    "starts-with": eager(lambda value, part: to_text(value).startswith(to_text(part)), 2),
    "ends-with": eager(lambda value, part: to_text(value).endswith(to_text(part)), 2),
    "normalize-space": _of_self(lambda value: " ".join(to_text(value).split())),
    "translate": eager(_translate, 3),
    "concat": Function(_concat, 0, None),
    "join": Function(_join, 1, None),
    "regex": Function(_regex, 2, 2),
}
