"""What PostgreSQL takes by itself: rows of the journal, inserted and committed one by one.

| Floor | Into | Each transaction |
|---|---|---|
| `floor` | a table of the same columns, without keys | one INSERT |
| `floor, keys` | one with the journal's keys, indexes and checks | one INSERT |
| `floor, commit()` | the same | psycopg as it comes: BEGIN, INSERT, COMMIT, each a trip |
| `floor, in order` | the same | takes the lane's lock, reads its head, INSERTs behind it |

All are committed with the server's defaults, as the service's are: `fsync` and `synchronous_commit`
on. The last keeps what the journal promises: positions without gaps, in the order of commits.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from app.core.clock import utc_now
from app.demo.staff import LANE
from bench.load import Load, together
from bench.office import Bench
from sync.codecs.openrosa import read_envelope
from sync.engine import ingest
from sync.envelope import Arrival
from sync.journal import Entry
from sync.memory import MemoryJournal

Line = psycopg.Connection[Any]
_SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('bench floor', 0))"
_HEAD = "SELECT position, hash FROM bench_floor WHERE lane = %s ORDER BY position DESC LIMIT 1"


def floors(bench: Bench, bodies: Sequence[bytes]) -> dict[str, Load]:
    """Measure all floors with the same bytes."""
    rows = _rows(bodies)
    insert = _insert(rows[0])

    def alone(line: Line, row: dict[str, Any]) -> None:
        line.execute(insert, list(row.values()))

    def by_commit(line: Line, row: dict[str, Any]) -> None:
        with line.transaction():
            line.execute(insert, list(row.values()))

    def in_order(line: Line, row: dict[str, Any]) -> None:
        with line.transaction():
            line.execute(_LOCK)
            last = line.execute(_HEAD, [row["lane"]]).fetchone()
            at = {"position": last[0] + 1 if last else 1, "previous_hash": last[1] if last else ""}
            line.execute(insert, list((row | at).values()))

    return {
        "floor": _measured(bench, "floor", "", rows, alone),
        "floor, keys": _measured(bench, "floor, keys", "INCLUDING ALL", rows, alone),
        "floor, commit()": _measured(bench, "floor, commit()", "INCLUDING ALL", rows, by_commit),
        "floor, in order": _measured(bench, "floor, in order", "INCLUDING ALL", rows, in_order),
    }


def _measured(
    bench: Bench,
    title: str,
    like: str,
    rows: Sequence[dict[str, Any]],
    write: Callable[[Line, dict[str, Any]], None],
) -> Load:
    address, waiting = bench.url.replace("+psycopg", ""), iter(rows)
    load = Load(len(rows))
    with psycopg.connect(address, autocommit=True) as line:
        for name, value in _SAFE.items():
            told = line.execute("SELECT current_setting(%s)", [name]).fetchone()
            if told != (value,):
                raise RuntimeError(f"{name} is {told}: this would be no floor")
        line.execute(f"CREATE TABLE bench_floor (LIKE journal_entry {like})")

    def work() -> None:
        with psycopg.connect(address, autocommit=True) as line:
            for row in waiting:
                begun = time.perf_counter()
                write(line, row)
                load.waits.append(time.perf_counter() - begun)

    together(bench.meters, title, load, [work] * bench.connections)
    with psycopg.connect(address, autocommit=True) as line:
        line.execute("DROP TABLE bench_floor")
    return load


def _rows(bodies: Sequence[bytes]) -> list[dict[str, Any]]:
    """Give the journal's very rows of these documents."""
    journal = MemoryJournal()
    arrival = Arrival(lane=LANE, actor="bench", received_at=utc_now(), door="openrosa")
    ingest([read_envelope(each) for each in bodies], journal, arrival)
    return [_row(entry) for entry in journal.entries(LANE)]


def _row(entry: Entry) -> dict[str, Any]:
    row = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    return row | {"outcome": str(entry.outcome), "attachments": Jsonb([])}


def _insert(row: dict[str, Any]) -> Any:  # noqa: ANN401 - psycopg wants a literal
    values = ", ".join(["%s"] * len(row))
    return f"INSERT INTO bench_floor ({', '.join(row)}) VALUES ({values})"
