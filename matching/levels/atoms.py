"""The smallest things that can be said of two records, each in three tongues.

An atom is a condition on the left record `a` and the right record `b` that is true or not true,
never unknown: where a value is missing it does not hold. There is `&` and `|` and no negation, so
SQL's third truth value and Python's two never part ways; what speaks against a pair is an atom of
its own (`differ`). Text is ASCII (the normaliser promises it), for DuckDB compares bytes.
"""

from dataclasses import dataclass
from typing import Final, Literal

Tongue = Literal["duckdb", "spark", "python"]
LATIN_DEGREE: Final = 111_194.926  # metres of one degree of latitude on a sphere of 6,371 km
RADIANS_OF_HALF_A_DEGREE: Final = 0.008726646259971648


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition; `measures` are those that its Python remembers between levels."""

    duckdb: str
    spark: str
    python: str
    measures: frozenset[str] = frozenset()

    def __and__(self, other: "Atom") -> "Atom":
        return _joined(self, other, "AND", "and")

    def __or__(self, other: "Atom") -> "Atom":
        return _joined(self, other, "OR", "or")

    def said(self, tongue: Tongue) -> str:
        """Return the condition in that tongue."""
        return {"duckdb": self.duckdb, "spark": self.spark, "python": self.python}[tongue]


def _joined(one: Atom, other: Atom, sql: str, python: str) -> Atom:
    return Atom(
        f"({one.duckdb} {sql} {other.duckdb})",
        f"({one.spark} {sql} {other.spark})",
        f"({one.python} {python} {other.python})",
        one.measures | other.measures,
    )


def _atom(sql: str, python: str) -> Atom:
    return Atom(sql, sql, python)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number about a pair of records that both know the field; costly, so taken once a pair."""

    name: str
    duckdb: str
    spark: str
    python: str
    known: str = "True"

    def at_least(self, bound: float) -> Atom:
        """Hold where the number is known and not below the bound."""
        return self._bound(">=", bound)

    def at_most(self, bound: float) -> Atom:
        """Hold where the number is known and not above the bound."""
        return self._bound("<=", bound)

    def _bound(self, sign: str, bound: float) -> Atom:
        taken = f"({self.name} if {self.name} is not None else ({self.name} := {self.python}))"
        return Atom(
            f"({self.duckdb} {sign} {bound!r})",
            f"({self.spark} {sign} {bound!r})",
            f"({self.known} and {taken} {sign} {bound!r})",
            frozenset({self.name}),
        )


def known(field: str) -> Atom:
    """Hold where both records know the field."""
    return _atom(
        f"({field}_l IS NOT NULL AND {field}_r IS NOT NULL)",
        f"(a.{field} is not None and b.{field} is not None)",
    )


def unknown(field: str) -> Atom:
    """Hold where a record, or both, does not know the field."""
    return _atom(
        f"({field}_l IS NULL OR {field}_r IS NULL)", f"(a.{field} is None or b.{field} is None)"
    )


def neither(field: str) -> Atom:
    """Hold where neither record knows the field."""
    return _atom(
        f"({field}_l IS NULL AND {field}_r IS NULL)", f"(a.{field} is None and b.{field} is None)"
    )


def same(field: str) -> Atom:
    """Hold where both records know the field and write it alike."""
    return _atom(f"{field}_l = {field}_r", f"(a.{field} is not None and a.{field} == b.{field})")


def differ(field: str) -> Atom:
    """Hold where both records know the field and write it differently."""
    return _atom(
        f"{field}_l <> {field}_r",
        f"(a.{field} is not None and b.{field} is not None and a.{field} != b.{field})",
    )


def both(field: str, value: str) -> Atom:
    """Hold where the field of both records is this very value."""
    return _atom(
        f"({field}_l = '{value}' AND {field}_r = '{value}')",
        f"(a.{field} == {value!r} and b.{field} == {value!r})",
    )


def same_start(field: str, length: int) -> Atom:
    """Hold where both fields begin with the same characters, so many of them."""
    return _atom(
        f"(length({field}_l) >= {length} AND length({field}_r) >= {length}"
        f" AND substr({field}_l, 1, {length}) = substr({field}_r, 1, {length}))",
        f"(a.{field} is not None and b.{field} is not None and len(b.{field}) >= {length}"
        f" and len(a.{field}) >= {length} and a.{field}[:{length}] == b.{field}[:{length}])",
    )


def contained(field: str, shortest: int) -> Atom:
    """Hold where one text stands whole within the other and is not shorter than that."""
    return Atom(
        f"((length({field}_l) >= {shortest} AND contains({field}_r, {field}_l))"
        f" OR (length({field}_r) >= {shortest} AND contains({field}_l, {field}_r)))",
        f"((length({field}_l) >= {shortest} AND contains({field}_r, {field}_l))"
        f" OR (length({field}_r) >= {shortest} AND contains({field}_l, {field}_r)))",
        f"(a.{field} is not None and b.{field} is not None"
        f" and ((len(a.{field}) >= {shortest} and a.{field} in b.{field})"
        f" or (len(b.{field}) >= {shortest} and b.{field} in a.{field})))",
    )


def crossed(field: str, other: str) -> Atom:
    """Hold where one record writes in the field what the other writes in another field."""
    return _atom(
        f"({field}_l = {other}_r OR {field}_r = {other}_l)",
        f"((a.{field} is not None and a.{field} == b.{other})"
        f" or (b.{field} is not None and b.{field} == a.{other}))",
    )


