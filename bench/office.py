"""An office under load: its processes, its meters, and documents to send it.

Everything lies in a temporary directory and speaks over loopback only.
"""

import gzip
import itertools
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

import httpx
import psutil
import structlog

from app.auth.models import Role
from app.core.clock import utc_now
from app.core.db import reading
from app.core.ids import named_id
from app.core.office import Office, open_office
from app.core.postgres import EmbeddedPostgres
from app.core.settings import Settings
from app.demo import opening
from app.demo.city import invent_areas
from app.demo.firms import invent_prelist
from app.demo.interview import FOUND, Call, interview
from app.demo.staff import LANE, Person
from app.projections import settle
from app.questionnaires.shelf import Shelf
from bench.load import SCREEN, Load, Meter, post, speak, together
from forms.fill import fill
from sync.codecs.batch import MAX_ENVELOPES, encode_push
from sync.codecs.openrosa import read_envelope

SEED, OFFICER = 3375, "ppl01"
DIFFERENT = 3_000  # businesses that are filled in; further documents repeat them under other names
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


@contextmanager
def opened(connections: int, processes: int = 1) -> Iterator[Bench]:
    """Open an office of the demo's city in a temporary directory, its prelist projected."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that everything is put away
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
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
    """Give requests of 200 envelopes each; of no documents, one that brings nothing."""
    requests = []
    for at in range(0, max(1, len(documents)), MAX_ENVELOPES):
        envelopes = [read_envelope(each) for each in documents[at : at + MAX_ENVELOPES]]
        body = gzip.compress(encode_push(envelopes, device="bench", sent_at=utc_now()), 6)
        more = (f"Authorization: Bearer {access}", "Content-Encoding: gzip")
        requests.append(post("/api/v1/sync/push", "application/json", body, *more))
    return requests


def access_of(bench: Bench, port: int) -> str:
    """Log the officer in."""
    form = {"username": OFFICER, "password": opening.password_of(bench.office, OFFICER)}
    answer = httpx.post(f"http://127.0.0.1:{port}/api/v1/token", data=form)
    answer.raise_for_status()
    return str(answer.json()["access_token"])
