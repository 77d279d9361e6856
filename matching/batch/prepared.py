"""Columns made once for each record, so that each of its pairs costs less.

What is compared for being the same is a number here, what may be looked for in another text comes
with the set of its letters. `matching.levels.atoms` says what a condition makes of them.

| column | of a text or list `f` |
|---|---|
| `f__same`, `f__first4` | a number that stands for it, or for its first 4 characters |
| `f__digits`, `f__block` | a number that stands for the digits it begins with; what precedes `-` |
| `f__number` | the number after `-` |
| `f__length` | how long it is |
| `f__letters` | its letters, a bit for each; all but A-Z and 0-9 share one |
| `f__bits`, `f__others` | its members, a bit for each; some share one |
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_WORD: Final = 64  # bits
_MADE: Final = {
    "same": "{field}",
    "first": "case when length({field}) >= {count} then substr({field}, 1, {count}) end",
    "digits": "nullif(regexp_extract({field}, '^[0-9]+', 0), '')",
    "block": "split_part({field}, '-', 1)",
    "number": "try_cast(split_part({field}, '-', 2) as integer)",
    "length": "len({field})::integer",
    "letters": "{field}",
    "bits": "{field}",
    "others": "{field}",
}
_CODED: Final = frozenset({"same", "first", "digits", "block"})


def prepared(
    base: duckdb.DuckDBPyConnection, places: Iterable[Path], names: Iterable[str]
) -> pa.Table:
    """Give the columns `names` of the settled features at `places`, and their `row`."""
    wanted = sorted({*names})
    chosen = ", ".join([f"{_sql(name)} as {name}" for name in wanted] + ["row"])
    parts = [
        base.read_parquet(str(place)).project(chosen).order("row").to_arrow_table()
        for place in places
    ]
    table = pa.concat_tables(parts)
    del parts
    for alike in _numbered_alike(wanted):
        columns = [table.column(name).combine_chunks() for name in alike]
        codes = pa.concat_arrays(columns).dictionary_encode().indices
        for place, name in enumerate(alike):
            part = codes.slice(place * len(table), len(table))
            table = table.set_column(wanted.index(name), name, part)
    for at, name in enumerate(wanted):
        table = table.set_column(at, name, _finished(name, table.column(at).combine_chunks()))
    return table


def _numbered_alike(names: list[str]) -> list[list[str]]:
    """Tell the columns of numbers that stand for texts; sounds share their numbers."""
    coded = [name for name in names if _kind(name) in _CODED]
    sounds = [name for name in coded if name.endswith("skeleton__same")]
    return [sounds] * bool(sounds) + [[name] for name in coded if name not in sounds]


def _kind(name: str) -> str:
    return name.partition("__")[2].rstrip("0123456789")


def _sql(name: str) -> str:
    field, _, made = name.partition("__")
    kind = made.rstrip("0123456789")
    return _MADE[kind].format(field=field, count=made[len(kind) :]) if made else field


def _finished(name: str, column: pa.Array) -> pa.Array:
    made = _kind(name)
    if made == "letters":
        return pa.array(_letters(column), mask=column.is_null().to_numpy(zero_copy_only=False))
    if made in {"bits", "others"}:
        return pa.array(_members(column, divided=_WORD if made == "others" else 1))
    return column


def _letters(column: pa.StringArray) -> NDArray[np.uint64]:
    """Give the set of letters of each text."""
    place = np.full(256, 36)
    place[ord("A") : ord("Z") + 1] = range(26)
    place[ord("0") : ord("9") + 1] = range(26, 36)
    bit = np.left_shift(np.uint64(1), place.astype(np.uint64))
    whole = column.fill_null("").cast(pa.large_string())
    offsets = np.frombuffer(whole.buffers()[1], np.int64)[whole.offset :][: len(whole) + 1]
    text = whole.buffers()[2]
    letters = np.frombuffer(text, np.uint8) if text is not None else np.empty(0, np.uint8)
    return _each_or(bit[letters], offsets)


def _members(column: pa.ListArray, divided: int) -> NDArray[np.uint64]:
    """Give the set of members of each list."""
    codes = column.values.dictionary_encode().indices.to_numpy()
    bit = np.left_shift(np.uint64(1), (codes // divided % _WORD).astype(np.uint64))
    return _each_or(bit, column.offsets.to_numpy().astype(np.int64))


def _each_or(bits: NDArray[np.uint64], offsets: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Bring together the bits between each two offsets; 0 where there are none."""
    found = np.zeros(len(offsets) - 1, np.uint64)
    filled = np.flatnonzero(np.diff(offsets))
    if len(filled):
        found[filled] = np.bitwise_or.reduceat(bits[: offsets[-1]], offsets[filled])
    return found
