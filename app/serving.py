"""Serving: the web service and, beside it, a worker and PostgreSQL, started again when they die."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
import uvicorn

from app.core.db import embedded_postgres
from app.core.postgres import EmbeddedPostgres, PostgresUnavailable
from app.core.settings import Settings

LOG = structlog.get_logger()
_LOOK_SECONDS = 0.1  # between two looks whether somebody died; a look costs some microseconds
_RESTART_SECONDS = 1.0  # before the next try where the one before failed
_SHORT_LIFE = 5.0  # seconds: a worker that ends sooner may do so again
_STOP_SECONDS = 10
_HUNG_SECONDS = 30  # a crowded machine is no reason to kill a process that works


def serve(settings: Settings, host: str, port: int, *, processes: int = 1) -> None:
    """Serve until a signal ends it; the worker runs as a process of its own."""
    with kept_alive(embedded_postgres(settings)):
        uvicorn.run(
            "app.main:serve" if processes == 1 else "app.main:serve_beside_others",
            factory=True,
            host=host,
            port=port,
            workers=processes if processes > 1 else None,
            log_level="warning",
            access_log=False,  # addresses carry OpenRosa tokens, which no log may hold
            server_header=False,
            timeout_worker_healthcheck=_HUNG_SECONDS,
            timeout_graceful_shutdown=_STOP_SECONDS,  # a phone that dawdles holds up no restart
        )


@contextmanager
def kept_alive(postgres: EmbeddedPostgres | None) -> Iterator[None]:
    """Keep a worker process, and the embedded PostgreSQL if there is one, alive in the block."""
    stop = threading.Event()
    keepers = [threading.Thread(target=_keep_worker, args=(stop,), daemon=True)]
    if postgres is not None:
        watch = threading.Thread(target=_keep_postgres, args=(postgres, stop), daemon=True)
        keepers.append(watch)
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        stop.set()
        for keeper in keepers:
            keeper.join(_STOP_SECONDS + 1)


def _keep_postgres(postgres: EmbeddedPostgres, stop: threading.Event) -> None:
    wait = _LOOK_SECONDS
    while not stop.wait(wait):
        wait = _LOOK_SECONDS
        try:
            if postgres.revive():
                LOG.warning("PostgreSQL had died and was started again")
        except (PostgresUnavailable, OSError) as error:  # OSError: no room, no process to spare
            what = type(error).__name__
            LOG.warning("PostgreSQL died and does not start yet; trying again", error=what)
            wait = _RESTART_SECONDS


def _keep_worker(stop: threading.Event) -> None:
    """Keep a worker; another begins at once where one died, after a second where it could not live.

    Nothing that is handed in shows before there is one again.
    """
    while not stop.is_set():
        begun = time.monotonic()
        command = [sys.executable, "-m", "app.worker", "--parent", str(os.getpid())]
        try:
            worker = subprocess.Popen(command)  # noqa: S603 - our own module
        except OSError as error:  # no memory or no process to spare: that passes
            LOG.warning("worker does not start; trying again", error=type(error).__name__)
            stop.wait(_RESTART_SECONDS)
            continue
        while worker.poll() is None and not stop.wait(_LOOK_SECONDS):
            pass
        if not stop.is_set():
            LOG.warning("worker ended; starting another", code=worker.returncode)
            lived = time.monotonic() - begun
            stop.wait(0.0 if lived > _SHORT_LIFE else _RESTART_SECONDS)
        elif worker.poll() is None:
            worker.terminate()
            try:
                worker.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
