"""Bring a database to the newest schema."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from app.core.clock import Clock, utc_now
from app.core.db import table_of, writing
from app.core.models import Deployment

ROOT = Path(__file__).parents[2]


def alembic_config(connection: sa.Connection) -> Config:
    """Give Alembic's configuration bound to a connection."""
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config


def migrate(engine: sa.Engine, clock: Clock = utc_now) -> None:
    """Run the missing migrations, one caller at a time, and mark the first epoch."""
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_advisory_lock(20260615)"))
        connection.commit()
        command.upgrade(alembic_config(connection), "head")
        connection.commit()
        connection.execute(sa.text("SELECT pg_advisory_unlock(20260615)"))
        connection.commit()
    with writing(engine) as session:
        first = {"id": 1, "epoch": 1, "created_at": clock()}
        statement = sa.dialects.postgresql.insert(table_of(Deployment)).values(first)
        session.execute(statement.on_conflict_do_nothing())
