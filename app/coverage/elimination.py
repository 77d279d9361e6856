"""What several sums together give away, found by elimination in whole numbers, hence exactly."""

from collections.abc import Collection, Iterable, Sequence
from math import gcd

Cell = tuple[str, str]  # area code and name of the count
Equation = dict[Cell, int]  # cells, each so many times, that add up to nothing


def worked_out(
    sums: Iterable[Sequence[Cell]], hidden: Collection[Cell]
) -> dict[Cell, tuple[Cell, ...]]:
    """Give each hidden cell that has one value only, with the told cells from which it follows.

    A sum is a total followed by its parts. That cells are counts, hence not below zero, is not
    made use of.
    """
    solved: dict[Cell, Equation] = {}
    for group in sums:
        if _among(group, hidden):
            _solve(_equation(group), solved, hidden)
    return {
        cell: tuple(each for each in equation if each != cell)
        for cell, equation in solved.items()
        if len(_among(equation, hidden)) == 1
    }


def _among(cells: Iterable[Cell], hidden: Collection[Cell]) -> list[Cell]:
    """Give those of the cells that are hidden, in their order."""
    return [cell for cell in cells if cell in hidden]


def _equation(group: Sequence[Cell]) -> Equation:
    total, *parts = group
    return {total: -1} | dict.fromkeys(parts, 1)


def _solve(equation: Equation, solved: dict[Cell, Equation], hidden: Collection[Cell]) -> None:
    """Add an equation for one more hidden cell, which then is in no other; none if it adds none."""
    for cell in _among(equation, hidden):
        if cell in solved:
            _eliminate(cell, solved[cell], equation)
    pivot = next(iter(_among(equation, hidden)), None)
    if pivot is None:
        return
    for other in solved.values():
        if pivot in other:
            _eliminate(pivot, equation, other)
    solved[pivot] = equation


def _eliminate(cell: Cell, by: Equation, equation: Equation) -> None:
    """Take `by` from the equation so often that the cell is no longer in it."""
    shared = gcd(by[cell], equation[cell])
    keep, take = by[cell] // shared, equation[cell] // shared
    if keep != 1:
        for each in equation:
            equation[each] *= keep
    for each, times in by.items():
        left = equation.get(each, 0) - take * times
        if left:
            equation[each] = left
        else:
            del equation[each]
