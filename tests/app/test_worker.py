import os
import signal
import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from app.core.db import make_engine, reading
from app.projections import ALL_STEPS, backlog
from app.worker import keep_up, run, stopped_by_signals
from tests.app.test_survival import wait_for
from tests.support.office import OpenOffice


def beside(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_a_worker_keeps_up_until_it_is_stopped(office: OpenOffice) -> None:
    stop = threading.Event()
    working = beside(lambda: run(office.engine, stop))
    for name in "abc":
        office.send("ppl01", office.submission(name))

    def up_to_date() -> bool:
        with reading(office.engine) as session:
            return backlog(session) == 0

    wait_for(up_to_date)
    stop.set()
    working.join(10)
    assert not working.is_alive()


def test_a_worker_ends_without_the_process_that_started_it(engine: sa.Engine) -> None:
    run(engine, threading.Event(), parent=os.getppid() + 1)


class Patience(threading.Event):
    """Tells to stop after some waits, and how long each was to be."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        if len(self.waits) == self.most:
            self.set()
        return self.is_set()


def test_a_database_that_is_away_is_looked_for_every_second(database_url: str) -> None:
    away = make_engine(
        sa.make_url(database_url).set(database="nowhere").render_as_string(hide_password=False)
    )
    stop = Patience(5)
    with capture_logs() as logs:
        keep_up(away, stop, ALL_STEPS)
    away.dispose()
    assert stop.waits == [0.25, 0.5, 1.0, 1.0, 1.0]
    assert [each["event"] for each in logs] == ["projection failed"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with stopped_by_signals() as stop:
        os.kill(os.getpid(), number)
        assert stop.wait(5)
    assert signal.getsignal(number) is before
