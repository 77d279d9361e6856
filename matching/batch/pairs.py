"""Which pairs are scored: records that share a key, each pair once.

Rows are numbered so that neighbours stand together. A pair belongs to the chunk of its lower row;
chunks are cut so that none holds many more than `PAIRS` pairs. Records of two regencies meet only
by what a business carries from one to the other (NIB and phone): one pass of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from matching.batch.prepared import prepared
from matching.keys import CROWD, CROWDS

PAIRS: Final = 4_000_000  # candidates of a chunk before each is taken once
_HOLDERS: Final = """
create table holder as
select hash(key) as key, row, regency, substr(key, 1, 2) in ('P:', 'I:') as carried
from read_parquet($1) join every_key using (key) join place using (row)
where holders <= most
"""
_EVERY_KEY: Final = """
create temp table every_key as
select key, count(*) as holders,
least($2, coalesce(map($3::varchar[], $4::integer[])[split_part(key, ':', 1)], $5)) as most
from read_parquet($1) group by key having holders > 1
"""
_CUT: Final = """
select split_part(key, ':', 1) as kind, count(*), sum(holders)::bigint, max(holders)
from every_key where holders > most group by kind order by kind
"""
_WITHIN: Final = """
create or replace table asked as
select one.row as join_key_l, other.row as join_key_r
from holder one join holder other
on one.key = other.key and one.row < other.row
where one.row >= $1 and one.row < $2 and other.row > $1
and (one.regency = other.regency or one.regency = '' or other.regency = '')
group by all
"""
_ACROSS: Final = """
create or replace table asked as
select one.row as join_key_l, other.row as join_key_r
from carried one join carried other
on one.key = other.key and one.row < other.row and one.regency <> other.regency
where one.row >= $1 and one.row < $2
group by all
"""
_LATER_WITHIN: Final = """
select row, sum(later)::bigint as pairs from
(select row, count(*) over (partition by key order by row desc) - 1 as later from holder)
group by row having pairs > 0 order by row
"""
_LATER_ACROSS: Final = """
select row, sum(later)::bigint as pairs from
(select row, count(*) over (partition by key order by row desc) - 1 as later from carried)
group by row having pairs > 0 order by row
"""


@dataclass(frozen=True, slots=True)
class Span:
    """A chunk: rows `first` up to, not including, `end`; within one regency or across."""

    number: int
    first: int
    end: int
    across: bool
    pairs: int  # at most


@dataclass(frozen=True, slots=True)
class Cut:
    """A kind of key of which some were held by too many records to tell anything."""

    kind: str
    keys: int
    holders: int
    largest: int


def load_features(base: duckdb.DuckDBPyConnection, pattern: str) -> None:
    """Make the table `features`, its ids the rows, beside `place` (row and regency)."""
    base.execute(
        "create table features as select * exclude (row) replace (row as record_id)"
        " from read_parquet($1) order by row",
        [pattern],
    ).fetchall()
    _locate(base, "features", "record_id")


def load_prepared(
    base: duckdb.DuckDBPyConnection, places: Iterable[Path], names: Iterable[str]
) -> None:
    """Make the table `prepared` of settled features, with columns of these names, and `place`."""
    base.from_arrow(prepared(base, places, {*names, "sls"})).create("prepared")
    _locate(base, "prepared", "row")


def _locate(base: duckdb.DuckDBPyConnection, table: str, row: str) -> None:
    # a record without SLS may lie anywhere: its regency is ''
    base.table(table).project(f"{row} as row, coalesce(substr(sls, 1, 4), '') as regency").create(
        "place"
    )


def load_keys(base: duckdb.DuckDBPyConnection, pattern: str, most: int) -> list[Cut]:
    """Make the tables `holder` and `carried`, without keys of too many records.

    Too many are more than `most`, or than `matching.keys` lets a key of that kind have.

    `holder`: key, row, regency and whether a business carries the key with it; `carried`: of
    these, with a known regency. Keys left out stand in the table `crowded`.
    """
    kinds, crowds = list(CROWDS), list(CROWDS.values())
    base.execute(_EVERY_KEY, [pattern, most, kinds, crowds, CROWD]).fetchall()
    base.execute(_HOLDERS, [pattern]).fetchall()
    base.execute(
        "create table carried as select * from holder where carried and regency <> ''"
    ).fetchall()
    base.execute(
        "create table crowded as select key, holders from every_key where holders > most"
    ).fetchall()
    cut = base.execute(_CUT).fetchall()
    base.execute("drop table every_key").fetchall()
    return [Cut(*row) for row in cut]


def compared(base: duckdb.DuckDBPyConnection) -> int:
    """Tell how many records hold a key that another holds too."""
    [[count]] = base.execute("select count(distinct row) from holder").fetchall()
    return int(count)


def spans(base: duckdb.DuckDBPyConnection) -> list[Span]:
    """Cut the work into chunks, the pass across regencies last."""
    found = _spans(base, 0, across=False)
    [[regencies]] = base.execute("select count(distinct regency) from carried").fetchall()
    if regencies > 1:
        found += _spans(base, len(found), across=True)
    return found


def _spans(base: duckdb.DuckDBPyConnection, number: int, *, across: bool) -> list[Span]:
    later = base.execute(_LATER_ACROSS if across else _LATER_WITHIN).fetchnumpy()
    found: list[Span] = []
    first, total, end = 0, 0, 0
    for row, count in zip(later["row"].tolist(), later["pairs"].tolist(), strict=True):
        if total and total + count > PAIRS:
            found.append(Span(number + len(found), first, row, across, total))
            first, total = row, 0
        total += count
        end = row + 1
    if total:
        found.append(Span(number + len(found), first, end, across, total))
    return found


def ask(base: duckdb.DuckDBPyConnection, span: Span) -> int:
    """Make the table `asked`: the pairs of a chunk, by their rows; tell how many."""
    base.execute(_ACROSS if span.across else _WITHIN, [span.first, span.end]).fetchall()
    [[counted]] = base.execute("select count(*) from asked").fetchall()
    return int(counted)
