"""The levels as one Python function that stops as soon as a pair cannot weigh enough any more.

Of the pairs that share a key hardly one in fifty is worth keeping, and for most that shows long
before everything was asked. How much an answer loses against the best one is known beforehand, so
the function counts down what a pair has to spare: nothing that reaches the bound is ever dropped,
and what is asked is what `matching.levels.python` asks, the costly things last.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from matching.features import Features
from matching.levels.comparison import Comparison, Level
from matching.levels.python import written_out

Sieve = Callable[[Features, Features, float], tuple[int, ...] | None]
Bits = Sequence[Sequence[float]]  # by comparison and level
_SLACK: Final = 1e-6  # bits: far above what adding up in another order may differ by
_ENOUGH: Final = ["    if spare < 0.0:", "        return None"]


@dataclass(frozen=True, slots=True)
class _Question:
    """Levels to choose from, for a fact or for a comparison that asks for itself."""

    answer: str  # name of the variable
    levels: tuple[Level, ...]

    @property
    def measures(self) -> frozenset[str]:
        """Give what has to be measured."""
        return frozenset[str]().union(*(each.when.measures for each in self.levels if each.when))


def sieve(comparisons: Sequence[Comparison], bits: Bits, prior: float) -> Sieve:
    """Return the function that gives the levels of a pair, or None where it stays below a bound.

    `bits` are the most that each level can weigh. None is certain; a pair that stays below the
    bound may be given its levels all the same.
    """
    order = _in_order(_questions(comparisons))
    most = prior + sum(max(each) for each in bits) + _SLACK
    lines = ["def grade(a, b, least):", f"    spare = {most!r} - least"]
    lines += [f"    {each} = None" for each in sorted(_measured(order))]
    tables: dict[str, object] = {}
    for place, question in enumerate(order):
        if question.measures - _measured(order[:place]):
            lines += _ENOUGH
        lines += _choice(question, _losses(question, order[:place], comparisons, bits))
        for number, each in enumerate(comparisons):
            if each.facts and _later(each, order) == question.answer:
                lines += _combined(number, each)
                tables[f"losses{number}"] = _losses_together(each, bits[number], question.answer)
    answers = "".join(f"g{number}, " for number in range(len(comparisons)))
    text = "\n".join([*lines, *_ENOUGH, f"    return ({answers})", ""])
    return cast("Sieve", written_out(text, tables))


def _questions(comparisons: Sequence[Comparison]) -> list[_Question]:
    facts = {fact.name: fact for each in comparisons for fact in each.facts}
    alone = [
        _Question(f"g{number}", each.levels)
        for number, each in enumerate(comparisons)
        if not each.facts
    ]
    return [*alone, *(_Question(_fact(name), fact.levels) for name, fact in facts.items())]


def _in_order(questions: Sequence[_Question]) -> list[_Question]:
    """Order questions: always the one next for which least is to be measured anew."""
    waiting, found = list(questions), list[_Question]()
    while waiting:
        measured = _measured(found)
        cheapest = min(waiting, key=lambda each: len(each.measures - measured))
        waiting.remove(cheapest)
        found.append(cheapest)
    return found


def _measured(questions: Sequence[_Question]) -> frozenset[str]:
    return frozenset[str]().union(*(each.measures for each in questions))


def _fact(name: str) -> str:
    return f"fact_{name}"


def _later(each: Comparison, order: Sequence[_Question]) -> str:
    """Give the answer that a comparison of two facts waits for."""
    names = {_fact(fact.name) for fact in each.facts}
    return [question.answer for question in order if question.answer in names][-1]


def _losses(
    question: _Question,
    before: Sequence[_Question],
    comparisons: Sequence[Comparison],
    bits: Bits,
) -> list[float]:
    """Give what each level loses against the best, whatever is answered later."""
    known = {each.answer for each in before}
    losses = [0.0] * len(question.levels)
    for number, each in enumerate(comparisons):
        names = [_fact(fact.name) for fact in each.facts] or [f"g{number}"]
        if question.answer in names and known.isdisjoint(names):
            best = _best(each, bits[number], names.index(question.answer))
            losses = [lost + max(best) - one for lost, one in zip(losses, best, strict=True)]
    return losses


def _best(each: Comparison, bits: Sequence[float], side: int) -> list[float]:
    """Give the best that each level can come to; of two facts, each level of that side."""
    if not each.facts:
        return list(bits)
    width = len(each.facts[1].levels)
    if side:
        return [max(bits[at::width]) for at in range(width)]
    return [max(bits[at : at + width]) for at in range(0, len(bits), width)]


def _losses_together(each: Comparison, bits: Sequence[float], last: str) -> tuple[float, ...]:
    """Give what each combination loses against the best of what was answered before."""
    width = len(each.facts[1].levels)
    side = int(last == _fact(each.facts[0].name))  # of what was answered before
    best = _best(each, bits, side)
    return tuple(
        best[at % width if side else at // width] - weight for at, weight in enumerate(bits)
    )


def _choice(question: _Question, losses: Sequence[float]) -> list[str]:
    lines = []
    for place, (each, lost) in enumerate(zip(question.levels, losses, strict=True)):
        word = "if" if place == 0 else "elif"
        is_last = place == len(losses) - 1
        lines.append("    else:" if is_last else f"    {word} {each.condition('python')}:")
        lines.append(f"        {question.answer} = {place}")
        if lost:
            lines.append(f"        spare -= {lost!r}")
    return lines


def _combined(number: int, each: Comparison) -> list[str]:
    one, other = each.facts
    place = f"{_fact(one.name)} * {len(other.levels)} + {_fact(other.name)}"
    return [f"    g{number} = {place}", f"    spare -= losses{number}[g{number}]"]
