"""Several web processes and workers on one database: nothing skips, repeats, or stays behind."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from app.core.db import make_engine, reading
from app.core.postgres import EmbeddedPostgres
from app.core.settings import Settings
from app.intake.repository import walk
from app.intake.verify import Walked, verify
from app.projections import backlog, rebuild_all
from tests.app.test_projections import state
from tests.app.test_survival import (
    Service,
    child_of,
    free_port,
    held,
    office,
    projected,
    send_all,
    settings,
    stories,
    wait_for,
    words_of,
)
from tests.support.office import OpenOffice, instance

__all__ = ["office", "settings"]

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]

DOCUMENTS = 240
SENDERS = 4


@pytest.fixture
def service(settings: Settings, office: OpenOffice) -> Iterator[Service]:
    """A service of two web processes, with its own worker."""
    del office  # furnished before the service starts
    made = Service(settings.data_dir, free_port(), processes=2)
    with closing(made):
        made.start()
        yield made


@pytest.fixture
def second_worker(service: Service) -> Iterator[subprocess.Popen[bytes]]:
    """A worker beside that of the service."""
    command = [sys.executable, "-m", "app.cli", "worker"]
    told = {**os.environ, "SE2026_DATA_DIR": str(service.folder)}
    with subprocess.Popen(command, env=told) as worker:
        yield worker
        worker.terminate()


def web_processes(service: Service) -> list[int]:
    assert service.process is not None
    told = {each.pid: words_of(each) for each in psutil.Process(service.process.pid).children()}
    return [pid for pid, words in told.items() if any("spawn_main" in word for word in words)]


def test_positions_neither_skip_nor_repeat_whoever_is_killed(
    office: OpenOffice, service: Service, second_worker: subprocess.Popen[bytes]
) -> None:
    assert service.process is not None
    bodies = stories(office, DOCUMENTS)
    acknowledged: list[str] = []
    shares = [dict(list(bodies.items())[start::SENDERS]) for start in range(SENDERS)]
    senders = [
        threading.Thread(target=send_all, args=(service.address, share, acknowledged))
        for share in shares
    ]
    for sender in senders:
        sender.start()
    chance = random.Random(2026)
    wait_for(lambda: len(web_processes(service)) == 2)
    for kill, who in enumerate(("web", "worker", "web"), start=1):
        due = kill * DOCUMENTS // 5
        wait_for(partial(reached, acknowledged, due))
        web = chance.choice(web_processes(service))
        os.kill(web if who == "web" else child_of(service.process.pid), signal.SIGKILL)
    for sender in senders:
        sender.join(120)
        assert not sender.is_alive()

    assert second_worker.poll() is None
    assert sorted(acknowledged) == sorted(bodies)
    assert held(office.engine) == Counter(instance(name) for name in bodies)
    wait_for(lambda: projected(office.engine) == DOCUMENTS and settled(office.engine))
    with reading(office.engine) as session:
        assert [each.position for each in walk(session, "3375")] == list(range(1, DOCUMENTS + 1))
        assert verify(session, "3375", Walked()) == []
    wait_for(lambda: len(web_processes(service)) == 2)
    service.close()
    second_worker.terminate()
    second_worker.wait(30)
    live = state(office)
    rebuild_all(office.engine, "3375", lambda *_: None)
    assert state(office) == live  # two workers made of it what one makes


def reached(acknowledged: list[str], due: int) -> bool:
    return len(acknowledged) >= due


def settled(engine: sa.Engine) -> bool:
    with reading(engine) as session:
        return backlog(session) == 0


def test_the_web_processes_of_a_killed_service_leave_its_address_to_the_next(
    office: OpenOffice, service: Service
) -> None:
    wait_for(lambda: len(web_processes(service)) == 2)
    orphans = web_processes(service)
    service.kill()
    service.start()
    send_all(service.address, stories(office, 3), [])
    wait_for(lambda: not any(map(psutil.pid_exists, orphans)))
    wait_for(lambda: projected(office.engine) == 3)


def test_a_database_that_mends_itself_is_waited_for(tmp_path: Path) -> None:
    """What a crash left is mended for longer than one look: no second server is started."""
    postgres = EmbeddedPostgres(tmp_path)
    postgres.start()
    postmaster = int((postgres.cluster / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGSTOP)  # it lives, and answers nobody
    threading.Timer(3, os.kill, (postmaster, signal.SIGCONT)).start()
    try:
        another = EmbeddedPostgres(tmp_path)
        engine = make_engine(another.start())
        with engine.connect() as connection:
            assert connection.execute(sa.text("SELECT 1")).scalar_one() == 1
        engine.dispose()
        another.stop()
        assert postgres.cluster.joinpath("postmaster.pid").read_text().startswith(f"{postmaster}\n")
    finally:
        postgres.stop()
