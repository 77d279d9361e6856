"""The levels as one Python function, written out from their atoms.

Nested closures would spend most of the time in calling each other; a function written out takes
each costly measure once and asks only as far as the first level that holds.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from rapidfuzz.distance import JaroWinkler, Levenshtein

from matching.features import Features
from matching.levels.atoms import LATIN_DEGREE, RADIANS_OF_HALF_A_DEGREE
from matching.levels.comparison import Comparison, Level

Grades = Callable[[Features, Features], tuple[int, ...]]
_SQUARE_DEGREE: Final = LATIN_DEGREE**2
_DIGITS = re.compile("[0-9]+")
_NUMBER = re.compile("[0-9]{1,9}")


def _square_metres(a: Features, b: Features) -> float:
    north, east = a.latitude, a.longitude
    other_north, other_east = b.latitude, b.longitude
    assert north is not None
    assert east is not None
    assert other_north is not None
    assert other_east is not None
    up, along = north - other_north, east - other_east
    mid = (north + other_north) * RADIANS_OF_HALF_A_DEGREE
    narrow = 1.0 - mid * mid / 2.0
    return (up * up + along * along * narrow * narrow) * _SQUARE_DEGREE


def _jaccard(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    common = len(set(one).intersection(other))
    return common / max(len(one) + len(other) - common, 1)


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    return len(set(one).intersection(other)) / max(min(len(one), len(other)), 1)


def _digits(text: str) -> str:
    """Return the ASCII digits that a text begins with."""
    found = _DIGITS.match(text)
    return found[0] if found else ""


def _apart(one: str, other: str) -> int:
    """Return how many numbers lie between two stalls of one block; 0 where that is not known."""
    parts, its = one.split("-"), other.split("-")
    if len(parts) == 1 or len(its) == 1 or parts[0] != its[0]:
        return 0
    if not (_NUMBER.fullmatch(parts[1]) and _NUMBER.fullmatch(its[1])):
        return 0
    return abs(int(parts[1]) - int(its[1]))


_TAKEN: Final = {
    "take_square_metres": _square_metres,
    "take_jaccard": _jaccard,
    "take_jaro_winkler": JaroWinkler.similarity,
    "take_levenshtein": Levenshtein.distance,
    "take_overlap": _overlap,
    "take_digits": _digits,
    "take_apart": _apart,
}


def grades(comparisons: Sequence[Comparison]) -> Grades:
    """Return the function that tells which level of each comparison holds, counted from 0."""
    return cast("Grades", written_out(source(comparisons), {}))


def written_out(text: str, names: Mapping[str, object]) -> Callable[..., Any]:
    """Return the function `grade` of a text made of our own atoms, which may use these names."""
    scope: dict[str, Any] = {**_TAKEN, **names}
    exec(compile(text, "<levels>", "exec"), scope)  # noqa: S102 — our own atoms
    return cast("Callable[..., Any]", scope["grade"])


def source(comparisons: Sequence[Comparison]) -> str:
    """Return the text of the function."""
    facts = {fact.name: fact for each in comparisons for fact in each.facts}
    asked = [fact.levels for fact in facts.values()]
    asked += [each.levels for each in comparisons if not each.facts]
    measures = {
        measure
        for levels in asked
        for level in levels
        if level.when is not None
        for measure in level.when.measures
    }
    lines = ["def grade(a, b):"]
    lines += [f"    {measure} = None" for measure in sorted(measures)]
    for fact in facts.values():
        lines += _choice(f"fact_{fact.name}", fact.levels)
    for number, each in enumerate(comparisons):
        lines += _grade(f"g{number}", each)
    answers = "".join(f"g{number}, " for number in range(len(comparisons)))
    return "\n".join([*lines, f"    return ({answers})", ""])


def _grade(name: str, each: Comparison) -> list[str]:
    if not each.facts:
        return _choice(name, each.levels)
    one, other = each.facts
    return [f"    {name} = fact_{one.name} * {len(other.levels)} + fact_{other.name}"]


def _choice(name: str, levels: Sequence[Level]) -> list[str]:
    lines = []
    for place, level in enumerate(levels[:-1]):
        lines.append(f"    {'elif' if place else 'if'} {level.condition('python')}:")
        lines.append(f"        {name} = {place}")
    return [*lines, "    else:", f"        {name} = {len(levels) - 1}"]
