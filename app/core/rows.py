"""Many rows in one statement: they travel as one document, with no round trip for each."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

Row = Mapping[str, object]


def flat(table: sa.Table, rows: Iterable[object]) -> list[dict[str, object]]:
    """Give objects as rows of a table, column by column."""
    names = [column.name for column in table.columns]
    return [{name: getattr(row, name) for name in names} for row in rows]


def among(texts: Iterable[str]) -> sa.ColumnElement[Any]:
    """Give these texts for a comparison: one argument, and one statement, however many."""
    return sa.any_(sa.literal(sorted(set(texts)), sa.ARRAY(sa.Text)))


def one_of(numbers: Iterable[int]) -> sa.ColumnElement[Any]:
    """Give these numbers for a comparison: one argument, and one statement, however many."""
    return sa.any_(sa.literal(sorted(set(numbers)), sa.ARRAY(sa.BigInteger)))


def insert(session: Session, table: sa.Table, rows: Sequence[Row]) -> None:
    """Write new rows, all with the same columns, in one statement."""
    if rows:
        session.execute(_insertion(table, rows))


def upsert(session: Session, table: sa.Table, rows: Sequence[Row]) -> None:
    """Write rows, or replace those of the same key, in one statement; no key comes twice."""
    if not rows:
        return
    fresh = _insertion(table, rows)
    own = [column.name for column in table.primary_key]
    told = {name: fresh.excluded[name] for name in rows[0] if name not in own}
    session.execute(fresh.on_conflict_do_update(index_elements=own, set_=told))


def _insertion(table: sa.Table, rows: Sequence[Row]) -> postgresql.Insert:
    names = list(rows[0])
    document = sa.cast(sa.literal(json.dumps(rows, default=_plain), sa.Text), sa.JSON)
    listed = sa.func.json_populate_recordset(
        sa.cast(sa.null(), _RowOf(table)), document
    ).table_valued(*names)
    return postgresql.insert(table).from_select(names, sa.select(*(listed.c[n] for n in names)))


def _plain(value: object) -> str:
    """Write what JSON has no word for as PostgreSQL reads it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    raise TypeError(f"no column of ours holds a {type(value).__name__}")


class _RowOf(sa.types.UserDefinedType[Any]):
    """The composite type that every table's rows have."""

    cache_ok = True

    def __init__(self, table: sa.Table) -> None:
        self.table_name = table.name

    def get_col_spec(self, **_: object) -> str:
        """Give the name of the type."""
        return self.table_name
