"""Many rows in one statement, whatever their columns hold."""

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from app.core.db import reading, table_of, writing
from app.core.rows import insert, upsert
from app.intake.models import FeedChange, Quarantined
from tests.support.office import OpenOffice

FEED = table_of(FeedChange)
KEPT = table_of(Quarantined)
WIB = timezone(timedelta(hours=7))


def change(key: str, seq: int, payload: object) -> dict[str, object]:
    told = {"lane": "3375", "kind": "unit", "key": key, "seq": seq, "area_code": "3375"}
    return {**told, "payload": payload}


def test_rows_come_back_as_they_went_in(office: OpenOffice) -> None:
    body = bytes(range(256))
    moment = datetime(2026, 11, 22, 22, 0, 0, 123456, tzinfo=WIB)
    row = {
        "received_at": moment, "lane": "3375", "actor": 'a "b" \\ ñ', "door": "batch",
        "reason": "not_xml", "sha256": "0" * 64, "body": body,
    }  # fmt: skip
    with writing(office.engine) as session:
        insert(session, KEPT, [row, {**row, "body": b""}])
    with reading(office.engine) as session:
        found = session.execute(sa.select(KEPT).order_by(KEPT.c.id)).mappings().all()
    assert [each["body"] for each in found] == [body, b""]
    assert {name: found[0][name] for name in row} == row


def test_a_row_of_the_same_key_is_replaced_and_nothing_is_sql_null(office: OpenOffice) -> None:
    with writing(office.engine) as session:
        upsert(session, FEED, [change("a", 1, {"x": [1, None]}), change("b", 2, {"y": "é"})])
        upsert(session, FEED, [change("b", 3, None)])
    with reading(office.engine) as session:
        wanted = sa.select(FEED.c.key, FEED.c.seq, FEED.c.payload, FEED.c.payload.is_(sa.null()))
        rows = session.execute(wanted.order_by(FEED.c.key)).all()
    assert rows == [("a", 1, {"x": [1, None]}, False), ("b", 3, None, True)]


def test_no_rows_are_no_statement(office: OpenOffice) -> None:
    with writing(office.engine) as session:
        insert(session, FEED, [])
        upsert(session, FEED, [])
        assert session.execute(sa.select(sa.func.count()).select_from(FEED)).scalar_one() == 0


def test_what_no_column_holds_is_refused(office: OpenOffice) -> None:
    with writing(office.engine) as session, pytest.raises(TypeError, match="set"):
        insert(session, FEED, [change("a", 1, {"x": {1}})])
