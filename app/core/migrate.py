"""Bring a database to the newest schema."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.core.clock import Clock, utc_now
from app.core.db import table_of, writing
from app.core.models import Deployment

if TYPE_CHECKING:
    from alembic.config import Config

ROOT = Path(__file__).parents[2]
_REVISION = re.compile(r'^(revision|down_revision)[^=\n]* = "([^"]+)"', re.MULTILINE)


def alembic_config(connection: sa.Connection) -> "Config":
    """Give Alembic's configuration bound to a connection."""
    from alembic.config import Config

    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config


def migrate(engine: sa.Engine, clock: Clock = utc_now) -> None:
    """Run the missing migrations, one caller at a time, and mark the first epoch."""
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_advisory_lock(20260615)"))
        connection.commit()
        if _revision_of(connection) != newest_revision():
            _upgrade(connection)
        connection.commit()
        connection.execute(sa.text("SELECT pg_advisory_unlock(20260615)"))
        connection.commit()
    with writing(engine) as session:
        first = {"id": 1, "epoch": 1, "created_at": clock()}
        statement = sa.dialects.postgresql.insert(table_of(Deployment)).values(first)
        session.execute(statement.on_conflict_do_nothing())


def newest_revision() -> str | None:
    """Give the revision that no migration follows; None where that is not one.

    Read from the files alone: every process asks this before its work, and Alembic takes longer to
    load than all else that a process does before.
    """
    found = [
        _REVISION.findall(file.read_text("utf-8"))
        for file in (ROOT / "migrations/versions").glob("*.py")
    ]
    told = {(kind, name) for each in found for kind, name in each}
    followed = {name for kind, name in told if kind == "down_revision"}
    last = {name for kind, name in told if kind == "revision"} - followed
    return last.pop() if len(last) == 1 else None


def _revision_of(connection: sa.Connection) -> str | None:
    """Give the revision at which a database stands; None for one that is new."""
    if connection.execute(sa.text("SELECT to_regclass('alembic_version')")).scalar() is None:
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command

    command.upgrade(alembic_config(connection), "head")
