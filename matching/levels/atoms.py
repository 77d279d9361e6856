"""The smallest things that can be said of two records, each in several tongues.

An atom is a condition on the left record `a` and the right record `b` that is true or not true,
never unknown: where a value is missing it does not hold. There is `&` and `|` and no negation, so
SQL's third truth value and Python's two never part ways; what speaks against a pair is an atom of
its own (`differ`). Text is ASCII (the normaliser promises it), for DuckDB compares bytes.

What is `prepared` spares most of the work: two texts whose letters are too different need not be
compared further.
"""

from typing import Final

from matching.levels.atom import Atom, Measure, Taken

LATIN_DEGREE: Final = 111_194.926  # metres of one degree of latitude on a sphere of 6,371 km
RADIANS_OF_HALF_A_DEGREE: Final = 0.008726646259971648
_NUMBERS: Final = frozenset({"latitude", "longitude"})  # fields that are no text


def _atom(sql: str, python: str, prepared: str | None = None, *taken: Taken) -> Atom:
    return Atom(sql, prepared or sql, sql, python, taken=taken)


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
        f"(held_{field} >= {shortest})",
        Taken(f"held_{field}", _held(field, field)),
    )


def _held(field: str, other: str) -> str:
    """Say in prepared columns how long what a text holds of another is: all of it or nothing."""
    ways = [(f"{field}_l", f"{other}_r"), (f"{field}_r", f"{other}_l")]
    held = [
        f"CASE WHEN ({_side(part, 'letters')} & ~{_side(whole, 'letters')}) = 0"
        f" AND contains({whole}, {part}) THEN {_side(part, 'length')} ELSE 0 END"
        for part, whole in ways
    ]
    return f"greatest({', '.join(held)})"


def _side(column: str, made: str) -> str:
    """Name what was made of a column of one record: `street_l` to `street__letters_l`."""
    return f"{column[:-2]}__{made}{column[-2:]}"


def crossed(field: str, other: str) -> Atom:
    """Hold where one record writes in the field what the other writes in another field."""
    return _atom(
        f"({field}_l = {other}_r OR {field}_r = {other}_l)",
        f"((a.{field} is not None and a.{field} == b.{other})"
        f" or (b.{field} is not None and b.{field} == a.{other}))",
        f"({_column(field)}_l = {_column(other)}_r OR {_column(field)}_r = {_column(other)}_l)",
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
        f"(held_{field}_in_{other} >= {shortest})",
        Taken(f"held_{field}_in_{other}", _held(field, other)),
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
    found = _common(f"{field}__letters", field)
    both_ways = f"({field}__length_l + {field}__length_r)"
    needed = f"11 * {field}__length_l * {field}__length_r"  # 3 · 0.7 - 1, ten times
    return Measure(
        f"jw_{field}",
        sql,
        f"jaro_winkler({field}_l, {field}_r)",
        f"take_jaro_winkler(a.{field}, b.{field})",
        Taken(f"jw_{field}", f"CASE WHEN 10 * {found} * {both_ways} >= {needed} THEN {sql} END"),
        f"a.{field} is not None and b.{field} is not None",
        least=0.7001,
    )


def _common(bits: str, field: str) -> str:
    """Say in prepared columns how many of one's letters or members the other can have at most."""
    return (
        f"least({field}__length_l - bit_count({bits}_l & ~{bits}_r),"
        f" {field}__length_r - bit_count({bits}_r & ~{bits}_l))"
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
        Taken(f"lev_{field}", f"CASE WHEN {close} THEN {sql} END"),
        f"a.{field} is not None and b.{field} is not None",
        most=1,
    )


def shared(field: str) -> Measure:
    """Count the members that two lists have in common."""
    sql = f"len(list_intersect({field}_l, {field}_r))"
    sets = [f"{field}__{bits}" for bits in ("bits", "others")]
    nothing = " OR ".join(f"({bits}_l & {bits}_r) = 0" for bits in sets)
    most = f"least({', '.join(_common(bits, field) for bits in sets)})"
    return Measure(
        f"shared_{field}",
        sql,
        f"size(array_intersect({field}_l, {field}_r))",
        f"len(set(a.{field}).intersection(b.{field}))",
        Taken(f"shared_{field}", f"CASE WHEN {nothing} THEN 0 ELSE {sql} END", most),
    )


def jaccard(field: str) -> Measure:
    """Measure the common share of two lists without repetition; 0 where both are empty."""
    common = shared(field)
    share = "({one} / greatest({length}({field}_l) + {length}({field}_r) - {one}, 1))"
    taken = common.taken.name
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
    taken = common.taken.name
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
        Taken("square_metres", sql),
        "a.latitude is not None and b.latitude is not None"
        " and a.longitude is not None and b.longitude is not None",
    )


def within(metres: float) -> Atom:
    """Hold where both points are known and no further apart."""
    return square_metres().at_most(metres * metres)