def crossed_within(field: str, other: str, shortest: int) -> Atom:
    """Hold where what one record writes in the field stands whole in the other's other field."""
    return _atom(
        f"((length({field}_l) >= {shortest} AND contains({other}_r, {field}_l))"
        f" OR (length({field}_r) >= {shortest} AND contains({other}_l, {field}_r)))",
        f"((a.{field} is not None and b.{other} is not None"
        f" and len(a.{field}) >= {shortest} and a.{field} in b.{other})"
        f" or (b.{field} is not None and a.{other} is not None"
        f" and len(b.{field}) >= {shortest} and b.{field} in a.{other}))",
    )


def same_number(field: str) -> Atom:
    """Hold where both fields begin with the same digits: 12 and 12A."""
    left, right = (f"regexp_extract({field}_{side}, '^[0-9]+', 0)" for side in "lr")
    return _atom(
        f"({left} <> '' AND {left} = {right})",
        f"(a.{field} is not None and b.{field} is not None"
        f" and take_digits(a.{field}) != '' and take_digits(a.{field}) == take_digits(b.{field}))",
    )


def next_to(field: str, apart: int) -> Atom:
    """Hold where both fields are a block and a number (B-12) of one block, and close together."""
    left, right = (f"TRY_CAST(split_part({field}_{side}, '-', 2) AS INTEGER)" for side in "lr")
    near = f"abs({left} - {right}) BETWEEN 1 AND {apart}"
    return _atom(
        f"(split_part({field}_l, '-', 1) = split_part({field}_r, '-', 1) AND {near})",
        f"(a.{field} is not None and b.{field} is not None"
        f" and 1 <= take_apart(a.{field}, b.{field}) <= {apart})",
    )


def as_long_as(field: str, length: int) -> Atom:
    """Hold where both texts have at least so many characters."""
    return _atom(
        f"(length({field}_l) >= {length} AND length({field}_r) >= {length})",
        f"(a.{field} is not None and b.{field} is not None"
        f" and len(a.{field}) >= {length} and len(b.{field}) >= {length})",
    )


def jaro_winkler(field: str) -> Measure:
    """Measure how alike two texts are, from 0 to 1, their beginnings weighing more."""
    return Measure(
        f"jw_{field}",
        f"jaro_winkler_similarity({field}_l, {field}_r)",
        f"jaro_winkler({field}_l, {field}_r)",
        f"take_jaro_winkler(a.{field}, b.{field})",
        f"a.{field} is not None and b.{field} is not None",
    )


def levenshtein(field: str) -> Measure:
    """Count the letters to change, insert or drop between two texts."""
    return Measure(
        f"lev_{field}",
        f"levenshtein({field}_l, {field}_r)",
        f"levenshtein({field}_l, {field}_r)",
        f"take_levenshtein(a.{field}, b.{field})",
        f"a.{field} is not None and b.{field} is not None",
    )


def shared(field: str) -> Measure:
    """Count the members that two lists have in common."""
    return Measure(
        f"shared_{field}",
        f"len(list_intersect({field}_l, {field}_r))",
        f"size(array_intersect({field}_l, {field}_r))",
        f"len(set(a.{field}).intersection(b.{field}))",
    )


def jaccard(field: str) -> Measure:
    """Measure the common share of two lists without repetition; 0 where both are empty."""
    common = shared(field)
    return Measure(
        f"jaccard_{field}",
        f"({common.duckdb} / greatest(len({field}_l) + len({field}_r) - {common.duckdb}, 1))",
        f"({common.spark} / greatest(size({field}_l) + size({field}_r) - {common.spark}, 1))",
        f"take_jaccard(a.{field}, b.{field})",
    )


def overlap(field: str) -> Measure:
    """Measure how much of the shorter list the other one holds; 0 where one is empty."""
    common = shared(field)
    return Measure(
        f"overlap_{field}",
        f"({common.duckdb} / greatest(least(len({field}_l), len({field}_r)), 1))",
        f"({common.spark} / greatest(least(size({field}_l), size({field}_r)), 1))",
        f"take_overlap(a.{field}, b.{field})",
    )


def empty(field: str) -> Atom:
    """Hold where a list, or both, has no member."""
    return Atom(
        f"(len({field}_l) = 0 OR len({field}_r) = 0)",
        f"(size({field}_l) = 0 OR size({field}_r) = 0)",
        f"(not a.{field} or not b.{field})",
    )


def square_metres() -> Measure:
    """Measure the square of the distance between two points.

    Only the four arithmetic operations, in one order, so that every engine finds the same bits:
    the cosine of the latitude is its series up to the second term, right to 1 in 10,000 up to 12°.
    """
    steps = (
        "({dy} * {dy} + {dx} * {dx} * (1.0 - {mid} * {mid} / 2.0) * (1.0 - {mid} * {mid} / 2.0))"
        f" * {LATIN_DEGREE**2!r}"
    )
    sql = steps.format(
        dy="(latitude_l - latitude_r)",
        dx="(longitude_l - longitude_r)",
        mid=f"((latitude_l + latitude_r) * {RADIANS_OF_HALF_A_DEGREE!r})",
    )
    # literals with an exponent are DOUBLE in DuckDB and Spark, without one DECIMAL
    sql = sql.replace("1.0 -", "1e0 -").replace("/ 2.0", "/ 2e0")
    sql = sql.replace(repr(RADIANS_OF_HALF_A_DEGREE), f"{RADIANS_OF_HALF_A_DEGREE:.17e}")
    sql = sql.replace(repr(LATIN_DEGREE**2), f"{LATIN_DEGREE**2:.17e}")
    return Measure(
        "square_metres",
        sql,
        sql,
        "take_square_metres(a, b)",
        "a.latitude is not None and b.latitude is not None"
        " and a.longitude is not None and b.longitude is not None",
    )


def within(metres: float) -> Atom:
    """Hold where both points are known and no further apart."""
    return square_metres().at_most(metres * metres)
