"""The smallest things that can be said of two records, each in several tongues.

An atom is a condition on the left record `a` and the right record `b` that is true or not true,
never unknown: where a value is missing it does not hold. There is `&` and `|` and no negation, so
SQL's third truth value and Python's two never part ways; what speaks against a pair is an atom of
its own (`differ`). Text is ASCII (the normaliser promises it), for DuckDB compares bytes.

`prepared` is DuckDB too, and says the same of columns that were made once for each record, and of
measures that were taken once for each pair (`matching.batch.prepared`): `street__same` is a number
that stands for the text, `name_joined__letters` the set of letters in it. Two texts whose letters
are too different need not be compared further.
"""

from dataclasses import dataclass
from math import inf
from typing import Final, Literal, get_args

Tongue = Literal["duckdb", "prepared", "spark", "python"]
_TONGUES: Final[tuple[Tongue, ...]] = get_args(Tongue)
LATIN_DEGREE: Final = 111_194.926  # metres of one degree of latitude on a sphere of 6,371 km
RADIANS_OF_HALF_A_DEGREE: Final = 0.008726646259971648
_NUMBERS: Final = frozenset({"latitude", "longitude"})  # fields that are no text


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition; `measures` are those that its Python remembers between levels."""

    duckdb: str
    prepared: str
    spark: str
    python: str
    measures: frozenset[str] = frozenset()
    taken: tuple[tuple[str, str], ...] = ()  # what `prepared` takes once: name and SQL

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


def _atom(sql: str, python: str, prepared: str | None = None) -> Atom:
    return Atom(sql, prepared or sql, sql, python)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number about a pair of records that both know the field; costly, so taken once a pair.

    `taken` is what the tongue `prepared` takes once: a name and its SQL; `prepared`, where it says
    something else than that name, is made of it.
    """

    name: str
    duckdb: str
    spark: str
    python: str
    taken: tuple[str, str]
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
        prepared = (self.prepared or self.taken[0]) if once else self.duckdb
        taken = f"({self.name} if {self.name} is not None else ({self.name} := {self.python}))"
        return Atom(
            f"({self.duckdb} {sign} {bound!r})",
            f"({prepared} {sign} {bound!r})",
            f"({self.spark} {sign} {bound!r})",
            f"({self.known} and {taken} {sign} {bound!r})",
            frozenset({self.name}),
            (self.taken,) if once else (),
        )


def _column(field: str) -> str:
    """Name the prepared column that is known and the same where the field is."""
    return field if field in _NUMBERS else f"{field}__same"


def known(field: str) -> Atom:
    """Hold where both records know the field."""
    return _atom(
        f"({field}_l IS NOT NULL AND {field}_r IS NOT NULL)",
        f"(a.{field} is not None and b.{field} is not None)",
        f"({_column(field)}_l IS NOT NULL AND {_column(field)}_r IS NOT NULL)",
    )


def unknown(field: str) -> Atom:
    """Hold where a record, or both, does not know the field."""
    return _atom(
        f"({field}_l IS NULL OR {field}_r IS NULL)",
        f"(a.{field} is None or b.{field} is None)",
        f"({_column(field)}_l IS NULL OR {_column(field)}_r IS NULL)",
    )


def neither(field: str) -> Atom:
    """Hold where neither record knows the field."""
    return _atom(
        f"({field}_l IS NULL AND {field}_r IS NULL)",
        f"(a.{field} is None and b.{field} is None)",
        f"({_column(field)}_l IS NULL AND {_column(field)}_r IS NULL)",
    )


def same(field: str) -> Atom:
    """Hold where both records know the field and write it alike."""
    return _atom(
        f"{field}_l = {field}_r",
        f"(a.{field} is not None and a.{field} == b.{field})",
        f"{_column(field)}_l = {_column(field)}_r",
    )


def differ(field: str) -> Atom:
    """Hold where both records know the field and write it differently."""
    return _atom(
        f"{field}_l <> {field}_r",
        f"(a.{field} is not None and b.{field} is not None and a.{field} != b.{field})",
        f"{_column(field)}_l <> {_column(field)}_r",
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
        f"{field}__first{length}_l = {field}__first{length}_r",
    )


def contained(field: str, shortest: int) -> Atom:
    """Hold where one text stands whole within the other and is not shorter than that."""
    return _atom(
        f"((length({field}_l) >= {shortest} AND contains({field}_r, {field}_l))"
        f" OR (length({field}_r) >= {shortest} AND contains({field}_l, {field}_r)))",
        f"(a.{field} is not None and b.{field} is not None"
        f" and ((len(a.{field}) >= {shortest} and a.{field} in b.{field})"
        f" or (len(b.{field}) >= {shortest} and b.{field} in a.{field})))",
        f"({_within(f'{field}_l', f'{field}_r', shortest)}"
        f" OR {_within(f'{field}_r', f'{field}_l', shortest)})",
    )


def _within(part: str, whole: str, shortest: int) -> str:
    """Say in prepared columns that one text stands whole within another."""
    return (
        f"({_side(part, 'length')} >= {shortest}"
        f" AND ({_side(part, 'letters')} & ~{_side(whole, 'letters')}) = 0"
        f" AND contains({whole}, {part}))"
    )


def _side(column: str, made: str) -> str:
    """Name what was made of a column of one record: `street_l` to `street__letters_l`."""
    return f"{column[:-2]}__{made}{column[-2:]}"


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
        f"({_within(f'{field}_l', f'{other}_r', shortest)}"
        f" OR {_within(f'{field}_r', f'{other}_l', shortest)})",
    )


