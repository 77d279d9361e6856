"""The keeper's SQL on records, keys and edges: whole lanes, on nobody's behalf, hence no scope."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import table_of
from app.core.rows import among, insert, one_of, upsert
from app.dedup.matcher import MOST_HOLDERS
from app.dedup.models import Edge, UnitKey, UnitRecord
from app.dedup.rules import Pair
from app.intake.journal import ENTRY
from app.registry.models import PrelistUnit, Unit, UnitReport
from matching.record import FIELD, PRELIST
from sync.envelope import SUBMISSION

EDGE = table_of(Edge)
KEY = table_of(UnitKey)
LISTED = table_of(PrelistUnit)
RECORD = table_of(UnitRecord)
REPORT = table_of(UnitReport)
UNIT = table_of(Unit)
_TEXTS: Final = sa.ARRAY(sa.Text)
_NUMBERS: Final = sa.ARRAY(sa.BigInteger)


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of `unit_record`, without its lane."""

    unit_id: str
    source: str
    born: int
    is_silent: bool
    normaliser: str
    features: list[Any]


@dataclass(frozen=True, slots=True)
class Scored:
    """A row of `edge`, without its lane and model."""

    left_id: str
    right_id: str
    bits: float
    levels: list[int]


@dataclass(frozen=True, slots=True)
class Crowding:
    """What of a lane's keys too many units share to tell anything of any two of them."""

    keys: int
    units: int  # with such a key
    apart: int  # of these, with no other: compared with nobody


def facts(session: Session, lane: str, unit_ids: Collection[str]) -> Sequence[sa.RowMapping]:
    """Give what the registry knows of these units, as far as they exist."""
    said = ENTRY.alias("said")
    visited = REPORT.c.document_id.is_not(None)
    wanted = (
        sa.select(
            *UNIT.columns,
            sa.case((visited, FIELD), else_=PRELIST).label("source"),
            sa.case((LISTED.c.unit_id.is_not(None), 0), else_=_first_entry()).label("born"),
            said.c.actor.label("enumerator"),
            _told(REPORT.c.mobile, LISTED.c.phone).label("phone"),
            _told(REPORT.c.nib, LISTED.c.nib).label("nib"),
            REPORT.c.accuracy,
        )
        .select_from(UNIT)
        .outerjoin(REPORT, _same(REPORT, UNIT, "document_id"))
        .outerjoin(LISTED, _same(LISTED, UNIT, "unit_id"))
        .outerjoin(said, _same(said, REPORT, "position"))
        .where(UNIT.c.lane == lane, UNIT.c.unit_id == among(unit_ids))
    )
    return session.execute(wanted).mappings().all()


def records_of(session: Session, lane: str, unit_ids: Collection[str]) -> dict[str, Kept]:
    """Give the records of these units, as far as they have one, by unit."""
    wanted = sa.select(*(RECORD.c[name] for name in Kept.__slots__)).where(
        RECORD.c.lane == lane, RECORD.c.unit_id == among(unit_ids)
    )
    return {row[0]: Kept(*row) for row in session.execute(wanted)}


def members_of(
    session: Session, lane: str, unit_ids: Collection[str]
) -> list[tuple[str, str, int]]:
    """Give unit, source and first entry of these units, as far as they have a record."""
    wanted = sa.select(RECORD.c.unit_id, RECORD.c.source, RECORD.c.born)
    wanted = wanted.where(RECORD.c.lane == lane, RECORD.c.unit_id == among(unit_ids))
    return [tuple(row) for row in session.execute(wanted)]


def silent(session: Session, lane: str, unit_ids: Collection[str]) -> set[str]:
    """Tell which of these units are compared with nobody."""
    wanted = sa.select(RECORD.c.unit_id).where(
        RECORD.c.lane == lane, RECORD.c.unit_id == among(unit_ids), RECORD.c.is_silent
    )
    return set(session.execute(wanted).scalars())


def keep_records(session: Session, lane: str, gone: Collection[str], rows: Iterable[Kept]) -> None:
    """Write records as they now are, and remove those of units that are no more."""
    if gone:
        session.execute(
            sa.delete(RECORD).where(RECORD.c.lane == lane, RECORD.c.unit_id == among(gone))
        )
    upsert(session, RECORD, [_row(lane, row) for row in rows])


