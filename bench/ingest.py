"""Submissions taken in per second, beside the floor of the same machine in the same run.

Run `python -m bench.ingest [--documents 1500] [--connections 16] [--processes 1] [--json]`. The
floor is what PostgreSQL itself takes: the same rows, inserted and committed one by one by psycopg
into a table without keys, over as many connections. A ratio outlives the machine; README.md tells
how to read the rest. The worker's time to start is part of what `drain` says it costs. Everything
lies in a temporary directory and speaks over loopback only.
"""

import argparse
import gzip
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import sqlalchemy as sa
from psycopg.types.json import Jsonb
from rich.console import Console
from rich.table import Table

from app.auth.models import Role
from app.core.clock import utc_now
from app.core.db import reading, table_of
from app.core.ids import named_id
from app.core.models import OutboxNote
from app.core.office import Office, open_office
from app.core.postgres import EmbeddedPostgres
from app.core.settings import Settings
from app.demo import opening
from app.demo.city import invent_areas
from app.demo.firms import invent_prelist
from app.demo.interview import FOUND, Call, interview
from app.demo.staff import LANE, Person
from app.intake.repository import receipt_counts
from app.projections import backlog, settle
from app.questionnaires.shelf import Shelf
from bench.load import SCREEN, Load, Meter, post, speak, together
from forms.fill import fill
from sync.codecs.batch import MAX_ENVELOPES, decode_push_answer, encode_push
from sync.codecs.openrosa import read_envelope
from sync.engine import ingest
from sync.envelope import Arrival
from sync.journal import Entry
from sync.memory import MemoryJournal
from sync.receipts import Receipt

SEED, OFFICER = 3375, "ppl01"
DIFFERENT = 400  # businesses that are filled in; further documents repeat them under other names
BOUNDARY = "----ingest"


@dataclass(slots=True)
class Bench:
    """The office under load, with its meters; `peaks` are megabytes by meter."""

    office: Office
    url: str
    connections: int
    processes: int = 1
    meters: dict[str, Meter] = field(default_factory=dict)
    peaks: dict[str, float] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Note peaks of memory until told to stop."""
        while not self.stop.wait(0.5):
            for name, meter in list(self.meters.items()):
                try:
                    self.peaks[name] = max(self.peaks.get(name, 0.0), meter.memory())
                except psutil.NoSuchProcess:
                    continue

    def send(self, title: str, port: int, requests: Sequence[bytes], documents: int) -> Load:
        """Send requests over all connections."""
        load, waiting = Load(documents), iter(requests)
        lines = min(self.connections, len(requests))
        return together(self.meters, title, load, [lambda: speak(port, waiting, load)] * lines)

    @contextmanager
    def running(self, name: str, *command: str) -> Iterator[psutil.Popen]:
        """Run a Python module of ours as a process of its own while the block runs."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("SE2026_")}
        data = str(self.office.settings.data_dir)
        environment = {**kept, "SE2026_DATA_DIR": data, "SE2026_DATABASE_URL": self.url}
        with (self.office.settings.data_dir / f"{name}.log").open("ab") as log:
            one = psutil.Popen(
                [sys.executable, "-m", *command],
                stdout=log, stderr=log, env=environment, cwd=Path(__file__).parents[1],
            )  # fmt: skip
        try:
            self.meters[name] = Meter(one, tree=True)
            yield one
        finally:
            del self.meters[name]
            one.terminate()
            try:
                one.wait(20)
            except subprocess.TimeoutExpired:
                one.kill()

    @contextmanager
    def serving(self, name: str, application: str, *factory: str) -> Iterator[int]:
        """Serve an application as `se2026 serve` does, without a worker; give the port."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        quiet = ("--no-access-log", "--no-server-header", "--log-level", "warning")
        several = ("--workers", str(self.processes)) if self.processes > 1 else ()
        command = ("uvicorn", application, *factory, "--port", str(port), *quiet, *several)
        with self.running(name, *command) as service:
            _await(service, port, self.office.settings.data_dir / f"{name}.log")
            yield port


def _await(service: psutil.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while service.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the service did not start: {log.read_text()[-2000:]}")


# --- documents and the floor ---------------------------------------------------------------


@contextmanager
def opened(connections: int, processes: int = 1) -> Iterator[Bench]:
    """Open an office of the demo's city in a temporary directory, its prelist projected."""
    with tempfile.TemporaryDirectory(prefix="se2026-bench-") as home, ExitStack() as closing:
        postgres = EmbeddedPostgres(Path(home) / "postgres")
        closing.callback(shutil.rmtree, postgres.sockets, ignore_errors=True)
        closing.callback(postgres.stop)
        with SCREEN.status("Opening an office …"):
            url = postgres.start()
            office = closing.enter_context(
                open_office(Settings(data_dir=Path(home), database_url=url))
            )
            areas = invent_areas(SEED)
            opening.open_areas(office, areas)
            opening.open_questionnaires(office)
            opening.open_prelist(office, invent_prelist(areas, SEED))
            opening.open_accounts(office, [Person(OFFICER, "Contoh", Role.ENUMERATOR, (LANE,))])
            settle(office.engine)
        bench = Bench(office, url, connections, processes)
        pid = int((postgres.cluster / "postmaster.pid").read_text().split()[0])
        bench.meters["postgresql"] = Meter(psutil.Process(pid), tree=True)
        watcher = threading.Thread(target=bench.watch)
        watcher.start()
        closing.callback(watcher.join)
        closing.callback(bench.stop.set)
        yield bench


