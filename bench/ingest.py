"""Submissions taken in per second, beside the floor of the same machine in the same run.

Run `python -m bench.ingest [--documents 1500] [--processes 1] [--stored 0,100000,1000000]
[--json]`. The floors are what PostgreSQL itself takes, see `bench.floors`. `--stored` fills the
journal to each of these sizes in turn and measures floor, singles, resends and batches there: what
a ratio to the floor loses from the first to the last is what size costs. A ratio outlives the
machine; README.md tells how to read the rest. The worker's time to start is part of what `drain`
says it costs.
"""

import argparse
import json
import os
import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from app.core.db import reading, table_of
from app.core.models import OutboxNote
from app.demo import opening
from app.demo.staff import LANE
from app.intake.repository import receipt_counts
from app.projections import backlog
from bench.floors import floors
from bench.load import SCREEN, Load, together
from bench.news import listed_after, newcomers
from bench.office import OFFICER, Bench, access_of, documents, opened, openrosa_post, pushes
from bench.seeding import fill_to
from sync.codecs.batch import decode_push_answer
from sync.receipts import Receipt

_NEWCOMERS = 20
BATCHED = 4  # times as many go by batches: a push carries 200, and every connection wants some


def measured(bench: Bench, count: int) -> tuple[dict[str, Load], dict[str, Any]]:
    """Go through all phases; give the loads by name, and what else was found."""
    bodies = documents(bench.office, (2 + BATCHED) * count)
    singles, live, batched = bodies[:count], bodies[count : 2 * count], bodies[2 * count :]
    token = opening.token_of(bench.office, OFFICER)
    posts, more = ([openrosa_post(token, each) for each in part] for part in (singles, live))
    loads = floors(bench, bodies)  # all of them: it is over in a second
    with bench.serving("http alone", "bench.load:reads_only") as port:
        loads["http alone"] = bench.send("HTTP alone, the same posts", port, posts, count)
    with bench.serving("service", "app.main:serve", "--factory") as port:
        warm = [b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"] * count
        loads["healthz"] = bench.send("GET /healthz", port, warm, count)
        loads |= _taken_in(bench, port, posts, batched)
        with bench.running("worker", "app.cli", "worker"):
            loads["drain"] = _drained(bench, "projections of these", count + len(batched))
            begun = time.perf_counter()
            loads["openrosa beside worker"] = bench.send(
                "OpenRosa beside the worker", port, more, count
            )
            _drained(bench, "projections of the rest", count)
            sustained = count / (time.perf_counter() - begun)
            waits = sorted(listed_after(bench, port, newcomers(bench, _NEWCOMERS)))
    _check_tally(bench, {"duplicate": count, "stored": len(bodies) + len(waits)})
    return loads, {
        "document_bytes": round(sum(map(len, singles)) / count),
        "sustained": round(sustained, 1),
        "entity_listed_seconds": {
            "median": round(waits[len(waits) // 2], 2),
            "longest": round(waits[-1], 2),
        },
    }


def _taken_in(
    bench: Bench, port: int, posts: Sequence[bytes], batched: Sequence[bytes]
) -> dict[str, Load]:
    """Send singles, the same again, and batches."""
    count = len(posts)
    loads = {
        "openrosa": bench.send("OpenRosa, one by one", port, posts, count),
        "resent": bench.send("OpenRosa, the same again", port, posts, count),
    }
    access = access_of(bench, port)
    bench.send("batches that bring nothing", port, pushes(access, []) * count, count)  # as healthz
    requests = pushes(access, batched)
    loads["batch"] = bench.send("batch, 200 a push", port, requests, len(batched))
    _check_stored(loads["batch"].bodies, len(batched))
    return loads


def grown(bench: Bench, count: int, sizes: Sequence[int]) -> tuple[dict[str, Load], dict[str, Any]]:
    """Measure what is taken in at each size of the journal."""
    token = opening.token_of(bench.office, OFFICER)
    share = (1 + BATCHED) * count
    bodies = documents(bench.office, share * len(sizes))
    loads: dict[str, Load] = {}
    with bench.serving("service", "app.main:serve", "--factory") as port:
        for at, size in enumerate(sizes):
            fill_to(bench, size, bodies[:400])
            mine = bodies[share * at : share * (at + 1)]
            posts = [openrosa_post(token, each) for each in mine[:count]]
            here = floors(bench, mine) | _taken_in(bench, port, posts, mine[count:])
            loads |= {f"{name} at {size:,}": load for name, load in here.items()}
    return loads, {"document_bytes": round(sum(map(len, bodies)) / len(bodies))}


def _check_tally(bench: Bench, expected: dict[str, int]) -> None:
    with reading(bench.office.engine) as session:
        told = receipt_counts(session, LANE)
    if told != expected:
        raise RuntimeError(f"receipts {told}, expected {expected}")


def _check_stored(answers: Sequence[bytes], count: int) -> None:
    results = [each for body in answers for each in decode_push_answer(body).results]
    stored = [each for each in results if isinstance(each, Receipt) and each.outcome == "stored"]
    if len(stored) != count:
        raise RuntimeError(f"{len(stored)} of {count} envelopes were stored")


def _drained(bench: Bench, title: str, count: int) -> Load:
    """Wait until every projection has read the journal and every area is counted again."""
    load = Load(count)
    waiting = sa.select(sa.func.count()).select_from(table_of(OutboxNote))

    def wait() -> None:
        deadline, behind = time.monotonic() + 120 + count / 10, count
        while time.monotonic() < deadline:
            with reading(bench.office.engine) as session:
                behind = backlog(session)
                if behind == 0 and session.execute(waiting).scalar_one() == 0:
                    return
            load.waits = [0.0] * max(0, count - behind)
            time.sleep(0.1)
        raise RuntimeError(f"the projections did not drain: {behind} entries behind")

    return together(bench.meters, title, load, [wait])


# --- what is told --------------------------------------------------------------------------


def figures(loads: dict[str, Load], found: dict[str, Any], bench: Bench) -> dict[str, Any]:
    """Give every number as one document; ratios are to the floor of this run."""
    phases = {
        name: {
            "documents": load.documents,
            "per_second": round(load.rate, 1),
            "ratio": round(load.rate / _floor_of(name, loads).rate, 3),
            "p50_ms": round(load.wait_at(0.5), 1) if load.bodies or "floor" in name else None,
            "p99_ms": round(load.wait_at(0.99), 1) if load.bodies or "floor" in name else None,
            "seconds": round(load.seconds, 1),
            "cpu_ms_each": {
                who: round(1000 * spent / load.documents, 2) for who, spent in load.cpu.items()
            },
        }
        for name, load in loads.items()
    }
    return {
        "connections": bench.connections,
        "processes": bench.processes,
        "load_average": os.getloadavg()[0],
        **found,
        "phases": phases,
        "peak_memory_mb": {who: round(peak) for who, peak in bench.peaks.items()},
    }


def _floor_of(name: str, loads: dict[str, Load]) -> Load:
    """Give the floor that was measured beside a phase."""
    _, at, size = name.partition(" at ")
    return loads[f"floor{at}{size}"]


def show(told: dict[str, Any]) -> None:
    """Print the figures as a table."""
    who = ("service", "worker", "postgresql", "generator")
    table = Table(
        title=f"{told['connections']} connections, {told['document_bytes']} bytes a document",
        caption="The last four columns are CPU milliseconds a document.",
    )
    for column in ("phase", "per s", "of floor", "p50 ms", "p99 ms", "seconds", *who):
        table.add_column(column, justify="left" if column == "phase" else "right", no_wrap=True)
    for name, phase in told["phases"].items():
        timed = [phase[key] for key in ("per_second", "ratio", "p50_ms", "p99_ms", "seconds")]
        cells = [*timed, *(phase["cpu_ms_each"].get(each) for each in who)]
        table.add_row(name, *("" if cell is None else f"{cell:g}" for cell in cells))
    screen = Console(width=max(130, SCREEN.width))
    screen.print(table)
    if "sustained" in told:
        screen.print(f"sustained with projections: {told['sustained']} per s")
        screen.print(f"a new entity in the next entity list, s: {told['entity_listed_seconds']}")
    screen.print(f"load {told['load_average']}\npeak memory, MB: {told['peak_memory_mb']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1500, help="documents of each phase")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--processes", type=int, default=1, help="processes of the service")
    parser.add_argument("--stored", default="", help="sizes of the journal, with commas between")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    told = parser.parse_args()
    sizes = [int(each) for each in told.stored.split(",") if each]
    with opened(told.connections, told.processes) as bench:
        found = grown(bench, told.documents, sizes) if sizes else measured(bench, told.documents)
        outcome = figures(*found, bench)
    if told.json:
        print(json.dumps(outcome, indent=2))
    else:
        show(outcome)


if __name__ == "__main__":
    main()