def same_number(field: str) -> Atom:
    """Hold where both fields begin with the same digits: 12 and 12A."""
    left, right = (f"regexp_extract({field}_{side}, '^[0-9]+', 0)" for side in "lr")
    return _atom(
        f"({left} <> '' AND {left} = {right})",
        f"(a.{field} is not None and b.{field} is not None"
        f" and take_digits(a.{field}) != '' and take_digits(a.{field}) == take_digits(b.{field}))",
        f"{field}__digits_l = {field}__digits_r",
    )


def next_to(field: str, apart: int) -> Atom:
    """Hold where both fields are a block and a number (B-12) of one block, and close together."""
    left, right = (f"TRY_CAST(split_part({field}_{side}, '-', 2) AS INTEGER)" for side in "lr")
    near = "abs({} - {}) BETWEEN 1 AND {}"
    return _atom(
        f"(split_part({field}_l, '-', 1) = split_part({field}_r, '-', 1)"
        f" AND {near.format(left, right, apart)})",
        f"(a.{field} is not None and b.{field} is not None"
        f" and 1 <= take_apart(a.{field}, b.{field}) <= {apart})",
        f"({field}__block_l = {field}__block_r"
        f" AND {near.format(f'{field}__number_l', f'{field}__number_r', apart)})",
    )


def as_long_as(field: str, length: int) -> Atom:
    """Hold where both texts have at least so many characters."""
    return _atom(
        f"(length({field}_l) >= {length} AND length({field}_r) >= {length})",
        f"(a.{field} is not None and b.{field} is not None"
        f" and len(a.{field}) >= {length} and len(b.{field}) >= {length})",
        f"({field}__length_l >= {length} AND {field}__length_r >= {length})",
    )


def jaro_winkler(field: str) -> Measure:
    """Measure how alike two texts are, from 0 to 1, their beginnings weighing more.

    Below 0.7 the beginnings do not count: a third of it is 1 and the rest what share of either
    text finds its letter in the other. How many letters can is known from the sets of letters.
    """
    sql = f"jaro_winkler_similarity({field}_l, {field}_r)"
    found = (
        f"least({field}__length_l - bit_count({field}__letters_l & ~{field}__letters_r),"
        f" {field}__length_r - bit_count({field}__letters_r & ~{field}__letters_l))"
    )
    both_ways = f"({field}__length_l + {field}__length_r)"
    needed = f"11 * {field}__length_l * {field}__length_r"  # 3 · 0.7 - 1, ten times
    return Measure(
        f"jw_{field}",
        sql,
        f"jaro_winkler({field}_l, {field}_r)",
        f"take_jaro_winkler(a.{field}, b.{field})",
        (f"jw_{field}", f"CASE WHEN 10 * {found} * {both_ways} >= {needed} THEN {sql} END"),
        f"a.{field} is not None and b.{field} is not None",
        least=0.7001,
    )


def levenshtein(field: str) -> Measure:
    """Count the letters to change, insert or drop between two texts; not beyond 1."""
    sql = f"levenshtein({field}_l, {field}_r)"
    close = (
        f"abs({field}__length_l - {field}__length_r) <= 1"
        f" AND bit_count(xor({field}__letters_l, {field}__letters_r)) <= 2"
    )
    return Measure(
        f"lev_{field}",
        sql,
        sql,
        f"take_levenshtein(a.{field}, b.{field})",
        (f"lev_{field}", f"CASE WHEN {close} THEN {sql} END"),
        f"a.{field} is not None and b.{field} is not None",
        most=1,
    )


def shared(field: str) -> Measure:
    """Count the members that two lists have in common."""
    sql = f"len(list_intersect({field}_l, {field}_r))"
    nothing = " OR ".join(
        f"({field}__{bits}_l & {field}__{bits}_r) = 0" for bits in ("bits", "others")
    )
    return Measure(
        f"shared_{field}",
        sql,
        f"size(array_intersect({field}_l, {field}_r))",
        f"len(set(a.{field}).intersection(b.{field}))",
        (f"shared_{field}", f"CASE WHEN {nothing} THEN 0 ELSE {sql} END"),
    )


def jaccard(field: str) -> Measure:
    """Measure the common share of two lists without repetition; 0 where both are empty."""
    common = shared(field)
    share = "({one} / greatest({length}({field}_l) + {length}({field}_r) - {one}, 1))"
    taken = common.taken[0]
    return Measure(
        f"jaccard_{field}",
        share.format(one=common.duckdb, length="len", field=field),
        share.format(one=common.spark, length="size", field=field),
        f"take_jaccard(a.{field}, b.{field})",
        common.taken,
        prepared=share.format(one=taken, length="", field=f"{field}__length"),
    )


def overlap(field: str) -> Measure:
    """Measure how much of the shorter list the other one holds; 0 where one is empty."""
    common = shared(field)
    share = "({one} / greatest(least({length}({field}_l), {length}({field}_r)), 1))"
    taken = common.taken[0]
    return Measure(
        f"overlap_{field}",
        share.format(one=common.duckdb, length="len", field=field),
        share.format(one=common.spark, length="size", field=field),
        f"take_overlap(a.{field}, b.{field})",
        common.taken,
        prepared=share.format(one=taken, length="", field=f"{field}__length"),
    )


def empty(field: str) -> Atom:
    """Hold where a list, or both, has no member."""
    return Atom(
        f"(len({field}_l) = 0 OR len({field}_r) = 0)",
        f"({field}__length_l = 0 OR {field}__length_r = 0)",
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
        ("square_metres", sql),
        "a.latitude is not None and b.latitude is not None"
        " and a.longitude is not None and b.longitude is not None",
    )


def within(metres: float) -> Atom:
    """Hold where both points are known and no further apart."""
    return square_metres().at_most(metres * metres)
