"""The real service in a process of its own, on a free port, for the demo's devices."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from app.core.office import Office

_READY_SECONDS = 60
_STOP_SECONDS = 20


class ServiceFailed(Exception):  # noqa: N818 - says what happened
    """The service did not answer; its log says why."""


@contextmanager
def serving(office: Office) -> Iterator[str]:
    """Serve the office's data while the block runs; give the address."""
    port = _free_port()
    log = office.settings.data_dir / "demo-service.log"
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
    environment = {**os.environ, "SE2026_DATA_DIR": str(office.settings.data_dir.resolve())}
    with log.open("ab") as out:
        service = subprocess.Popen(command, stdout=out, stderr=out, env=environment)  # noqa: S603
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(service, address, str(log))
        yield address
    finally:
        service.terminate()
        try:
            service.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            service.kill()


def _wait(service: subprocess.Popen[bytes], address: str, log: str) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while service.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/healthz", timeout=5).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise ServiceFailed(f"The service did not start: see {log}.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
