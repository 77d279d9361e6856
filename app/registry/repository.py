"""SQL for reading units, each within a scope."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session

from app.areas.scope import Scope
from app.core.db import table_of
from app.registry.models import Unit

UNIT = table_of(Unit)


def units(
    session: Session, scope: Scope, area: str, after: tuple[str, str] | None, limit: int
) -> Sequence[Unit]:
    """Give the next units of an area within the scope, by lane and unit id."""
    wanted = sa.select(Unit).where(_visible(UNIT, scope, area))
    if after is not None:
        wanted = wanted.where(sa.tuple_(UNIT.c.lane, UNIT.c.unit_id) > after)
    ordered = wanted.order_by(UNIT.c.lane, UNIT.c.unit_id).limit(limit)
    return session.execute(ordered).scalars().all()


def unit(session: Session, scope: Scope, unit_id: str) -> Unit | None:
    """Give one unit within the scope; of several regencies' the first."""
    wanted = (
        sa.select(Unit)
        .where(UNIT.c.unit_id == unit_id, *_in_lanes(UNIT, scope), scope.covers(UNIT.c.area_code))
        .order_by(UNIT.c.lane)
        .limit(1)
    )
    return session.execute(wanted).scalar_one_or_none()


def _visible(unit: sa.FromClause, scope: Scope, area: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        *_in_lanes(unit, scope),
        scope.covers(unit.c.area_code),
        unit.c.area_code.startswith(area, autoescape=True),
    )


def _in_lanes(unit: sa.FromClause, scope: Scope) -> list[sa.ColumnElement[bool]]:
    """Name the lanes, where the scope is not wider, so that indexes that begin with it serve."""
    narrow = bool(scope.areas) and all(len(area) >= 4 for area in scope.areas)  # noqa: PLR2004
    return [unit.c.lane.in_(scope.lanes())] if narrow else []
