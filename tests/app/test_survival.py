"""What has a receipt is there afterwards, once, whoever is killed in between."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest
import sqlalchemy as sa

from app.core.db import make_engine, reading
from app.core.postgres import EmbeddedPostgres
from app.core.settings import Settings
from app.intake.repository import walk
from app.intake.verify import Walked, verify
from tests.support.office import OpenOffice, instance, open_office

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]

DOCUMENTS = 150
KILLS = 3


@dataclass
class Service:
    """The real service in a process of its own, which can be killed and started again."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    processes: int = 1
    address: str = field(init=False)

    def __post_init__(self) -> None:
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "app.cli", "serve", "--port", str(self.port)]
        command += ["--processes", str(self.processes)]
        log = (self.folder / "service.log").open("ab")
        self.process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, "SE2026_DATA_DIR": str(self.folder)}
        )
        log.close()
        wait_for(self.answers)

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/healthz", timeout=5).is_success
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


def wait_for(what: object) -> None:
    """Wait until it is so; only what would never be so fails, however slow the machine."""
    assert callable(what)
    deadline = time.monotonic() + 300
    while not what():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def office(settings: Settings, furnished_house: Path) -> Iterator[OpenOffice]:
    subprocess.run(["cp", "-a", f"{furnished_house}/.", settings.data_dir], check=True)
    postgres = EmbeddedPostgres(settings.data_dir / "postgres")
    engine = make_engine(postgres.start())
    yield open_office(engine, settings.data_dir)
    engine.dispose()
    postgres.stop()


@pytest.fixture
def service(settings: Settings, office: OpenOffice) -> Iterator[Service]:
    del office  # furnished before the service starts
    made = Service(settings.data_dir, free_port())
    with closing(made):
        made.start()
        yield made


def postmaster(settings: Settings) -> int:
    return int((settings.data_dir / "postgres/cluster/postmaster.pid").read_text().split()[0])


def send_all(address: str, bodies: dict[str, bytes], acknowledged: list[str]) -> None:
    """Send as a stubborn client: again and again, until each has its 201."""
    for name, body in bodies.items():
        while name not in acknowledged:
            files = {"xml_submission_file": ("s.xml", body, "text/xml")}
            try:
                answer = httpx.post(
                    f"{address}/openrosa/token-ppl01/submission", files=files, timeout=10
                )
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            if answer.status_code == 201:
                acknowledged.append(name)
            else:
                assert answer.status_code in {500, 503}, answer.text
                time.sleep(0.1)


def stories(office: OpenOffice, count: int) -> dict[str, bytes]:
    pattern = office.submission("pattern")
    names = [f"doc{number}" for number in range(count)]
    return {
        name: pattern.replace(instance("pattern").encode(), instance(name).encode())
        for name in names
    }


def held(engine: sa.Engine) -> Counter[str]:
    with reading(engine) as session:
        return Counter(entry.instance_id for entry in walk(session, "3375"))


def projected(engine: sa.Engine) -> int:
    with reading(engine) as session:
        return int(session.execute(sa.text("SELECT count(*) FROM document")).scalar_one())


@pytest.mark.parametrize("victim", ["service", "postgresql"])
def test_a_receipt_survives_kill_9(
    victim: str, office: OpenOffice, service: Service, settings: Settings
) -> None:
    bodies = stories(office, DOCUMENTS)
    acknowledged: list[str] = []
    halves = [dict(list(bodies.items())[start::2]) for start in (0, 1)]
    senders = [
        threading.Thread(target=send_all, args=(service.address, half, acknowledged))
        for half in halves
    ]
    for sender in senders:
        sender.start()
    chance = random.Random(victim)
    for kill in range(1, KILLS + 1):
        wait_for(lambda due=kill: len(acknowledged) >= due * DOCUMENTS // (KILLS + 1))
        time.sleep(chance.uniform(0, 0.2))
        if victim == "service":
            service.kill()
            service.start()
        else:
            os.kill(postmaster(settings), signal.SIGKILL)
    for sender in senders:
        sender.join(120)
        assert not sender.is_alive()

    wait_for(service.answers)
    expected = Counter(instance(name) for name in bodies)
    assert sorted(acknowledged) == sorted(bodies)
    assert held(office.engine) == expected
    wait_for(lambda: projected(office.engine) == DOCUMENTS)
    with reading(office.engine) as session:
        assert verify(session, "3375", Walked()) == []


def test_a_worker_that_is_killed_comes_back(office: OpenOffice, service: Service) -> None:
    assert service.process is not None
    bodies = stories(office, 5)
    worker = child_of(service.process.pid)
    os.kill(worker, signal.SIGKILL)
    send_all(service.address, bodies, [])
    wait_for(lambda: projected(office.engine) == len(bodies))
    assert child_of(service.process.pid) != worker


def test_a_worker_ends_with_the_service_that_started_it(service: Service) -> None:
    assert service.process is not None
    worker = child_of(service.process.pid)
    service.kill()
    wait_for(lambda: not psutil.pid_exists(worker))


def words_of(process: psutil.Process) -> list[str]:
    """Give a process's command; of one that has just died, nothing."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def child_of(parent: int) -> int:
    """Give the worker of a service, once it has started."""
    found: list[int] = []

    def look() -> bool:
        found[:] = [
            child.pid
            for child in psutil.Process(parent).children()
            if "app.worker" in words_of(child)
        ]
        return bool(found)

    wait_for(look)
    return found[0]
