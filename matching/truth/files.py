"""A labelled city as files: what `se2026 dedup link` reads, and the truth beside it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from matching.record import Record
from matching.truth.survey import Labelled

RECORDS: Final = "records.parquet"
RECORDS_TEXT: Final = "records.csv"
TRUTH: Final = "truth.csv"
COLUMNS: Final = {
    "record_id": "record_id",
    "source": "source",
    "enumerator": "enumerator",
    "name": "name",
    "owner": "owner",
    "address": "address",
    "phone": "phone",
    "nib": "nib",
    "lat": "latitude",
    "lon": "longitude",
    "kbli": "kbli",
    "sls": "sls",
}


def write(labelled: Sequence[Labelled], folder: Path) -> None:
    """Write records as Parquet and as CSV, and the truth; makes the folder when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    records = frame([each.record for each in labelled])
    records.write_parquet(folder / RECORDS)
    records.write_csv(folder / RECORDS_TEXT)
    truth = {
        "record_id": [each.record.record_id for each in labelled],
        "unit_id": [f"U{each.unit:07d}" for each in labelled],
        "hard_class": [each.hard_class for each in labelled],
    }
    pl.DataFrame(truth).write_csv(folder / TRUTH)


def frame(records: Sequence[Record]) -> pl.DataFrame:
    """Give records as a table: text everywhere but for degrees."""
    kinds = {name: pl.Float64 if name in {"lat", "lon"} else pl.String for name in COLUMNS}
    columns = {name: [getattr(each, part) for each in records] for name, part in COLUMNS.items()}
    return pl.DataFrame(columns, schema=kinds)
