"""Run migrations on the connection that the caller passes in, or on the configured database."""

import importlib
from pathlib import Path

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

from app.core.db import database_url, make_engine
from app.core.settings import settings

for models in sorted((Path(__file__).parents[1] / "app").glob("*/models.py")):
    importlib.import_module(f"app.{models.parent.name}.models")


def run(connection: sa.Connection) -> None:
    """Migrate in one transaction; a lock that is not had in five seconds ends it."""
    context.configure(
        connection=connection, target_metadata=SQLModel.metadata, compare_server_default=True
    )
    with context.begin_transaction():
        connection.execute(sa.text("SET LOCAL lock_timeout = '5s'"))
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with make_engine(database_url(settings())).connect() as own:
        run(own)
        own.commit()