def documents(office: Office, count: int) -> list[bytes]:
    """Fill SE2026-L as phones do, for businesses of the prelist; every instance id is another."""
    with reading(office.engine) as session:
        shelf, now = Shelf(session), office.clock()
        form = opening.current_form(session)
        tree = shelf.form(form.form_id, form.version, now)
        lists = shelf.lists(form.form_id, form.version, now)
    assert tree is not None
    firms = invent_prelist(invent_areas(SEED), SEED)[: min(count, DIFFERENT)]
    names = [f"uuid:{named_id('bench', str(number))}" for number in range(count)]
    begun = now - timedelta(hours=1)
    with SCREEN.status("Filling in questionnaires …"):
        filled = [
            fill(tree, interview(Call(SEED, OFFICER, firm, FOUND, begun)), lists,
                 instance_id=name, start=begun, end=now, device_id="bench")
            for name, firm in zip(names, firms, strict=False)
        ]  # fmt: skip
    again = zip(names[len(filled) :], itertools.cycle(enumerate(filled)), strict=False)
    return filled + [each.replace(names[at].encode(), name.encode()) for name, (at, each) in again]


def openrosa_post(token: str, document: bytes) -> bytes:
    part = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
        'name="xml_submission_file"; filename="submission.xml"\r\nContent-Type: text/xml\r\n\r\n'
    )
    body = part.encode() + document + f"\r\n--{BOUNDARY}--\r\n".encode()
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return post(f"/openrosa/{token}/submission?deviceID=bench", kind, body)


def pushes(access: str, documents: Sequence[bytes]) -> list[bytes]:
    requests = []
    for at in range(0, len(documents), MAX_ENVELOPES):
        envelopes = [read_envelope(each) for each in documents[at : at + MAX_ENVELOPES]]
        body = gzip.compress(encode_push(envelopes, device="bench", sent_at=utc_now()), 6)
        more = (f"Authorization: Bearer {access}", "Content-Encoding: gzip")
        requests.append(post("/api/v1/sync/push", "application/json", body, *more))
    return requests


def floor(bench: Bench, bodies: Sequence[bytes]) -> Load:
    """Insert and commit the journal's rows one by one, into a table that has no keys."""
    journal = MemoryJournal()
    arrival = Arrival(lane=LANE, actor="bench", received_at=utc_now(), door="openrosa")
    ingest([read_envelope(each) for each in bodies], journal, arrival)
    rows = iter([_row(entry) for entry in journal.entries(LANE)])
    columns = list(_row(journal.entries(LANE)[0]))
    insert = f"INSERT INTO bench_floor ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: E501 - one statement
    address = bench.url.replace("+psycopg", "")
    load = Load(len(bodies))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_floor (LIKE journal_entry)")

    def write() -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            for row in rows:
                begun = time.perf_counter()
                connection.execute(insert, list(row.values()))
                load.waits.append(time.perf_counter() - begun)

    together(bench.meters, "floor: INSERT, COMMIT", load, [write] * bench.connections)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP TABLE bench_floor")
    return load


