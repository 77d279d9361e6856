"""How fast the service tells which units a description may be, among half a million.

Run `python -m bench.near CITY [--questions 2000] [--units 0] [--splink 40] [--json]`, where CITY is
a file with the columns of `se2026 dedup link`, or a folder that `se2026 dedup make-truth` wrote.
Its records, or about so many of them by whole SLS, become units of one regency in a PostgreSQL of
their own; then so many of them are asked for, one after the other, as the phone does at a doorstep.
Told are the time by the clock, this process's own share of it, and how many units were compared;
the first questions, while everything is cold, do not count.

Beside it stand Splink's own two calls for a single record, with the same model, in the same run:
`compare_records`, its SQL remembered from call to call, and `Linker.inference.score_pairs`. Both
are handed the very pairs that the service found by itself, so finding them costs Splink nothing;
the ratio is that of their median to ours. The bits of both sides are held to be equal.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import psutil
import pyarrow as pa
import sqlalchemy as sa
from splink import DuckDBAPI, Linker
from splink.internals.realtime import compare_records
from splink.internals.splink_dataframe import SplinkDataFrame
from sqlmodel import Session

from app.areas.scope import NATION
from app.auth.actor import Actor
from app.auth.models import Role
from app.core.db import make_engine, reading
from app.core.migrate import migrate
from app.core.postgres import EmbeddedPostgres
from app.dedup import store
from app.dedup.matcher import Matcher, unpacked
from app.dedup.near import near
from app.dedup.references import matcher_of
from app.dedup.schemas import Described
from bench.regency import fill, read, record_of
from matching.batch.scoring import quiet
from matching.features import Features
from matching.normalise import features_of
from matching.normalise.places import position
from matching.tables import to_table

COLD = 200  # questions
EQUAL = 1e-9  # bits
OFFICER = Actor(UUID(int=1), "ppl", "Contoh", Role.ENUMERATOR, NATION)
Row = dict[str, Any]
Pairs = tuple[Features, Sequence[Features]]  # one, and all that it is compared with


def measured(told: argparse.Namespace) -> dict[str, Any]:
    """Fill a database, ask it, ask Splink, and give what it took."""
    frame = read(told.city, told.units)
    lane = frame["sls"].drop_nulls()[0][:4]
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        url = server.start()
        engine = make_engine(url)
        try:
            migrate(engine)
            found: dict[str, Any] = {"units": frame.height, "filled_s": fill(url, frame, lane)}
            chosen = list(frame.sample(told.questions + COLD, seed=5).iter_rows(named=True))
            del frame
            found["near"], clock = asked(engine, [described(row, lane) for row in chosen])
            found["splink"] = beside(engine, lane, chosen[COLD : COLD + told.splink])
            ours = statistics.median(clock)
            found["times_faster"] = {
                name: round(each["p50"] / ours, 1)
                for name, each in found["splink"].items()
                if isinstance(each, dict)
            }
            found["memory_mb"] = held(server)
        finally:
            engine.dispose()
            server.stop()
    return found | {"load_average": round(os.getloadavg()[0], 1)}


def described(row: Row, lane: str) -> Described:
    told = {name: row[name] or "" for name in ("name", "owner", "address", "phone", "nib", "kbli")}
    area = row["sls"] or lane
    fix = position(row["lat"], row["lon"]) or (None, None)
    return Described(
        **told, idsubsls=area, latitude=fix[0], longitude=fix[1], unit_id=row["record_id"]
    )


def asked(engine: sa.Engine, questions: Sequence[Described]) -> tuple[Row, list[float]]:
    """Ask one after the other; give milliseconds and units compared by rank, and all times."""
    clock: list[float] = []
    own: list[float] = []
    compared: list[float] = []
    for each in questions:
        began, work = time.perf_counter(), time.process_time()
        with reading(engine) as session:
            compared.append(near(session, OFFICER, each).compared)
        clock.append((time.perf_counter() - began) * 1000)
        own.append((time.process_time() - work) * 1000)
    counted = {"clock": clock, "own": own, "compared": compared}
    return {name: ranks(some[COLD:]) for name, some in counted.items()}, clock[COLD:]


def ranks(some: Sequence[float]) -> Row:
    ordered = sorted(some)
    return {
        f"p{rank}": round(ordered[min(len(ordered) * rank // 100, len(ordered) - 1)], 2)
        for rank in (50, 95, 99)
    }


# --- Splink ----------------------------------------------------------------------------------


def beside(engine: sa.Engine, lane: str, rows: Sequence[Row]) -> Row:
    """Let Splink score what is compared with these; give milliseconds, and how far bits differ."""
    with reading(engine) as session:
        matcher = matcher_of(session, lane)
        pairs = [each for each in (candidates(session, lane, row, matcher) for row in rows) if each]
    with quiet():
        calls = splink_calls(matcher)
        found: Row = {name: scored_by(call, matcher, pairs) for name, call in calls.items()}
    furthest = max(each.pop("furthest") for each in found.values())
    if furthest > EQUAL:
        raise RuntimeError(f"Splink's bits are others, by {furthest}")
    return found | {"records": len(pairs), "furthest_bits": furthest}


def candidates(session: Session, lane: str, row: Row, matcher: Matcher) -> Pairs | None:
    mine = features_of(record_of(row))
    found = store.sharing_keys(session, lane, matcher.keys(mine))
    others = [matcher.settled(unpacked(each)) for name, each in found if name != row["record_id"]]
    return (matcher.settled(mine), others) if others else None


Call = Callable[[pa.Table, pa.Table], SplinkDataFrame]


def splink_calls(matcher: Matcher) -> Mapping[str, Call]:
    settings = matcher.model.splink_settings()
    first, second = (DuckDBAPI(connection=duckdb.connect()) for _ in range(2))
    linker: list[Linker] = []

    def compared(mine: pa.Table, others: pa.Table) -> SplinkDataFrame:
        return compare_records(mine, others, settings, first, sql_cache_key="near")

    def paired(mine: pa.Table, others: pa.Table) -> SplinkDataFrame:
        left, right = second.register(mine), second.register(others)
        if not linker:
            linker.append(Linker(left, settings, log_level=None))
        return linker[0].inference.score_pairs(left, right)

    return {"compare_records": compared, "score_pairs": paired}


def scored_by(call: Call, matcher: Matcher, pairs: Sequence[Pairs]) -> Row:
    clock: list[float] = []
    furthest = 0.0
    for number, (mine, others) in enumerate([pairs[0], *pairs]):  # the first is for warming up
        tables = told(matcher, [mine]), told(matcher, others)
        began = time.perf_counter()
        found = call(*tables)
        table = found.as_pyarrow_table()
        if number:
            clock.append((time.perf_counter() - began) * 1000)
        found.drop_table_from_database_and_remove_from_cache(force_non_splink_table=True)
        bits = {row["record_id_r"]: row["match_weight"] for row in table.to_pylist()}
        furthest = max(
            furthest,
            *(abs(bits[each.record_id] - matcher.score(mine, each).bits) for each in others),
        )
    return {**ranks(clock), "furthest": furthest}


def told(matcher: Matcher, features: Sequence[Features]) -> pa.Table:
    """Give features as Splink wants them, with the shares of their names and owners."""
    table = to_table(features)
    for name in ("name", "owner"):
        terms = (getattr(each, name) for each in features)
        shares = [term and matcher.reference.frequency(name, term) for term in terms]
        table = table.append_column(f"tf_{name}", pa.array(shares, pa.float64()))
    return table


def held(server: EmbeddedPostgres) -> Row:
    """Give megabytes of this process, and of PostgreSQL without what its processes share."""
    postmaster = int((server.cluster / "postmaster.pid").read_text().split()[0])
    database = psutil.Process(postmaster)
    private = [each.memory_full_info().uss for each in [database, *database.children()]]
    return {
        "this process, Splink included": psutil.Process().memory_info().rss // 1_000_000,
        "postgresql": sum(private) // 1_000_000,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("city", type=Path)
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--units", type=int, default=0, help="about so many of them; 0: all")
    parser.add_argument("--splink", type=int, default=40, help="questions that Splink gets too")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    asked_for = parser.parse_args()
    found = measured(asked_for)
    print(json.dumps(found, indent=None if asked_for.json else 1))


if __name__ == "__main__":
    main()
