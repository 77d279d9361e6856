"""The projector's SQL: whole lanes, on nobody's behalf, hence without a scope."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from app.core.db import table_of
from app.core.rows import among, flat, insert, upsert
from app.intake.journal import ENTRY, entry_of
from app.intake.models import ProjectorCursor
from app.registry import fold
from app.registry.fold import Derived, Prelisted, Reported, Sources
from app.registry.models import PrelistUnit, Unit, UnitReport

PRELIST = table_of(PrelistUnit)
REPORT = table_of(UnitReport)
UNIT = table_of(Unit)
CURSOR = table_of(ProjectorCursor)
PROJECTOR = "units"


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
        REPORT.c.lane == lane, REPORT.c.document_id == among(document_ids)
    )
    spoken = set(session.execute(gone.returning(REPORT.c.unit_id)).scalars())
    insert(session, REPORT, flat(REPORT, rows))
    return spoken


def sources_of(session: Session, lane: str, unit_ids: Collection[str]) -> dict[str, Sources]:
    """Give all that speaks of these units, by unit id."""
    listed = sa.select(PRELIST).where(PRELIST.c.lane == lane, PRELIST.c.unit_id == among(unit_ids))
    count = sa.func.count().over(partition_by=REPORT.c.unit_id).label("report_count")
    newest = (
        sa.select(REPORT, count)
        .where(REPORT.c.lane == lane, REPORT.c.unit_id == among(unit_ids))
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
    wanted = sa.select(UNIT).where(UNIT.c.lane == lane, UNIT.c.unit_id == among(unit_ids))
    return {row["unit_id"]: Derived(**row) for row in _rows(session, wanted)}


def keep_units(
    session: Session, lane: str, gone: Collection[str], units: Collection[Derived]
) -> None:
    """Write units as they now are and remove those that are no more."""
    if gone:
        session.execute(sa.delete(UNIT).where(UNIT.c.lane == lane, UNIT.c.unit_id == among(gone)))
    upsert(session, UNIT, flat(UNIT, units))


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


def _rows(session: Session, wanted: sa.Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(wanted).mappings()]
