"""What a run of link left in its folder: scored pairs, and which pairs were compared at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from matching.batch.features import in_order
from matching.batch.files import read_records
from matching.batch.pairs import load_features, load_keys
from matching.batch.score import MOST

Ints = NDArray[np.int64]
_COMPARED: Final = """
select distinct wanted.number from wanted
join holder one on one.row = wanted.one
join holder other on other.row = wanted.other and other.key = one.key
where one.regency = other.regency or one.regency = '' or other.regency = ''
    or (one.carried and other.carried)
"""


@dataclass(frozen=True, slots=True)
class Scored:
    """Pairs that were scored, by the rows of the work, and the record of each row."""

    ids: Sequence[str]
    left: Ints
    right: Ints
    bits: NDArray[np.float64]


def scored_pairs(records: Path, work: Path) -> Scored:
    """Read the scored pairs of a run from its folder."""
    _, rows = in_order(read_records(records).records)
    parts = [
        pq.read_table(each).replace_schema_metadata()
        for each in sorted(work.glob("edges-*.parquet"))
    ]
    if not parts:
        none = np.empty(0, np.int64)
        return Scored(rows.ids.to_pylist(), none, none, none.astype(np.float64))
    table = pa.concat_tables(parts)
    left, right = (table.column(side).to_numpy().astype(np.int64) for side in ("left", "right"))
    return Scored(rows.ids.to_pylist(), left, right, table.column("bits").to_numpy())


def opened(work: Path) -> duckdb.DuckDBPyConnection:
    """Open a run's features and keys; the caller closes."""
    base = duckdb.connect()
    base.execute("set memory_limit = '1200MB'").fetchall()
    load_features(base, str(work / "settled-*.parquet"))
    load_keys(base, str(work / "keys-*.parquet"), MOST)
    return base


def compared(base: duckdb.DuckDBPyConnection, one: Ints, other: Ints) -> NDArray[np.bool_]:
    """Tell for pairs of rows which of them share a key that was used."""
    numbers = np.arange(len(one), dtype=np.int64)
    base.register("wanted", pa.table({"number": numbers, "one": one, "other": other}))
    found = base.execute(_COMPARED).fetchnumpy()["number"]
    base.unregister("wanted")
    met = np.zeros(len(one), np.bool_)
    met[np.asarray(found, np.int64)] = True
    return met
