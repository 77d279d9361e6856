"""Files of records as text: nothing is read as a number that is a code.

Parquet and CSV, whatever the order and case of columns; what a spreadsheet made of a code is mended
where that is certain: a number gets back the zeros that its column's codes begin with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from matching.batch.errors import BadInput
from matching.record import FIELD, SOURCES

TEXTS: Final = (
    "record_id", "source", "enumerator", "name", "owner", "address", "phone", "nib", "kbli", "sls",
)  # fmt: skip
NUMBERS: Final = ("lat", "lon", "accuracy")
_SPELLINGS: Final = {"latitude": "lat", "longitude": "lon", "idsubsls": "sls", "idsls": "sls"}
_DIGITS: Final = {"nib": 13, "kbli": 5}  # of codes that may begin with a zero
_SEPARATORS: Final = ",;\t|"
_NUMBER: Final = r"^\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*$"


@dataclass(frozen=True, slots=True)
class Read:
    """A file's records and what was odd about it.

    `records`: columns `TEXTS` (text) and `NUMBERS` (doubles), nulls where nothing was said, in the
    file's order.
    """

    records: pa.Table
    ignored: tuple[str, ...]
    missing: tuple[str, ...]
    unknown_sources: int


def read_records(path: Path) -> Read:
    """Read a file of records; raise `BadInput` where a record could not be told from another."""
    table = _named(read_table(path))
    if "record_id" not in table.column_names:
        raise BadInput(
            f"Berkas {path.name} tidak punya kolom record_id; kolomnya: "
            f"{', '.join(table.column_names)}.",
            f"The file {path.name} has no column record_id; its columns are "
            f"{', '.join(table.column_names)}.",
        )
    wanted = {name: _column(table, name) for name in (*TEXTS, *NUMBERS)}
    _hold_ids_apart(wanted["record_id"])
    wanted["source"], unknown = _source(wanted["source"])
    return Read(
        pa.table(wanted),
        tuple(name for name in table.column_names if name not in wanted),
        tuple(
            name
            for name in (*TEXTS, "lat", "lon")
            if name not in table.column_names and name != "record_id"
        ),
        unknown,
    )


def read_table(path: Path) -> pa.Table:
    """Read a Parquet or CSV file; columns of a CSV file are text."""
    try:
        return _parquet(path) if path.suffix.lower() in {".parquet", ".pq"} else _csv(path)
    except (OSError, pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError) as error:
        told = str(error).splitlines()[0]
        raise BadInput(
            f"Berkas {path.name} tidak dapat dibaca: {told}",
            f"The file {path.name} cannot be read: {told}",
        ) from error


def _parquet(path: Path) -> pa.Table:
    return pq.read_table(path)


def _csv(path: Path) -> pa.Table:
    with path.open("rb") as file:
        start = b"".join(islice(file, 1))
    encoding = _encoding(path)
    header = start.decode(encoding, "replace")
    separator = max(_SEPARATORS, key=header.count)
    parse = pa_csv.ParseOptions(delimiter=separator, newlines_in_values=True)
    names = [name.strip().strip('"') for name in header.lstrip("\ufeff").strip().split(separator)]
    convert = pa_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    read = pa_csv.ReadOptions(encoding=encoding)
    return pa_csv.read_csv(path, read_options=read, parse_options=parse, convert_options=convert)


def _encoding(path: Path) -> str:
    """Tell UTF-8 from what old spreadsheets write."""
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf8"


def _named(table: pa.Table) -> pa.Table:
    """Give columns their plain names; of two that mean the same the first counts."""
    names: list[str] = []
    for written in table.column_names:
        plain = written.strip().lower()
        plain = _SPELLINGS.get(plain, plain)
        names.append(written if plain in names else plain)
    return table.rename_columns(names)


def _column(table: pa.Table, name: str) -> pa.ChunkedArray:
    if name not in table.column_names:
        kind = pa.float64() if name in NUMBERS else pa.string()
        return pa.chunked_array([pa.nulls(len(table), kind)])
    column = table.column(name)
    return _number(column) if name in NUMBERS else text_of(column, _DIGITS.get(name, 0))


def text_of(column: pa.ChunkedArray, digits: int = 0) -> pa.ChunkedArray:
    """Read a column as text without blanks around, null where empty; numbers as whole ones."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return text_of(column.cast(kind.value_type), digits)
    if pa.types.is_floating(kind):
        whole = pc.equal(pc.floor(column), column)
        codes = pc.cast(pc.if_else(whole, column, None), pa.int64(), safe=False)
        text = pc.coalesce(pc.cast(codes, pa.string()), pc.cast(column, pa.string()))
        text = pc.if_else(pc.is_nan(column), None, text)
    else:
        text = pc.cast(column, pa.string(), safe=False)
    if digits and not pa.types.is_string(kind) and not pa.types.is_large_string(kind):
        text = pc.utf8_lpad(text, width=digits, padding="0")
    text = pc.utf8_trim_whitespace(text)
    return pc.if_else(pc.equal(text, ""), None, text)


def _number(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Read a column as numbers, with a point or a comma; null where it is none."""
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = pc.cast(column, pa.float64(), safe=False)
    else:
        text = text_of(column)
        plain = pc.if_else(pc.match_substring_regex(text, _NUMBER), text, None)
        numbers = pc.cast(pc.replace_substring(plain, ",", "."), pa.float64())
    return pc.if_else(pc.is_finite(numbers), numbers, None)


def _hold_ids_apart(ids: pa.ChunkedArray) -> None:
    """Refuse records without an id, and ids that come twice."""
    if ids.null_count:
        raise BadInput(
            f"{ids.null_count} baris tidak punya record_id.",
            f"{ids.null_count} rows have no record_id.",
        )
    counts = pc.value_counts(ids)
    twice = pc.filter(counts.field("values"), pc.greater(counts.field("counts"), 1)).to_pylist()
    if twice:
        some = ", ".join(twice[:3])
        raise BadInput(
            f"{len(twice)} record_id muncul lebih dari sekali, misalnya {some}.",
            f"{len(twice)} record_ids come more than once, such as {some}.",
        )


def _source(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, int]:
    """Read the source; one that is not known counts as the field's, which nobody merges unseen."""
    plain = pc.utf8_lower(column)
    known = pc.fill_null(pc.is_in(plain, value_set=pa.array(sorted(SOURCES))), False)
    unknown = len(column) - int(pc.sum(known).as_py() or 0)
    return pc.if_else(known, plain, FIELD), unknown


def write_table(columns: dict[str, Sequence[object]] | pa.Table, path: Path) -> None:
    """Write a Parquet or, by its name, a CSV file, whole or not at all."""
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    if path.suffix.lower() == ".csv":
        pa_csv.write_csv(table, unfinished)
    else:
        pq.write_table(table, unfinished)
    unfinished.replace(path)