def _row(entry: Entry) -> dict[str, Any]:
    names = [name for name in Entry.__dataclass_fields__ if name not in {"outcome", "attachments"}]
    row = {name: getattr(entry, name) for name in names}
    return row | {"outcome": str(entry.outcome), "attachments": Jsonb([])}


# --- the phases ----------------------------------------------------------------------------


def measured(bench: Bench, count: int) -> tuple[dict[str, Load], dict[str, Any]]:
    """Go through all phases; give the loads by name, and what else was found."""
    bodies = documents(bench.office, 3 * count)
    singles, batched, live = (bodies[at : at + count] for at in range(0, 3 * count, count))
    token = opening.token_of(bench.office, OFFICER)
    posts, more = ([openrosa_post(token, each) for each in part] for part in (singles, live))
    loads = {"floor": floor(bench, bodies)}  # all of them: it is over in a second
    with bench.serving("http alone", "bench.load:reads_only") as port:
        loads["http alone"] = bench.send("HTTP alone, the same posts", port, posts, count)
    with bench.serving("service", "app.main:serve", "--factory") as port:
        warm = [b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"] * count
        loads["healthz"] = bench.send("GET /healthz", port, warm, count)
        loads["openrosa"] = bench.send("OpenRosa, one by one", port, posts, count)
        loads["resent"] = bench.send("OpenRosa, the same again", port, posts, count)
        requests = pushes(_access(bench, port), batched)
        loads["batch"] = bench.send("batch, 200 a push", port, requests, count)
        _check_stored(loads["batch"].bodies, count)
        with bench.running("worker", "app.cli", "worker"):
            loads["drain"] = _drained(bench, "projections of these", 2 * count)
            begun = time.perf_counter()
            loads["openrosa beside worker"] = bench.send(
                "OpenRosa beside the worker", port, more, count
            )
            _drained(bench, "projections of the rest", count)
            sustained = count / (time.perf_counter() - begun)
    with reading(bench.office.engine) as session:
        told = receipt_counts(session, LANE)
    expected = {"duplicate": count, "stored": 3 * count}
    if told != expected:
        raise RuntimeError(f"receipts {told}, expected {expected}")
    size = sum(map(len, singles)) / count
    return loads, {"document_bytes": round(size), "receipts": told, "sustained": sustained}


def _access(bench: Bench, port: int) -> str:
    form = {"username": OFFICER, "password": opening.password_of(bench.office, OFFICER)}
    answer = httpx.post(f"http://127.0.0.1:{port}/api/v1/token", data=form)
    answer.raise_for_status()
    return str(answer.json()["access_token"])


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
    lowest = loads["floor"].rate
    phases = {
        name: {
            "documents": load.documents,
            "per_second": round(load.rate, 1),
            "ratio": round(load.rate / lowest, 3),
            "p50_ms": round(load.wait_at(0.5), 1) if load.bodies or name == "floor" else None,
            "p99_ms": round(load.wait_at(0.99), 1) if load.bodies or name == "floor" else None,
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
        **found,
        "sustained": round(found["sustained"], 1),
        "sustained_ratio": round(found["sustained"] / lowest, 3),
        "phases": phases,
        "peak_memory_mb": {who: round(peak) for who, peak in bench.peaks.items()},
    }


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
    screen.print(
        f"sustained with projections: {told['sustained']} per s, {told['sustained_ratio']} of the "
        f"floor\nreceipts: {told['receipts']}\npeak memory, MB: {told['peak_memory_mb']}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1500, help="documents of each phase")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--processes", type=int, default=1, help="processes of the service")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    told = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that everything is put away
    with opened(told.connections, told.processes) as bench:
        outcome = figures(*measured(bench, told.documents), bench)
    if told.json:
        print(json.dumps(outcome, indent=2))
    else:
        show(outcome)


if __name__ == "__main__":
    main()
