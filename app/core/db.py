"""One engine, two kinds of session, one transaction per request."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Depends
from sqlmodel import Session, SQLModel
from starlette.requests import Request

from app.core.postgres import EmbeddedPostgres
from app.core.settings import Settings

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Moment = sa.DateTime(timezone=True)


def embedded_postgres(settings: Settings) -> EmbeddedPostgres | None:
    """Give the embedded PostgreSQL, None where the office has a server of its own."""
    if settings.database_url is not None:
        return None
    return EmbeddedPostgres(settings.data_dir / "postgres")


def database_url(settings: Settings) -> str:
    """Give the URL to use; starts the embedded PostgreSQL where none is set."""
    if settings.database_url is not None:
        return with_driver(settings.database_url)
    return EmbeddedPostgres(settings.data_dir / "postgres").start()


def with_driver(url: str) -> str:
    """Name psycopg as the driver, whichever way the office wrote the URL."""
    plain = url.replace("postgres://", "postgresql://", 1)
    return plain.replace("postgresql://", "postgresql+psycopg://", 1)


def make_engine(url: str) -> sa.Engine:
    """Give an engine; times go in and come out in UTC."""
    return sa.create_engine(
        url,
        isolation_level="READ COMMITTED",  # whatever the server's default: see the journal's lock
        pool_size=20,
        max_overflow=20,
        hide_parameters=True,  # an error message never carries somebody's answers
        pool_pre_ping=True,  # a restarted PostgreSQL is met with a new connection, not an error
        connect_args={"options": "-c timezone=UTC", "application_name": "se2026"},
    )


@contextmanager
def writing(engine: sa.Engine) -> Iterator[Session]:
    """Give a session whose work is committed at the end, whole or not at all."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: sa.Engine) -> Iterator[Session]:
    """Give a session that sees one consistent state and cannot write.

    It takes its connection with the first query, so that a request that waits holds none.
    """
    steady = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with Session(steady) as session, session.begin():
        yield session


def _transaction(request: Request) -> Iterator[Session]:
    with writing(request.app.state.engine) as session:
        yield session


def _view(request: Request) -> Iterator[Session]:
    with reading(request.app.state.engine) as session:
        yield session


# scope="function": the commit comes before the answer leaves, not after it
Tx = Annotated[Session, Depends(_transaction, scope="function")]
View = Annotated[Session, Depends(_view, scope="function")]


def advisory_lock(session: Session, room: str, key: str) -> None:
    """Wait for the lock of `key` in `room`; held until the transaction ends."""
    session.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": lock_name(room, key)},
    )


def try_advisory_lock(session: Session, room: str, key: str) -> bool:
    """Take the lock of `key` in `room` where nobody holds it; tell whether it is ours now."""
    wanted = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
    return bool(session.execute(wanted, {"name": lock_name(room, key)}).scalar_one())


def lock_name(room: str, key: str) -> str:
    """Give what is hashed to the number of the lock of `key` in `room`."""
    return f"{room}\x1f{key}"


def table_of(model: type[SQLModel]) -> sa.Table:
    """Give the table behind a model, for statements on many rows."""
    table: Any = model.__table__  # type: ignore[attr-defined]  # SQLModel adds it at run time
    assert isinstance(table, sa.Table)
    return table
