"""The feed: the latest state of what devices need, in the order of commits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.auth.scope import Scope
from app.core.db import advisory_lock, table_of
from app.core.rows import upsert
from app.intake.models import FeedChange
from sync.cursor import Change as Told

FEED = table_of(FeedChange)
COMMON = ""  # the lane of what is the same in all
_TEXTS = sa.ARRAY(sa.Text)

Name = tuple[str, str]  # kind and key


@dataclass(frozen=True, slots=True)
class Change:
    """One thing as devices should now have it; no payload: it is gone.

    Seen by those whose scope covers `area_code`; by the account `addressee`, wherever it works; and
    with `is_for_all` by everybody who works within the area.
    """

    kind: str
    key: str
    area_code: str
    payload: dict[str, Any] | None
    addressee: UUID | None = None
    is_for_all: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A change as it is sent; its payload is JSON already."""

    seq: int
    kind: str
    key: str
    area: str
    payload: str | None


def hold(session: Session, lane: str) -> None:
    """Let nobody else write to the lane's feed until this transaction ends.

    What is read after that of tables that several projectors fill is the newest.
    """
    advisory_lock(session, "feed", lane)


def publish(session: Session, lane: str, changes: Sequence[Change]) -> None:
    """Write what has changed behind all earlier changes; they appear together, with the commit.

    The lane's feed is locked until then, so no reader ever sees a later one before an earlier.
    What devices know already, and the end of what they were never told, is left out. An end is told
    to those who know the thing, wherever it went before it ended.
    """
    if not changes:
        return
    hold(session, lane)
    latest = {(change.kind, change.key): change for change in changes}
    known = _known(session, lane, latest)
    said = ((known.get(name), each) for name, each in latest.items())
    news = [each for old, new in said if (each := _ended(new, old)) != (old or _unheard(each))]
    if not news:
        return
    last = _last(session, lane)
    rows = [
        {
            "lane": lane,
            "kind": change.kind,
            "key": change.key,
            "seq": last + number,
            "area_code": change.area_code,
            "payload": change.payload,
            "addressee": None if change.addressee is None else str(change.addressee),
            "is_for_all": change.is_for_all,
        }
        for number, change in enumerate(news, start=1)
    ]
    upsert(session, FEED, rows)


def begin_anew(session: Session, lane: str, kinds: Collection[str]) -> None:
    """Put what the feed says of these kinds aside while the journal is replayed."""
    if kinds:
        hold(session, lane)
        aside = sa.update(FEED).where(FEED.c.lane == lane, FEED.c.kind.in_(kinds))
        session.execute(aside.values(lane=_aside(lane)))


def end_anew(session: Session, lane: str, kinds: Collection[str]) -> None:
    """Hold what a replay published against what was put aside, so that only differences travel.

    What came out the same keeps its place; what did not come out again is gone.
    """
    if not kinds:
        return
    old, aside = FEED.alias("old"), _aside(lane)
    fresh = sa.and_(FEED.c.lane == lane, FEED.c.kind.in_(kinds))
    was = sa.and_(old.c.lane == aside, old.c.kind == FEED.c.kind, old.c.key == FEED.c.key)
    same = (
        FEED.c[name].is_not_distinct_from(old.c[name])
        for name in ("area_code", "payload", "addressee", "is_for_all")
    )
    gone = _lost(session, lane)
    session.execute(sa.delete(FEED).where(fresh, sa.exists().where(was, *same)))
    top = max(_last(session, lane), _last(session, aside))
    order = sa.func.row_number().over(order_by=FEED.c.seq)
    moved = sa.select(FEED.c.kind, FEED.c.key, (top + order).label("seq")).where(fresh).subquery()
    session.execute(
        sa.update(FEED)
        .where(FEED.c.lane == lane, FEED.c.kind == moved.c.kind, FEED.c.key == moved.c.key)
        .values(seq=moved.c.seq)
    )
    new = sa.and_(old.c.lane == lane, old.c.kind == FEED.c.kind, old.c.key == FEED.c.key)
    session.execute(sa.delete(FEED).where(FEED.c.lane == aside, sa.exists().where(new)))
    session.execute(sa.update(FEED).where(FEED.c.lane == aside).values(lane=lane))
    publish(session, lane, gone)


