"""Serving: the web service and, beside it, a worker that is started again when it dies."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
import uvicorn

LOG = structlog.get_logger()
_RESTART_SECONDS = 1.0
_STOP_SECONDS = 10


def serve(host: str, port: int, *, processes: int = 1) -> None:
    """Serve until a signal ends it; the worker runs as a process of its own."""
    with worker_beside():
        uvicorn.run(
            "app.main:serve",
            factory=True,
            host=host,
            port=port,
            workers=processes if processes > 1 else None,
            log_level="warning",
            access_log=False,  # addresses carry OpenRosa tokens, which no log may hold
            server_header=False,
        )


@contextmanager
def worker_beside() -> Iterator[None]:
    """Keep a worker process alive while the block runs."""
    stop = threading.Event()
    keeper = threading.Thread(target=_keep, args=(stop,), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join(_STOP_SECONDS + 1)


def _keep(stop: threading.Event) -> None:
    while not stop.is_set():
        command = [sys.executable, "-m", "app.cli", "worker", "--parent", str(os.getpid())]
        worker = subprocess.Popen(command)  # noqa: S603 - our own module
        while worker.poll() is None and not stop.wait(_RESTART_SECONDS):
            pass
        if not stop.is_set():
            LOG.warning("worker ended; starting another", code=worker.returncode)
            stop.wait(_RESTART_SECONDS)
        elif worker.poll() is None:
            worker.terminate()
            try:
                worker.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
