"""One office at work: its settings, its migrated database, its clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from starlette.requests import Request

from app.core.clock import Clock, utc_now
from app.core.db import database_url, make_engine
from app.core.migrate import migrate
from app.core.settings import Settings
from app.core.settings import settings as configured


@dataclass(frozen=True, slots=True)
class Office:
    """What a command needs to work on an office's database."""

    settings: Settings
    engine: sa.Engine
    clock: Clock


def office_of(request: Request) -> Office:
    """Give the office that serves a request."""
    state = request.app.state
    return Office(state.settings, state.engine, state.clock)


@contextmanager
def open_office(settings: Settings | None = None, clock: Clock = utc_now) -> Iterator[Office]:
    """Open the configured database, migrated; start the embedded PostgreSQL where none is set."""
    chosen = settings or configured()
    engine = make_engine(database_url(chosen))
    try:
        migrate(engine, clock)
        yield Office(chosen, engine, clock)
    finally:
        engine.dispose()
