"""One process of a batch: reads tasks from standard input, one JSON object a line, answers each.

A task names files; what it makes lies in the file it names when the answer is given.
"""

import gc
import json
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from matching.batch.folder import put
from matching.keys import all_keys_of
from matching.normalise import features_of
from matching.record import Record
from matching.reference import Reference
from matching.tables import from_table, to_table

Task = dict[str, Any]
_RENAMED: Final = {"lat": "latitude", "lon": "longitude"}


def normalise(task: Task) -> int:
    """Make the features of some records."""
    table = pq.read_table(task["records"])
    put(to_table(features_of(record) for record in _records_of(table)), Path(task["made"]))
    return len(table)


def settle(task: Task) -> int:
    """Settle some features by the reference and make their keys; rows count from `first`."""
    reference = _reference(task["reference"])
    features = [reference.settled(each) for each in from_table(pq.read_table(task["features"]))]
    rows: list[int] = []
    keys: list[str] = []
    for row, each in enumerate(features, task["first"]):
        found = list(dict.fromkeys(all_keys_of(each, reference)))
        keys.extend(found)
        rows.extend([row] * len(found))
    table = to_table(features)
    numbers = pa.array(range(task["first"], task["first"] + len(features)), pa.int32())
    put(table.append_column("row", numbers), Path(task["made"]))
    put(
        pa.table({"key": pa.array(keys, pa.string()), "row": pa.array(rows, pa.int32())}),
        Path(task["keys"]),
    )
    return len(features)


def _records_of(table: pa.Table) -> Iterable[Record]:
    """Turn a table of `matching.batch.files` into records."""
    names = [_RENAMED.get(name, name) for name in table.column_names]
    columns = [column.to_pylist() for column in table.columns]
    for row in zip(*columns, strict=True):
        yield Record(**dict(zip(names, row, strict=True)))


def _reference(path: str) -> Reference:
    return _read_once(path, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read_once(path: str, _written: int) -> Reference:
    return Reference.from_json(Path(path).read_text("utf-8"))


KINDS: Final[dict[str, Callable[[Task], int]]] = {"normalise": normalise, "settle": settle}


def main() -> None:
    """Work until standard input ends."""
    gc.disable()  # records leave no cycles behind; looking for some took a tenth of the time
    for line in sys.stdin:
        task = json.loads(line)
        done = KINDS[task["kind"]](task)
        sys.stdout.write(json.dumps({"done": done}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
