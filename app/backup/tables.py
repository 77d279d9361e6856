"""Dumps of the plain tables: everything that neither is in the journal nor follows from it."""

import io
import json
import re
import tarfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlmodel import Session, SQLModel

from app.backup.vault import Vault
from app.core.db import reading
from app.projections import PROJECTORS
from sync.codecs.segment import BadSegment

PREFIX = "tables/"
_STAMP = "%Y%m%dT%H%M%S%fZ"
_DUMP = re.compile(rf"{PREFIX}\d{{8}}T\d{{12}}Z\.seg")
_JOURNAL = frozenset({"journal_entry", "deployment"})
_PASSING = frozenset(  # what is made again, or means nothing after a restore
    {
        "backup_mark",
        "coverage_tally",
        "edge",
        "feed_change",
        "golden_record",
        "login_failure",
        "match_case",
        "outbox_note",
        "projector_cursor",
        "revalidation",
        "revalidation_change",
        "skipped_entry",
        "unit_key",
        "unit_membership",
        "unit_record",
        "unshipped_file",
    }
)


def plain_tables() -> list[sa.Table]:
    """Give the tables of a dump, those that others refer to first."""
    derived = {str(model.__tablename__) for each in PROJECTORS for model in each.tables}
    left_out = derived | _JOURNAL | _PASSING
    return [each for each in SQLModel.metadata.sorted_tables if each.name not in left_out]


def dump(engine: sa.Engine, vault: Vault, now: datetime) -> str | None:
    """Put the plain tables, as they stand at one moment, into the vault; give the dump's name.

    None where the newest dump says the same: nothing has changed since.
    """
    with reading(engine) as session:
        content = _packed(session)
    newest = newest_dump(vault)
    if newest is not None and _is_same(vault, newest, content):
        return None
    name = _name_behind(newest, now)
    vault.put(name, {"kind": "tables", "at": now.isoformat()}, content)
    return name


def _is_same(vault: Vault, name: str, content: bytes) -> bool:
    """Tell whether a dump says the same; one that is damaged says nothing."""
    try:
        found = vault.get(name)
    except BadSegment:
        return False
    return found is not None and found.content == content


def dumps(vault: Vault) -> list[str]:
    """Give the names of all dumps, the newest first."""
    return [each for each in vault.names(PREFIX) if _DUMP.fullmatch(each)][::-1]


def newest_dump(vault: Vault) -> str | None:
    """Give the name of the newest dump."""
    return next(iter(dumps(vault)), None)


def _name_behind(newest: str | None, now: datetime) -> str:
    """Give a name that sorts behind all others, also while the clock is behind what it once was."""
    wanted = f"{PREFIX}{now.astimezone(UTC):{_STAMP}}.seg"
    if newest is None or wanted > newest:
        return wanted
    last = datetime.strptime(newest.removeprefix(PREFIX), f"{_STAMP}.seg").replace(tzinfo=UTC)
    return f"{PREFIX}{last + timedelta(microseconds=1):{_STAMP}}.seg"


def thin_out(vault: Vault, keep: int) -> int:
    """Let go all dumps but the newest of each day, and of the newest `keep`; give how many."""
    names = dumps(vault)[::-1]
    last_of_day = {name[: len(PREFIX) + 8]: name for name in names}
    going = set(names) - set(last_of_day.values()) - set(names[-keep:])
    for name in going:
        vault.remove(name)
    return len(going)


def revision_of(content: bytes) -> str:
    """Give the schema's revision that a dump was made with."""
    told: dict[str, Any] = json.loads(_files(content)["about.json"])
    return str(told["revision"])


def load(session: Session, content: bytes) -> dict[str, int]:
    """Fill the empty plain tables from a dump; give how many rows each got."""
    files = _files(content)
    cursor = _driver(session).cursor()
    loaded: dict[str, int] = {}
    for name in json.loads(files["about.json"])["tables"]:
        body = files[f"{name}.csv"]
        columns = body.split(b"\n", 1)[0].decode().split(",")
        with cursor.copy(_copy_in(name, columns)) as copy:
            copy.write(body)
        loaded[name] = cursor.rowcount
        _continue_identities(cursor, name)
    return loaded


def _packed(session: Session) -> bytes:
    revision = session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    names = [each.name for each in plain_tables()]
    about = json.dumps({"revision": revision, "tables": names}).encode()
    return _tar({"about.json": about, **{f"{n}.csv": _rows(session, n) for n in names}})


def _rows(session: Session, name: str) -> bytes:
    """Give a table as CSV in a fixed order, so that equal tables give equal bytes."""
    table = SQLModel.metadata.tables[name]
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT (FORMAT csv, HEADER)").format(
        sql.SQL(",").join(sql.Identifier(each.name) for each in table.columns),
        sql.Identifier(name),
        sql.SQL(",").join(sql.Identifier(each.name) for each in table.primary_key),
    )
    with _driver(session).cursor().copy(query) as copy:
        return b"".join(bytes(each) for each in copy)


def _copy_in(name: str, columns: Iterable[str]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER)").format(
        sql.Identifier(name), sql.SQL(",").join(map(sql.Identifier, columns))
    )


def _continue_identities(cursor: psycopg.Cursor[Any], name: str) -> None:
    """Let numbers that the database gives go on behind those that were loaded."""
    for column in SQLModel.metadata.tables[name].columns:
        if column.identity is not None:
            highest = sql.SQL("SELECT max({}) FROM {}").format(
                sql.Identifier(column.name), sql.Identifier(name)
            )
            move = sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), ({}))").format(
                sql.Literal(name), sql.Literal(column.name), highest
            )
            cursor.execute(move)


def _driver(session: Session) -> psycopg.Connection[Any]:
    found = session.connection().connection.driver_connection
    assert isinstance(found, psycopg.Connection)
    return found


def _tar(files: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, body in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(body)
            archive.addfile(about, io.BytesIO(body))
    return written.getvalue()


def _files(content: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        found = ((each.name, archive.extractfile(each)) for each in archive)
        return {name: file.read() for name, file in found if file is not None}
