"""The office that a fleet speaks to: one of its own that may be hurt, or one that runs already."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from app.core.clock import utc_now
from app.core.db import make_engine
from app.core.ids import new_token
from app.core.migrate import migrate
from app.core.office import Office
from app.core.postgres import EmbeddedPostgres, PostgresUnavailable
from app.core.settings import Settings

READY_SECONDS = 120.0
_STOP_SECONDS = 60
_LOOK_SECONDS = 0.05
_LOG = "service.log"
SMALL_DISK = 4_000_000_000  # bytes


class SiteFailed(Exception):  # noqa: N818 - says what happened
    """The office does not come up or does not come back; the message says where to look."""


class Site:
    """An office below `home`, with its vault beside: its service can be killed and its house burnt.

    Nothing of it is shared with the office of this machine: keys, database and vault are its own.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._houses = 0
        self._secret, self._backup_key = new_token(), new_token()
        self._port = _free_port()
        self._service: subprocess.Popen[bytes] | None = None
        self.vault = home / "vault"
        self.address = f"http://127.0.0.1:{self._port}"
        self.office = self._move_in()

    @property
    def data_dir(self) -> Path:
        """Give the directory in which the office lives now."""
        return self._home / f"office-{self._houses}"

    def furnish(self, furnish: Callable[[Office], None]) -> None:
        """Bring things into the office before it serves."""
        postgres = self._postgres()
        postgres.start()
        try:
            migrate(self.office.engine)
            furnish(self.office)
        finally:
            self.office.engine.dispose()
            postgres.stop()

    def start(self) -> None:
        """Start the service and wait until it answers. Raises SiteFailed."""
        command = [sys.executable, "-m", "app.cli", "serve", "--port", str(self._port)]
        with (self._home / _LOG).open("ab") as log:
            self._service = subprocess.Popen(  # noqa: S603 - our own module
                command, stdout=log, stderr=log, env=self.environment(), start_new_session=True
            )
        wait_for(self.answers, "the service")

    def answers(self) -> bool:
        """Tell whether the service answers."""
        if self._service is not None and self._service.poll() is not None:
            raise SiteFailed(f"The service ended: see {self._home / _LOG}.")
        try:
            return httpx.get(f"{self.address}/healthz", timeout=5).is_success
        except httpx.TransportError:
            return False

    def kill_service(self) -> None:
        """Kill the service as a machine does that has no memory left."""
        assert self._service is not None
        self._service.kill()
        self._service.wait()

    def worker(self) -> int | None:
        """Give the worker's process, None while there is none."""
        assert self._service is not None
        return next((each for each in _children(self._service.pid) if _runs_worker(each)), None)

    def kill_worker(self) -> int:
        """Kill the worker as soon as one is seen; give its process."""
        return self._kill_seen(self.worker, "the worker")

    def postmaster(self) -> int | None:
        """Give PostgreSQL's main process, None while it has none."""
        with suppress(OSError, ValueError, IndexError):
            told = (self._postgres().cluster / "postmaster.pid").read_text()
            return int(told.splitlines()[0])
        return None

    def kill_postgres(self) -> int:
        """Kill PostgreSQL's main process as soon as it is seen; give it."""
        return self._kill_seen(self.postmaster, "PostgreSQL")

    def burn(self) -> None:
        """Lose the machine: everything is killed and the data directory is gone."""
        assert self._service is not None
        postgres, postmaster = self._postgres(), self.postmaster()
        with suppress(ProcessLookupError):
            os.killpg(self._service.pid, signal.SIGKILL)  # its worker as well
        self._service.wait()
        self._kill(postmaster)
        self.office.engine.dispose()
        if postmaster is not None:
            wait_for(lambda: not _lives(postmaster), "the end of PostgreSQL")
        time.sleep(1)  # its children see that it is gone
        shutil.rmtree(self.data_dir, ignore_errors=True)
        shutil.rmtree(postgres.sockets, ignore_errors=True)

    def restore(self) -> int:
        """Bring the office back from its vault on a new machine; give the new epoch.

        The service is not started. Raises SiteFailed.
        """
        self._houses += 1
        self.office = self._move_in()
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", "restore", "--json"],
            env=self.environment(),
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            raise SiteFailed(f"The restore failed: {done.stderr.decode()[-2000:]}")
        return int(json.loads(done.stdout)["epoch"])

    def keep_log(self) -> Path:
        """Keep what the service said, also when the office is gone; give where."""
        handle, name = tempfile.mkstemp(prefix="se2026-service-", suffix=".log")
        with os.fdopen(handle, "wb") as kept:
            for path in (self._home / _LOG, self.data_dir / "postgres" / "postgres.log"):
                with suppress(OSError):
                    kept.write(f"--- {path.name}\n".encode() + path.read_bytes())
        return Path(name)

    def close(self) -> None:
        """Stop the service in order; the last to leave stops PostgreSQL.

        Whatever state the office is in, it ends: a verdict must not be lost by clearing up.
        """
        if self._service is not None and self._service.poll() is None:
            self._service.terminate()
            try:
                self._service.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._service.kill()
        self.office.engine.dispose()
        postmaster = self.postmaster()
        if postmaster is not None:  # whoever was killed left it running
            postgres = self._postgres()
            with suppress(PostgresUnavailable, OSError):  # it died while we looked
                postgres.start()
                postmaster = self.postmaster() or postmaster
            with suppress(OSError):
                postgres.stop()
            self._make_sure_of_the_end(postmaster)
        shutil.rmtree(self._postgres().sockets, ignore_errors=True)

    def _move_in(self) -> Office:
        self.data_dir.mkdir(parents=True)
        settings = Settings(
            data_dir=self.data_dir,
            database_url=self._postgres().url(),
            secret_key=self._secret,
            backup_url=str(self.vault),
            backup_key=self._backup_key,
            public_url=self.address,
        )
        return Office(settings, make_engine(self._postgres().url()), utc_now)

    def _postgres(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self.data_dir / "postgres")

    def environment(self) -> dict[str, str]:
        """Give the environment of the office's processes: nothing of this machine's office."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("SE2026_")}
        return {
            **kept,
            "SE2026_DATA_DIR": str(self.data_dir.resolve()),
            "SE2026_SECRET_KEY": self._secret,
            "SE2026_BACKUP_URL": str(self.vault.resolve()),
            "SE2026_BACKUP_KEY": self._backup_key,
            "SE2026_PUBLIC_URL": self.address,
        }

    def _make_sure_of_the_end(self, postmaster: int) -> None:
        try:
            wait_for(lambda: not _lives(postmaster), "the end of PostgreSQL", _STOP_SECONDS)
        except SiteFailed:
            self._kill(postmaster)

    @staticmethod
    def _kill(process: int | None) -> None:
        if process is not None:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def _kill_seen(self, look: Callable[[], int | None], name: str) -> int:
        """Kill what is seen: while processes come and go, a look may miss one that is there."""
        seen: list[int] = []

        def is_seen() -> bool:
            seen[:] = [each for each in [look()] if each is not None]
            return bool(seen)

        wait_for(is_seen, name)
        self._kill(seen[0])
        return seen[0]


def wait_for(what: Callable[[], bool], name: str, seconds: float = READY_SECONDS) -> float:
    """Wait until something is so; give the seconds that took. Raises SiteFailed."""
    begun = time.monotonic()
    while not what():
        if time.monotonic() - begun > seconds:
            raise SiteFailed(f"Waited {seconds:.0f} s in vain for {name}.")
        time.sleep(_LOOK_SECONDS)
    return time.monotonic() - begun


@contextmanager
def no_way_to(vault: Path) -> Iterator[None]:
    """Make a vault out of reach while the block runs, as a broken line to it does."""
    away = vault.with_name(f"{vault.name}.away")
    vault.rename(away)
    vault.write_bytes(b"")  # where a directory should be
    try:
        yield
    finally:
        vault.unlink()
        away.rename(vault)


def ballast(folder: Path) -> Callable[[], None]:
    """Fill the file system of `folder` to the last byte; calling what this gives empties it again.

    Raises SiteFailed where that would take more than a small file system has.
    """
    path = folder / "ballast"
    room = shutil.disk_usage(folder).total
    if room > SMALL_DISK:
        raise SiteFailed(
            "To try a full disk, please give --home on a file system of at most "
            f"{SMALL_DISK // 10**9} GB: a fleet does not fill up the disk of others."
        )
    with path.open("wb") as file, suppress(OSError):
        while True:
            file.write(b"\0" * 65536)
            file.flush()
    return path.unlink


def _lives(process: int) -> bool:
    """Tell whether a process runs; one that nobody has buried yet does not."""
    try:
        told = Path(f"/proc/{process}/stat").read_bytes()
    except OSError:
        return False
    return told.rpartition(b")")[2].split()[0] != b"Z"


def _children(parent: int) -> list[int]:
    """Give the children of a process; none on a system without /proc."""
    with suppress(OSError):
        told = [path.read_text() for path in Path(f"/proc/{parent}/task").glob("*/children")]
        return [int(each) for line in told for each in line.split()]
    return []


def _runs_worker(process: int) -> bool:
    with suppress(OSError):
        return b"app.worker" in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
