"""Features as Arrow tables, for the batch."""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Final

import pyarrow as pa

from matching.features import FIELDS, Features

_OTHER_TYPES: Final = {
    "bag": pa.list_(pa.string()),
    "latitude": pa.float64(),
    "longitude": pa.float64(),
    "accuracy": pa.float64(),
}
SCHEMA: Final = pa.schema([(name, _OTHER_TYPES.get(name, pa.string())) for name in FIELDS])
_row: Final = attrgetter(*FIELDS)


def to_table(features: Iterable[Features]) -> pa.Table:
    """Give features as a table of `SCHEMA`, in their order."""
    columns = list(zip(*map(_row, features), strict=True)) or [()] * len(FIELDS)
    arrays = [pa.array(column, type=SCHEMA.field(at).type) for at, column in enumerate(columns)]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def from_table(table: pa.Table) -> Iterator[Features]:
    """Give the features in a table that `to_table` wrote."""
    for batch in table.select(FIELDS).to_batches(max_chunksize=10_000):
        columns = batch.to_pydict()
        columns["bag"] = [tuple(bag or ()) for bag in columns["bag"]]
        for row in zip(*columns.values(), strict=True):
            yield Features(**dict(zip(FIELDS, row, strict=True)))
