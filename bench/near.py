"""How fast the service tells which units a description may be, among half a million.

Run `python -m bench.near CITY [questions] [units]`, where CITY is a folder that
`se2026 dedup make-truth` wrote. The city's records, or about so many of them by whole SLS, become
units of one regency in a PostgreSQL of their own; then so many of them are asked for, one after the
other, as the phone does at a doorstep. Told are the time by the clock, this process's own share of
it, and how many units were compared; the first questions, while everything is cold, do not count.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import psycopg
import sqlalchemy as sa
from psycopg import sql

from app.areas.scope import NATION
from app.auth.actor import Actor
from app.auth.models import Role
from app.core.db import make_engine, reading
from app.core.migrate import migrate
from app.core.postgres import EmbeddedPostgres
from app.dedup.matcher import Matcher, packed, shipped_model
from app.dedup.near import near
from app.dedup.schemas import Described
from matching.features import Features
from matching.normalise import features_of
from matching.normalise.places import position
from matching.record import Record
from matching.reference_build import build

COLD = 200  # questions
OFFICER = Actor(UUID(int=1), "ppl", "Contoh", Role.ENUMERATOR, NATION)


def main(city: Path, questions: int, most: int) -> None:
    """Fill a database, ask, and print what it took."""
    frame = pl.read_parquet(city / "records.parquet")
    if most:
        some = frame["sls"].unique(maintain_order=True)
        frame = frame.filter(
            pl.col("sls").is_in(some.head(max(1, len(some) * most // len(frame))).to_list())
        )
    lane = frame["sls"].drop_nulls()[0][:4]
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        engine = make_engine(server.start())
        try:
            migrate(engine)
            started = time.perf_counter()
            fill(engine, frame, lane)
            print(
                f"{frame.height} units filled in {time.perf_counter() - started:.0f} s", flush=True
            )
            chosen = frame.sample(questions + COLD, seed=5).iter_rows(named=True)
            print(json.dumps(ask(engine, [described(row, lane) for row in chosen]), indent=1))
        finally:
            engine.dispose()
            server.stop()


def fill(engine: sa.Engine, frame: pl.DataFrame, lane: str) -> None:
    """Write units with records, keys and the reference, as the keeper would."""
    features = [features_of(record_of(row)) for row in frame.iter_rows(named=True)]
    reference = build(features)
    matcher = Matcher(shipped_model(), reference)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        copy(driver, "unit", UNIT, (unit_of(row, lane) for row in frame.iter_rows(named=True)))
        copy(driver, "unit_record", RECORD, (record_row(each, matcher, lane) for each in features))
        copy(driver, "unit_key", ("lane", "key", "unit_id"), key_rows(features, matcher, lane))
        content = (lane, reference.version, reference.to_json(), datetime(2026, 6, 15, tzinfo=UTC))
        copy(driver, "match_reference", ("lane", "version", "content", "made_at"), [content])
        driver.commit()
        driver.autocommit = True
        driver.execute("VACUUM ANALYZE")


UNIT = (
    "lane", "unit_id", "origin", "area_code", "business_name", "owner_name", "address", "kbli",
    "latitude", "longitude", "report_count", "updated_position",
)  # fmt: skip
RECORD = ("lane", "unit_id", "source", "born", "is_silent", "normaliser", "features")


def unit_of(row: dict[str, Any], lane: str) -> tuple[object, ...]:
    texts = (row[name] or "" for name in ("name", "owner", "address", "kbli"))
    return (
        lane, row["record_id"], row["source"], row["sls"] or lane, *texts, row["lat"], row["lon"],
        0, 1,
    )  # fmt: skip


def record_row(features: Features, matcher: Matcher, lane: str) -> tuple[object, ...]:
    told = json.dumps(packed(features))
    return lane, features.record_id, features.source, 1, False, matcher.version, told


def key_rows(
    features: Sequence[Features], matcher: Matcher, lane: str
) -> Iterator[tuple[object, ...]]:
    for each in features:
        for key in matcher.keys(each):
            yield lane, key, each.record_id


def copy(
    driver: psycopg.Connection[Any],
    table: str,
    columns: Sequence[str],
    rows: Iterable[tuple[object, ...]],
) -> None:
    into_table = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with driver.cursor().copy(into_table) as into:
        for row in rows:
            into.write_row(row)


def record_of(row: dict[str, Any]) -> Record:
    return Record(
        record_id=row["record_id"], source=row["source"], enumerator=row["enumerator"],
        name=row["name"], owner=row["owner"], address=row["address"], phone=row["phone"],
        nib=row["nib"], latitude=row["lat"], longitude=row["lon"], kbli=row["kbli"], sls=row["sls"],
    )  # fmt: skip


def described(row: dict[str, Any], lane: str) -> Described:
    told = {name: row[name] or "" for name in ("name", "owner", "address", "phone", "nib", "kbli")}
    area = row["sls"] or lane
    fix = position(row["lat"], row["lon"]) or (None, None)
    return Described(
        **told, idsubsls=area, latitude=fix[0], longitude=fix[1], unit_id=row["record_id"]
    )


def ask(engine: sa.Engine, questions: Sequence[Described]) -> dict[str, float]:
    """Ask one after the other; give milliseconds at some ranks, and units compared."""
    clock: list[float] = []
    own: list[float] = []
    compared: list[int] = []
    for each in questions:
        began, work = time.perf_counter(), time.process_time()
        with reading(engine) as session:
            compared.append(near(session, OFFICER, each).compared)
        clock.append((time.perf_counter() - began) * 1000)
        own.append((time.process_time() - work) * 1000)
    told = {"clock": clock[COLD:], "own": own[COLD:], "compared": compared[COLD:]}
    return {
        f"{name} p{rank}": round(sorted(some)[min(len(some) * rank // 100, len(some) - 1)], 2)
        for name, some in told.items()
        for rank in (50, 95, 99)
    }


if __name__ == "__main__":
    asked, most = (*map(int, sys.argv[2:4]), *(2000, 0)[len(sys.argv) - 2 :])
    main(Path(sys.argv[1]), asked, most)