def keys_of(session: Session, lane: str, unit_ids: Collection[str]) -> dict[str, set[int]]:
    """Give the keys of these units, by unit."""
    wanted = sa.select(KEY.c.unit_id, KEY.c.key).where(
        KEY.c.lane == lane, KEY.c.unit_id == among(unit_ids)
    )
    found: defaultdict[str, set[int]] = defaultdict(set)
    for unit_id, key in session.execute(wanted):
        found[unit_id].add(key)
    return found


def replace_keys(session: Session, lane: str, keys: Mapping[str, Collection[int]]) -> None:
    """Put these keys in the place of all keys of these units."""
    session.execute(sa.delete(KEY).where(KEY.c.lane == lane, KEY.c.unit_id == among(keys)))
    rows = [
        {"lane": lane, "key": key, "unit_id": unit_id}
        for unit_id, some in keys.items()
        for key in sorted(some)
    ]
    insert(session, KEY, rows)


def crowded(session: Session, lane: str, keys: Collection[int], most: int) -> set[int]:
    """Tell which of these keys more units share than may, or than `most`.

    Of each key no more holders are looked at than that takes, however many there are.
    """
    if not keys:
        return set()
    # as PostgreSQL writes an array: the driver takes ten times as long for a list
    written = "{" + ",".join(map(str, sorted(keys))) + "}"
    listed = sa.func.unnest(sa.cast(sa.literal(written, sa.Text), _NUMBERS))
    asked = listed.table_valued(sa.column("key", sa.BigInteger), name="asked").render_derived()
    beyond = (
        sa.select(KEY.c.unit_id)
        .where(KEY.c.lane == lane, KEY.c.key == asked.c.key)
        .offset(sa.func.least(asked.c.key.op("&")(MOST_HOLDERS), most))
        .limit(1)
        .correlate(asked)
        .exists()
    )
    return set(session.execute(sa.select(asked.c.key).where(beyond)).scalars())


def crowding(session: Session, lane: str) -> Crowding:
    """Count what is cut for being shared by too many; reads every key of the lane."""
    many = (
        sa.select(KEY.c.key)
        .where(KEY.c.lane == lane)
        .group_by(KEY.c.key)
        .having(sa.func.count() > KEY.c.key.op("&")(MOST_HOLDERS))
        .cte("many")
    )
    held = (
        sa.select(KEY.c.unit_id, sa.func.count().label("crowded"))
        .join(many, many.c.key == KEY.c.key)
        .where(KEY.c.lane == lane)
        .group_by(KEY.c.unit_id)
        .subquery("held")
    )
    of_unit = (
        sa.select(sa.func.count())
        .where(KEY.c.lane == lane, KEY.c.unit_id == held.c.unit_id)
        .correlate(held)
        .scalar_subquery()
    )
    wanted = sa.select(
        sa.select(sa.func.count()).select_from(many).scalar_subquery(),
        sa.func.count(),
        sa.func.count().filter(held.c.crowded == of_unit),
    ).select_from(held)
    return Crowding(*session.execute(wanted).one())


def holders(session: Session, lane: str, keys: Collection[int]) -> set[str]:
    """Give the units that have one of these keys."""
    wanted = sa.select(KEY.c.unit_id).where(KEY.c.lane == lane, KEY.c.key == one_of(keys))
    return set(session.execute(wanted).scalars()) if keys else set()


def near(
    session: Session, lane: str, unit_ids: Collection[str], without: Collection[int]
) -> dict[str, list[str]]:
    """Give for each of these units those that share a key with it, but for the keys `without`."""
    mine, other = KEY.alias("mine"), KEY.alias("other")
    shared = (
        (other.c.lane == mine.c.lane)
        & (other.c.key == mine.c.key)
        & (other.c.unit_id != mine.c.unit_id)
    )
    wanted = (
        sa.select(mine.c.unit_id, sa.func.array_agg(other.c.unit_id.distinct()))
        .select_from(mine.join(other, shared))
        .where(mine.c.lane == lane, mine.c.unit_id == among(unit_ids))
        .group_by(mine.c.unit_id)
    )
    if without:
        wanted = wanted.where(sa.not_(mine.c.key == one_of(without)))
    return {unit_id: list(others) for unit_id, others in session.execute(wanted)}


def sharing_keys(session: Session, lane: str, keys: Collection[int]) -> list[tuple[str, list[Any]]]:
    """Give the units that share one of these keys, with their features.

    A key of more units than its last byte allows tells nothing of any.
    """
    found = session.execute(_SHARING, {"wanted": sorted(keys), "here": lane})
    return [tuple(row) for row in found]


