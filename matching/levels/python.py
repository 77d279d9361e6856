"""The levels as one Python function, written out from their atoms.

Nested closures would spend most of the time in calling each other; a function written out takes
each costly measure once and asks only as far as the first level that holds.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from rapidfuzz.distance import JaroWinkler, Levenshtein

from matching.features import Features
from matching.levels.atoms import LATIN_DEGREE, RADIANS_OF_HALF_A_DEGREE
from matching.levels.comparison import Comparison

Grades = Callable[[Features, Features], tuple[int, ...]]
SQUARE_DEGREE = LATIN_DEGREE**2


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
    return (up * up + along * along * narrow * narrow) * SQUARE_DEGREE


def _jaccard(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    common = len(set(one).intersection(other))
    return common / max(len(one) + len(other) - common, 1)


def grades(comparisons: Sequence[Comparison]) -> Grades:
    """Return the function that tells which level of each comparison holds, counted from 0."""
    names = {
        "square_metres": _square_metres,
        "jaccard": _jaccard,
        "jaro_winkler": JaroWinkler.similarity,
        "levenshtein": Levenshtein.distance,
    }
    scope: dict[str, Any] = {f"take_{name}": function for name, function in names.items()}
    exec(compile(source(comparisons), "<levels>", "exec"), scope)  # noqa: S102 — our own atoms
    return cast("Grades", scope["grade"])


def source(comparisons: Sequence[Comparison]) -> str:
    """Return the text of the function."""
    measures = {
        measure
        for each in comparisons
        for level in each.levels
        if level.when is not None
        for measure in level.when.measures
    }
    lines = ["def grade(a, b):"]
    lines += [f"    {measure} = None" for measure in sorted(measures)]
    for number, each in enumerate(comparisons):
        lines += _choice(number, each)
    answers = "".join(f"g{number}, " for number in range(len(comparisons)))
    return "\n".join([*lines, f"    return ({answers})", ""])


def _choice(number: int, each: Comparison) -> list[str]:
    lines = []
    for place, level in enumerate(each.levels[:-1]):
        lines.append(f"    {'elif' if place else 'if'} {level.condition('python')}:")
        lines.append(f"        g{number} = {place}")
    last = len(each.levels) - 1
    return [*lines, "    else:", f"        g{number} = {last}"] if last else [f"    g{number} = 0"]
