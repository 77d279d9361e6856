"""From a file of records to features and keys, chunk by chunk, by several processes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from matching.batch.crew import Crew
from matching.batch.folder import Folder, put
from matching.batch.report import Report
from matching.linkage.graph import Flags, Ints
from matching.record import FIELD
from matching.reference import Reference
from matching.reference_build import build_from_table

CHUNK: Final = 12_500  # records
Told = Callable[[str, int, int], None]
_CHECKED: Final = {"phone": "phone", "nib": "nib", "lat": "latitude", "kbli": "kbli", "sls": "sls"}


@dataclass(frozen=True, slots=True)
class Rows:
    """Records in the order of the work, neighbours together; `row` is a place in it.

    `ids`: record ids; `given`: each one's place in the file; `rank`: its place among all ids,
    sorted; `field`: whether it is a field document.
    """

    ids: pa.ChunkedArray
    given: Ints
    rank: Ints
    field: Flags

    def __len__(self) -> int:
        return len(self.ids)


def in_order(records: pa.Table) -> tuple[pa.Table, Rows]:
    """Put neighbours together."""
    given = np.arange(len(records))
    table = records.append_column("given", pa.array(given))
    order = pc.sort_indices(table, [("sls", "ascending"), ("given", "ascending")])
    table = table.take(order)
    ids = table.column("record_id")
    rank = np.empty(len(table), np.int64)
    rank[pc.sort_indices(ids).to_numpy()] = given
    field = pc.equal(table.column("source"), FIELD).to_numpy().astype(np.bool_)
    rows = Rows(ids, table.column("given").to_numpy(), rank, field)
    return table.drop_columns("given"), rows


def chunk_starts(records: pa.Table) -> list[int]:
    """Tell at which record each chunk begins; there is always one."""
    return list(range(0, max(len(records), 1), CHUNK))


def make_features(
    records: pa.Table, folder: Folder, crew: Crew, report: Report, told: Told
) -> Reference:
    """Write features and keys of all records into the folder; tell the reference made of them."""
    starts = chunk_starts(records)
    with report.timing("features"):
        _normalise(records, folder, crew, starts, told)
        raw = [folder.place("features", number) for number in range(len(starts))]
        features = pa.concat_tables(pq.read_table(each) for each in raw)
        _count_unusable(records, features, report)
    with report.timing("reference"):
        reference = build_from_table(features)
        path = folder.path / "reference.json"
        path.write_text(reference.to_json(), "utf-8")
    del features
    with report.timing("keys"):
        _settle(folder, crew, starts, told, reference=path, count=len(records))
    return reference


def _normalise(
    records: pa.Table, folder: Folder, crew: Crew, starts: list[int], told: Told
) -> None:
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        told("features", done, len(records))

    tasks = []
    for number, start in enumerate(starts):
        if folder.has("features", number):
            tell(min(CHUNK, len(records) - start))
            continue
        given = folder.place("records", number)
        put(records.slice(start, CHUNK), given)
        made = folder.place("features", number)
        tasks.append({"kind": "normalise", "records": str(given), "made": str(made)})
    crew.work(tasks, tell)


def _settle(
    folder: Folder, crew: Crew, starts: list[int], told: Told, *, reference: Path, count: int
) -> None:
    done = 0

    def tell(settled: int) -> None:
        nonlocal done
        done += settled
        told("keys", done, count)

    tasks = []
    for number, start in enumerate(starts):
        if folder.has("keys", number):
            tell(min(CHUNK, count - start))
            continue
        tasks.append(
            {
                "kind": "settle",
                "features": str(folder.place("features", number)),
                "reference": str(reference),
                "first": start,
                "made": str(folder.place("settled", number)),
                "keys": str(folder.place("keys", number)),
            }
        )
    crew.work(tasks, tell)


def _count_unusable(records: pa.Table, features: pa.Table, report: Report) -> None:
    """Count what was written but says nothing: sentinels, absurd places, codes of no length."""
    for column, feature in _CHECKED.items():
        written = pc.is_valid(records.column(column))
        lost = pc.and_(written, pc.is_null(features.column(feature)))
        count = int(pc.sum(lost).as_py() or 0)
        if count:
            report.unusable[column] = count
    nameless = pc.and_(
        pc.is_null(features.column("name")), pc.is_null(features.column("business_type"))
    )
    report.nameless = int(pc.sum(nameless).as_py() or 0)