def _sharing() -> sa.Select[Any]:
    """Give the query of `sharing_keys`, made once: it is asked while somebody waits at a door."""
    lane = sa.bindparam("here", type_=sa.Text)
    numbers = sa.func.unnest(sa.bindparam("wanted", type_=_NUMBERS))
    asked = numbers.table_valued(sa.column("key", sa.BigInteger), name="asked").render_derived()
    of_key = (
        sa.select(KEY.c.unit_id)
        .where(KEY.c.lane == lane, KEY.c.key == asked.c.key)
        .limit(sa.literal_column(str(MOST_HOLDERS + 1)))
        .correlate(asked)
        .subquery()
    )
    some = (
        sa.select(sa.func.array_agg(of_key.c.unit_id).label("ids"), sa.func.count().label("count"))
        .select_from(of_key)
        .lateral("some")
    )
    names = (
        sa.select(sa.func.unnest(some.c.ids).label("unit_id"))
        .select_from(asked.join(some, sa.true()))
        .where(some.c.count <= asked.c.key.op("&")(sa.literal_column(str(MOST_HOLDERS))))
        .subquery("names")
    )
    every = sa.select(sa.func.array_agg(names.c.unit_id.distinct())).scalar_subquery()
    return sa.select(RECORD.c.unit_id, RECORD.c.features).where(
        RECORD.c.lane == lane, RECORD.c.unit_id == sa.any_(sa.cast(every, _TEXTS))
    )


def tied(session: Session, lane: str, unit_ids: Collection[str], least: float) -> set[str]:
    """Give the units that an edge of at least so many bits connects with one of these."""
    edges = edges_at(session, lane, unit_ids)
    return {name for pair, bits in edges.items() if bits >= least for name in pair}


def edges_at(session: Session, lane: str, unit_ids: Collection[str]) -> dict[Pair, float]:
    """Give the bits of every edge of which an end is one of these units."""
    some = among(unit_ids)
    ways = (
        sa.select(EDGE.c.left_id, EDGE.c.right_id, EDGE.c.bits).where(
            EDGE.c.lane == lane, column == some
        )
        for column in (EDGE.c.left_id, EDGE.c.right_id)
    )
    rows = session.execute(sa.union_all(*ways))
    return {(left, right): bits for left, right, bits in rows}


def replace_edges(
    session: Session, lane: str, unit_ids: Collection[str], rows: Iterable[Scored], model: str
) -> None:
    """Put these edges in the place of all edges of these units."""
    some = among(unit_ids)
    for column in (EDGE.c.left_id, EDGE.c.right_id):
        session.execute(sa.delete(EDGE).where(EDGE.c.lane == lane, column == some))
    insert(session, EDGE, [{**_row(lane, row), "model": model} for row in rows])


def drop_edges(session: Session, lane: str, pairs: Collection[Pair]) -> None:
    """Remove the edges of these pairs."""
    if pairs:
        names = (sa.literal(list(side), _TEXTS) for side in zip(*pairs, strict=True))
        gone = sa.func.unnest(*names).table_valued("left_id", "right_id").render_derived()
        wanted = (EDGE.c.left_id == gone.c.left_id) & (EDGE.c.right_id == gone.c.right_id)
        session.execute(sa.delete(EDGE).where(EDGE.c.lane == lane, wanted))


def _first_entry() -> sa.ColumnElement[Any]:
    """Give where a unit that nobody listed was first heard of.

    A document is named by its first version; a unit that is none of ours by those who name it.
    """
    of_document = sa.select(sa.func.min(ENTRY.c.position)).where(
        ENTRY.c.lane == UNIT.c.lane,
        ENTRY.c.kind == SUBMISSION,
        ENTRY.c.instance_id == UNIT.c.unit_id,
    )
    named = REPORT.alias("named")
    of_name = sa.select(sa.func.min(named.c.position)).where(
        named.c.lane == UNIT.c.lane, named.c.unit_id == UNIT.c.unit_id
    )
    return sa.func.coalesce(of_document.scalar_subquery(), of_name.scalar_subquery())


def _row(lane: str, kept: Kept | Scored) -> dict[str, Any]:
    return {"lane": lane, **{name: getattr(kept, name) for name in kept.__slots__}}


def _told(report: sa.Column[Any], listed: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.func.nullif(report, ""), listed, "")


def _same(left: sa.FromClause, right: sa.FromClause, name: str) -> sa.ColumnElement[bool]:
    return (left.c.lane == right.c.lane) & (left.c[name] == right.c[name])


_SHARING: Final = _sharing()