def _lost(session: Session, lane: str) -> list[Change]:
    """Give the end of what was put aside and did not come out again."""
    new = FEED.alias("new")
    again = sa.exists().where(
        new.c.lane == lane, new.c.kind == FEED.c.kind, new.c.key == FEED.c.key
    )
    wanted = sa.select(FEED.c.kind, FEED.c.key, FEED.c.area_code, sa.null(), FEED.c.addressee)
    lost = wanted.where(FEED.c.lane == _aside(lane), FEED.c.payload.is_not(None), ~again)
    return [Change(*row) for row in session.execute(lost)]


def common_after(session: Session, seq: int, limit: int) -> list[Row]:
    """Give the next changes that are the same for everybody, oldest first."""
    return _rows(session, sa.true(), COMMON, seq, limit)


def changes_after(
    session: Session, scope: Scope, lane: str, seq: int, limit: int, *, account: UUID
) -> list[Row]:
    """Give the next changes of a lane for an account that works in the scope, oldest first."""
    meant = sa.or_(
        scope.covers(FEED.c.area_code),
        FEED.c.addressee == account,
        sa.and_(FEED.c.is_for_all, scope.lies_in(FEED.c.area_code)),
    )
    return _rows(session, meant, lane, seq, limit)


def last_change(session: Session, lane: str) -> int:
    """Give how far the feed of a lane goes; what it tells has not changed while this stays."""
    return _last(session, lane)


def has_changed(session: Session, scope: Scope, lane: str, beginning: Name, after: int) -> bool:
    """Tell whether anything of a kind changed in the scope since, by how its keys begin.

    What left the scope changed there: it leaves a tombstone.
    """
    kind, start = beginning
    wanted = sa.select(FEED.c.seq).where(
        FEED.c.lane == lane,
        FEED.c.seq > after,
        FEED.c.kind == kind,
        FEED.c.key.startswith(start, autoescape=True),
        scope.covers(FEED.c.area_code),
    )
    return session.execute(wanted.limit(1)).first() is not None


def told(row: Row) -> Told:
    """Give a row as devices know it, without its payload."""
    return Told(row.seq, row.kind, row.key, None, row.area)


def _rows(
    session: Session, meant: sa.ColumnElement[bool], lane: str, seq: int, limit: int
) -> list[Row]:
    wanted = (
        sa.select(
            FEED.c.seq,
            FEED.c.kind,
            FEED.c.key,
            FEED.c.area_code,
            sa.cast(FEED.c.payload, sa.Text),
        )
        .where(FEED.c.lane == lane, FEED.c.seq > seq, meant)
        .order_by(FEED.c.seq)
        .limit(limit)
    )
    return [Row(*row) for row in session.execute(wanted)]


def _aside(lane: str) -> str:
    return f"~{lane}"


def _last(session: Session, lane: str) -> int:
    last = sa.select(sa.func.max(FEED.c.seq)).where(FEED.c.lane == lane)
    return session.execute(last).scalar() or 0


def _unheard(change: Change) -> Change | None:
    """Give what devices know of a thing that they never heard of, in the shape of a change."""
    return change if change.payload is None else None


def _ended(change: Change, known: Change | None) -> Change:
    """Give the end of a thing as those hear it who were told of the thing; else `change` itself."""
    return change if change.payload is not None or known is None else replace(known, payload=None)


def _known(session: Session, lane: str, names: Collection[Name]) -> dict[Name, Change]:
    kinds, keys = zip(*names, strict=True)
    listed = (
        sa.func.unnest(sa.literal(list(kinds), _TEXTS), sa.literal(list(keys), _TEXTS))
        .table_valued("kind", "key")
        .render_derived()
    )
    columns = (FEED.c.kind, FEED.c.key, FEED.c.area_code, FEED.c.payload, FEED.c.addressee)
    wanted = sa.select(*columns, FEED.c.is_for_all).where(
        FEED.c.lane == lane,
        sa.tuple_(FEED.c.kind, FEED.c.key).in_(sa.select(listed.c.kind, listed.c.key)),
    )
    return {(row.kind, row.key): Change(*row) for row in session.execute(wanted)}
