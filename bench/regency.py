"""A regency of units with records, keys and reference in PostgreSQL, as the keeper would have it.

Filled by COPY from a city file by as many processes as there are cores, indexes made afterwards:
half a million units go through the journal in an hour, this way in a few minutes.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pyarrow as pa
import sqlalchemy as sa
from psycopg import sql

from app.core.db import make_engine
from app.dedup.matcher import Matcher, packed, shipped_model
from matching.features import Features
from matching.normalise import features_of
from matching.record import Record
from matching.reference import Reference
from matching.reference_build import build_from_table
from matching.tables import from_table, to_table

PART = 10_000  # units that a process fills in at once
TABLES = ["unit", "unit_record", "unit_key"]
UNIT = (
    "lane", "unit_id", "origin", "area_code", "business_name", "owner_name", "address", "kbli",
    "latitude", "longitude", "report_count", "updated_position",
)  # fmt: skip
RECORD = ("lane", "unit_id", "source", "born", "is_silent", "normaliser", "features")
KEY = ("lane", "key", "unit_id")
Copied = Iterable[tuple[object, ...]]
Driver = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Share:
    """What one process fills in at once."""

    url: str
    lane: str
    reference: str  # as JSON
    rows: pl.DataFrame
    features: pa.Table


def read(city: Path, most: int) -> pl.DataFrame:
    """Read a city file, or the folder of `make-truth`; about `most` records by whole SLS."""
    frame = pl.read_parquet(city / "records.parquet" if city.is_dir() else city)
    if not 0 < most < frame.height:
        return frame
    some = frame["sls"].unique(maintain_order=True)
    return frame.filter(
        pl.col("sls").is_in(some.head(max(1, len(some) * most // frame.height)).to_list())
    )


def fill(url: str, frame: pl.DataFrame, lane: str) -> dict[str, float]:
    """Fill empty tables; give the seconds of each step."""
    clock = [time.perf_counter()]
    parts = list(frame.iter_slices(PART))
    engine = make_engine(url)
    with get_context("spawn").Pool(os.cpu_count()) as pool, driver_of(engine) as driver:
        tables = pool.map(_normalised, parts, chunksize=1)
        clock.append(time.perf_counter())
        reference = build_from_table(pa.concat_tables(tables))
        clock.append(time.perf_counter())
        with _without_indexes(driver):
            made = reference.to_json()
            shares = [Share(url, lane, made, *each) for each in zip(parts, tables, strict=True)]
            pool.map(_copied, shares, chunksize=1)
            clock.append(time.perf_counter())
        row = (lane, reference.version, made, datetime(2026, 6, 15, tzinfo=UTC))
        _copy(driver, "match_reference", ("lane", "version", "content", "made_at"), [row])
        driver.execute("VACUUM ANALYZE")
        clock.append(time.perf_counter())
    engine.dispose()
    names = ("normalised", "reference", "copied", "indexed")
    steps = zip(names, pairwise(clock), strict=True)
    return {name: round(after - before, 1) for name, (before, after) in steps}


def record_of(row: dict[str, Any]) -> Record:
    return Record(
        record_id=row["record_id"], source=row["source"], enumerator=row["enumerator"],
        name=row["name"], owner=row["owner"], address=row["address"], phone=row["phone"],
        nib=row["nib"], latitude=row["lat"], longitude=row["lon"], kbli=row["kbli"], sls=row["sls"],
    )  # fmt: skip


@contextmanager
def driver_of(engine: sa.Engine) -> Iterator[Driver]:
    """Give a connection as the driver has it; every statement commits."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        driver.autocommit = True
        yield driver
        driver.autocommit = False


def _normalised(rows: pl.DataFrame) -> pa.Table:
    return to_table(features_of(record_of(row)) for row in rows.iter_rows(named=True))


def _copied(share: Share) -> None:
    matcher = Matcher(shipped_model(), Reference.from_json(share.reference))
    lane, features = share.lane, list(from_table(share.features))
    engine = make_engine(share.url)
    with driver_of(engine) as driver:
        rows = share.rows.iter_rows(named=True)
        _copy(driver, "unit", UNIT, (_unit_row(row, lane) for row in rows))
        _copy(
            driver, "unit_record", RECORD, (_record_row(each, matcher, lane) for each in features)
        )
        _copy(driver, "unit_key", KEY, _key_rows(features, matcher, lane))
    engine.dispose()


def _unit_row(row: dict[str, Any], lane: str) -> tuple[object, ...]:
    texts = (row[name] or "" for name in ("name", "owner", "address", "kbli"))
    return (
        lane, row["record_id"], row["source"], row["sls"] or lane, *texts, row["lat"], row["lon"],
        0, 1,
    )  # fmt: skip


def _record_row(features: Features, matcher: Matcher, lane: str) -> tuple[object, ...]:
    told = json.dumps(packed(features))
    return lane, features.record_id, features.source, 1, False, matcher.version, told


def _key_rows(features: Sequence[Features], matcher: Matcher, lane: str) -> Copied:
    return ((lane, key, each.record_id) for each in features for key in matcher.keys(each))


def _copy(driver: Driver, table: str, columns: Sequence[str], rows: Copied) -> None:
    into_table = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with driver.cursor().copy(into_table) as into:
        for row in rows:
            into.write_row(row)


@contextmanager
def _without_indexes(driver: Driver) -> Iterator[None]:
    """Take the indexes of the tables away, and make them again at the end."""
    keys = driver.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'p' AND conrelid = ANY(%s::regclass[])",
        [TABLES],
    ).fetchall()
    plain = driver.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
        " AND indexname <> ALL(%s)",
        [TABLES, [name for _, name, _ in keys]],
    ).fetchall()
    for table, name, _ in keys:
        _run(driver, "ALTER TABLE {} DROP CONSTRAINT {}", table, name)
    for name, _ in plain:
        _run(driver, "DROP INDEX {}", name)
    yield
    driver.execute("SET maintenance_work_mem = '512MB'")
    for table, name, definition in keys:
        _run(driver, f"ALTER TABLE {{}} ADD CONSTRAINT {{}} {definition}", table, name)
    for _, definition in plain:
        _run(driver, definition)


def _run(driver: Driver, text: str, *names: str) -> None:
    driver.execute(sql.SQL(text).format(*map(sql.Identifier, names)))
