"""The projector's SQL: whole lanes, on nobody's behalf, hence without a scope."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from app.core.db import table_of
from app.core.rows import flat, insert, upsert
from app.intake.journal import ENTRY, entry_of
from app.intake.models import ProjectorCursor
from app.registry import fold
from app.registry.fold import Derived, Prelisted, Reported, Sources
from app.registry.models import Candidate, PrelistUnit, Unit, UnitKey, UnitReport

PRELIST = table_of(PrelistUnit)
REPORT = table_of(UnitReport)
UNIT = table_of(Unit)
KEY = table_of(UnitKey)
CANDIDATE = table_of(Candidate)
CURSOR = table_of(ProjectorCursor)
PROJECTOR = "units"

Key = tuple[str, str]  # kind and digest
_TEXTS = sa.ARRAY(sa.Text)


@dataclass(frozen=True, slots=True)
class Held:
    """The newest prelist entry of a unit."""

    instance_id: str
    digest: str


def keep_prelist(session: Session, rows: Collection[Prelisted]) -> None:
    """Write what the prelist now says of these units."""
    upsert(session, PRELIST, flat(PRELIST, rows))


def replace_reports(
    session: Session, lane: str, document_ids: Collection[str], rows: Collection[Reported]
) -> set[str]:
    """Put these rows in the place of all reports of these documents; give the units they told of.

    `document_ids` are all names that a document ever had: it is renamed when an older version
    arrives late.
    """
    gone = sa.delete(REPORT).where(
        REPORT.c.lane == lane, REPORT.c.document_id == _any(document_ids)
    )
    spoken = set(session.execute(gone.returning(REPORT.c.unit_id)).scalars())
    insert(session, REPORT, flat(REPORT, rows))
    return spoken


def sources_of(session: Session, lane: str, unit_ids: Collection[str]) -> dict[str, Sources]:
    """Give all that speaks of these units, by unit id."""
    listed = sa.select(PRELIST).where(PRELIST.c.lane == lane, PRELIST.c.unit_id == _any(unit_ids))
    count = sa.func.count().over(partition_by=REPORT.c.unit_id).label("report_count")
    newest = (
        sa.select(REPORT, count)
        .where(REPORT.c.lane == lane, REPORT.c.unit_id == _any(unit_ids))
        .ext(postgresql.distinct_on(REPORT.c.unit_id))
        .order_by(REPORT.c.unit_id, REPORT.c.position.desc())
    )
    prelist = {row["unit_id"]: Prelisted(**row) for row in _rows(session, listed)}
    counts: dict[str, int] = {}
    reports: dict[str, Reported] = {}
    for row in _rows(session, newest):
        counts[row["unit_id"]] = row.pop("report_count")
        reports[row["unit_id"]] = Reported(**row)
    return {
        unit_id: Sources(prelist.get(unit_id), reports.get(unit_id), counts.get(unit_id, 0))
        for unit_id in unit_ids
    }


def units_of(session: Session, lane: str, unit_ids: Collection[str]) -> dict[str, Derived]:
    """Give the units as they stand, by unit id."""
    wanted = sa.select(UNIT).where(UNIT.c.lane == lane, UNIT.c.unit_id == _any(unit_ids))
    return {row["unit_id"]: Derived(**row) for row in _rows(session, wanted)}


def keep_units(
    session: Session, lane: str, gone: Collection[str], units: Collection[Derived]
) -> None:
    """Write units as they now are and remove those that are no more."""
    if gone:
        session.execute(sa.delete(UNIT).where(UNIT.c.lane == lane, UNIT.c.unit_id == _any(gone)))
    upsert(session, UNIT, flat(UNIT, units))


def replace_keys(
    session: Session, lane: str, unit_ids: Collection[str], rows: Sequence[Mapping[str, str]]
) -> None:
    """Put these rows in the place of all keys of these units."""
    session.execute(sa.delete(KEY).where(KEY.c.lane == lane, KEY.c.unit_id == _any(unit_ids)))
    insert(session, KEY, rows)


def keys_held(session: Session, lane: str, unit_ids: Collection[str]) -> set[Key]:
    """Give the keys that these units have."""
    wanted = sa.select(KEY.c.kind, KEY.c.digest).where(
        KEY.c.lane == lane, KEY.c.unit_id == _any(unit_ids)
    )
    return {(kind, digest) for kind, digest in session.execute(wanted)}


def crowded(session: Session, lane: str, keys: Collection[Key], crowd: int) -> set[Key]:
    """Tell which of these keys more than `crowd` units share."""
    if not keys:
        return set()
    wanted = (
        sa.select(KEY.c.kind, KEY.c.digest)
        .where(KEY.c.lane == lane, _among(KEY, keys))
        .group_by(KEY.c.kind, KEY.c.digest)
        .having(sa.func.count() > crowd)
    )
    return {(kind, digest) for kind, digest in session.execute(wanted)}


def holders(session: Session, lane: str, keys: Collection[Key]) -> set[str]:
    """Give the units that have one of these keys."""
    if not keys:
        return set()
    wanted = sa.select(KEY.c.unit_id).where(KEY.c.lane == lane, _among(KEY, keys))
    return set(session.execute(wanted).scalars())


def repair(
    session: Session, lane: str, unit_ids: Collection[str], without: Collection[Key]
) -> None:
    """Find anew all candidates in which these units take part; crowded keys pair nobody."""
    touched = _any(unit_ids)
    session.execute(
        sa.delete(CANDIDATE).where(
            CANDIDATE.c.lane == lane,
            sa.or_(CANDIDATE.c.left_id == touched, CANDIDATE.c.right_id == touched),
        )
    )
    session.execute(sa.insert(CANDIDATE).from_select(_CANDIDATE, _pairs(lane, touched, without)))


_CANDIDATE = ["lane", "left_id", "right_id", "reasons"]


def held_prelist(session: Session, lane: str) -> dict[str, Held]:
    """Give the newest prelist entry of every unit of a lane, by unit id.

    As the projector has it, with the entries behind its cursor on top.
    """
    cursor = sa.select(CURSOR.c.position).where(
        CURSOR.c.projector == PROJECTOR, CURSOR.c.lane == lane
    )
    position = session.execute(cursor).scalar_one_or_none() or 0
    projected = sa.select(PRELIST.c.unit_id, PRELIST.c.instance_id, PRELIST.c.digest).where(
        PRELIST.c.lane == lane
    )
    held = {unit_id: Held(*entry) for unit_id, *entry in session.execute(projected)}
    unread = (
        sa.select(ENTRY)
        .where(ENTRY.c.lane == lane, ENTRY.c.position > position, ENTRY.c.kind == fold.PRELIST)
        .order_by(ENTRY.c.position)
    )
    for row in session.execute(unread).mappings():
        told = fold.prelisted(entry_of(row))
        if told is not None:
            held[told.unit_id] = Held(told.instance_id, told.digest)
    return held


def _pairs(lane: str, touched: sa.ColumnElement[Any], without: Collection[Key]) -> sa.Select[Any]:
    mine, other = KEY.alias("mine"), KEY.alias("other")
    mine_first = mine.c.unit_id.collate("C") < other.c.unit_id.collate("C")
    left = sa.case((mine_first, mine.c.unit_id), else_=other.c.unit_id).label("left_id")
    right = sa.case((mine_first, other.c.unit_id), else_=mine.c.unit_id).label("right_id")
    reasons = sa.func.string_agg(
        mine.c.kind, postgresql.aggregate_order_by(sa.text("' '"), mine.c.kind.collate("C"))
    )
    shared = sa.and_(
        other.c.lane == mine.c.lane,
        other.c.kind == mine.c.kind,
        other.c.digest == mine.c.digest,
        other.c.unit_id != mine.c.unit_id,
    )
    pairs = (
        sa.select(sa.literal(lane, sa.Text), left, right, reasons)
        .select_from(mine.join(other, shared))
        .where(mine.c.lane == lane, mine.c.unit_id == touched)
        .where(sa.or_(mine_first, sa.not_(other.c.unit_id == touched)))  # each pair from one side
        .group_by(left, right)
    )
    return pairs.where(sa.not_(_among(mine, without))) if without else pairs


def _among(key: sa.FromClause, keys: Iterable[Key]) -> sa.ColumnElement[bool]:
    """Give the condition that a row has one of these keys, as two arrays however many."""
    kinds, digests = zip(*sorted(keys), strict=True)
    listed = (
        sa.func.unnest(sa.literal(list(kinds), _TEXTS), sa.literal(list(digests), _TEXTS))
        .table_valued("kind", "digest")
        .render_derived()
    )
    return sa.tuple_(key.c.kind, key.c.digest).in_(sa.select(listed.c.kind, listed.c.digest))


def _any(texts: Iterable[str]) -> sa.ColumnElement[Any]:
    return sa.any_(sa.literal(sorted(texts), sa.ARRAY(sa.Text)))


def _rows(session: Session, wanted: sa.Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(wanted).mappings()]
