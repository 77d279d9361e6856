"""What an atom and a measure are: the same thing said in several tongues.

`duckdb` and `spark` are SQL about columns of two records, `name_l` and `name_r`; `python` is about
the features `a` and `b`. `prepared` is DuckDB too, and says the same of columns that were made once
for each record (`matching.batch.prepared`) and of measures that were taken once for each pair:
`street__same` is a number that stands for the text, `name_joined__letters` the set of its letters.
"""

from dataclasses import dataclass
from math import inf
from typing import Final, Literal, get_args

Tongue = Literal["duckdb", "prepared", "spark", "python"]
_TONGUES: Final[tuple[Tongue, ...]] = get_args(Tongue)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the tongue `prepared` takes once a pair: a name and its SQL.

    `most`, where given, is cheaper and never less; nothing asks for less than it.
    """

    name: str
    sql: str
    most: str = ""


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition; `measures` are those that its Python remembers between levels."""

    duckdb: str
    prepared: str
    spark: str
    python: str
    measures: frozenset[str] = frozenset()
    taken: tuple[Taken, ...] = ()

    def __and__(self, other: "Atom") -> "Atom":
        return _joined(self, other, "AND", "and")

    def __or__(self, other: "Atom") -> "Atom":
        return _joined(self, other, "OR", "or")

    def said(self, tongue: Tongue) -> str:
        """Return the condition in that tongue."""
        tongues = (self.duckdb, self.prepared, self.spark, self.python)
        return tongues[_TONGUES.index(tongue)]


def _joined(one: Atom, other: Atom, sql: str, python: str) -> Atom:
    return Atom(
        f"({one.duckdb} {sql} {other.duckdb})",
        f"({one.prepared} {sql} {other.prepared})",
        f"({one.spark} {sql} {other.spark})",
        f"({one.python} {python} {other.python})",
        one.measures | other.measures,
        tuple(dict.fromkeys((*one.taken, *other.taken))),
    )


@dataclass(frozen=True, slots=True)
class Measure:
    """A number about a pair of records that both know the field; costly, so taken once a pair.

    `prepared`, where it says something else than the name of `taken`, is made of it.
    """

    name: str
    duckdb: str
    spark: str
    python: str
    taken: Taken
    known: str = "True"
    prepared: str = ""
    least: float = -inf  # outside these bounds `prepared` may not know the number
    most: float = inf

    def at_least(self, bound: float) -> Atom:
        """Hold where the number is known and not below the bound."""
        return self._bound(">=", bound)

    def at_most(self, bound: float) -> Atom:
        """Hold where the number is known and not above the bound."""
        return self._bound("<=", bound)

    def _bound(self, sign: str, bound: float) -> Atom:
        once = self.least <= bound <= self.most
        prepared = (self.prepared or self.taken.name) if once else self.duckdb
        taken = f"({self.name} if {self.name} is not None else ({self.name} := {self.python}))"
        return Atom(
            f"({self.duckdb} {sign} {bound!r})",
            f"({prepared} {sign} {bound!r})",
            f"({self.spark} {sign} {bound!r})",
            f"({self.known} and {taken} {sign} {bound!r})",
            frozenset({self.name}),
            (self.taken,) if once else (),
        )
