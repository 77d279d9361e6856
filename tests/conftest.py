"""What every test may ask for: a real PostgreSQL, migrated once, cloned per test."""

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from sqlmodel import Session

from app.core.db import make_engine, reading, with_driver, writing
from app.core.migrate import migrate
from app.core.postgres import EmbeddedPostgres

slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("default", deadline=None, max_examples=60, suppress_health_check=slow)
settings.register_profile("fuzz", deadline=None, max_examples=20_000, suppress_health_check=slow)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

NOON = datetime(2026, 7, 1, 5, 0, tzinfo=UTC)  # noon in Pekalongan, in the fieldwork
TEMPLATE = "se2026_template"
ROOM = 4_000_000_000  # bytes
_numbers = count()
_MEASURED = "COVERAGE_PROCESS_CONFIG"  # of the process that starts another


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let `unmeasured` hold for the programs that a test starts, too."""
    with pytest.MonkeyPatch.context() as here:
        if item.get_closest_marker("unmeasured"):
            here.delenv(_MEASURED, raising=False)
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Spare a test that is `unmeasured` the tracing, which makes our code two to four times slower.

    It is for what goes the same ways thousands of times, and for what is killed before it tells.
    (`no_cover` of pytest-cov does nothing in workers of xdist: there another measurement, which
    it began before, goes on.)
    """
    if not item.get_closest_marker("unmeasured"):
        return (yield)
    ours, of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        threading.settrace(of_threads)
        sys.settrace(ours)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server's maintenance database; our own unless one is set."""
    given = os.environ.get("SE2026_TEST_DATABASE_URL")
    if given:
        yield with_driver(given)
        return
    with tempfile.TemporaryDirectory(prefix="se2026-tests-", dir=_quick_folder()) as folder:
        embedded = EmbeddedPostgres(Path(folder))
        embedded.start()
        yield embedded.url("postgres")
        embedded.stop()


def _quick_folder() -> Path | None:
    """Give a folder in memory where there is room: every test has a database of its own made."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK):
        return memory if shutil.disk_usage(memory).free > ROOM else None
    return None


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """The name of a migrated database that is never written to again."""
    name = f"{TEMPLATE}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    _administer(server, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
    engine = make_engine(_sibling(server, name))
    migrate(engine, lambda: NOON)
    engine.dispose()
    return name


@contextmanager
def cloned(server: str, template: str) -> Iterator[str]:
    """Give the URL of a copy of a database; the copy goes when the block ends."""
    name = f"{template}_{next(_numbers)}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield _sibling(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(server: str, template: str) -> Iterator[str]:
    """The URL of a migrated database of the test's own."""
    with cloned(server, template) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """An engine on the test's own database."""
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """A writing session, committed when the test ends well."""
    with writing(engine) as opened:
        yield opened


@pytest.fixture
def view(engine: sa.Engine) -> Iterator[Session]:
    """A reading session."""
    with reading(engine) as opened:
        yield opened


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Data for trying out that is not part of the project; absent on most machines."""
    fallback = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("SE2026_SHARED_DATA", fallback))
    if not folder.is_dir():
        pytest.skip("needs the shared data directory: set SE2026_SHARED_DATA")
    return folder


def _sibling(url: str, database: str) -> str:
    return sa.make_url(url).set(database=database).render_as_string(hide_password=False)


def _administer(url: str, *commands: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for command in commands:
            connection.exec_driver_sql(command)
    engine.dispose()
