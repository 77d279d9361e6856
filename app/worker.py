"""The worker: keeps every projection up with the journal, and comes back by itself."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
import structlog

from app.projections import bring_up

LOG = structlog.get_logger()
IDLE_SECONDS = 0.25
LONGEST_WAIT = 10.0


def run(engine: sa.Engine, stop: threading.Event, *, parent: int | None = None) -> None:
    """Work until `stop` is set, or until the process that started us is gone.

    A failure is logged and tried again, after a wait that grows to ten seconds.
    """
    wait = IDLE_SECONDS
    while not stop.is_set() and (parent is None or os.getppid() == parent):
        try:
            idle = bring_up(engine) == 0
            wait = IDLE_SECONDS
        except Exception as error:  # noqa: BLE001 - whatever it was, the next entries must go on
            LOG.error("projection failed", error=type(error).__name__, retry_seconds=wait)  # noqa: TRY400 - a traceback may hold answers
            idle, wait = True, min(wait * 2, LONGEST_WAIT)
        if idle:
            stop.wait(wait)


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """Give an event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
