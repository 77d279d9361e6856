"""SQL for reading units and candidates, each within a scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.areas.scope import Scope
from app.core.db import table_of
from app.registry.models import Candidate, Unit

CANDIDATE = table_of(Candidate)
UNIT = table_of(Unit)


@dataclass(frozen=True, slots=True)
class End:
    """One unit of a pair."""

    unit_id: str
    name: str
    area_code: str
    address: str
    presence: str | None
    origin: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two units that may be one, with both as they stand."""

    lane: str
    left: End
    right: End
    reasons: tuple[str, ...]


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


def candidates(
    session: Session, scope: Scope, area: str, after: tuple[str, str, str] | None, limit: int
) -> list[Pair]:
    """Give the next pairs of which at least one unit is in the area and the scope, by ids."""
    left, right = UNIT.alias("left_unit"), UNIT.alias("right_unit")
    key = (CANDIDATE.c.lane, CANDIDATE.c.left_id, CANDIDATE.c.right_id)
    wanted = (
        sa.select(CANDIDATE.c.lane, CANDIDATE.c.reasons, *_end(left), *_end(right))
        .select_from(_with_ends(left, right))
        .where(sa.or_(_visible(left, scope, area), _visible(right, scope, area)))
        .order_by(*key)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(sa.tuple_(*key) > after)
    return [_pair(row) for row in session.execute(wanted)]


def candidate_count(session: Session, scope: Scope, area: str) -> int:
    """Count the pairs of which at least one unit is in the area and the scope."""
    left, right = UNIT.alias("left_unit"), UNIT.alias("right_unit")
    wanted = (
        sa.select(sa.func.count())
        .select_from(_with_ends(left, right))
        .where(sa.or_(_visible(left, scope, area), _visible(right, scope, area)))
    )
    return int(session.execute(wanted).scalar_one())


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


def _with_ends(left: sa.FromClause, right: sa.FromClause) -> sa.FromClause:
    at_left = sa.and_(left.c.lane == CANDIDATE.c.lane, left.c.unit_id == CANDIDATE.c.left_id)
    at_right = sa.and_(right.c.lane == CANDIDATE.c.lane, right.c.unit_id == CANDIDATE.c.right_id)
    return CANDIDATE.join(left, at_left).join(right, at_right)


def _end(unit: sa.FromClause) -> tuple[sa.ColumnElement[str], ...]:
    name = sa.func.coalesce(sa.func.nullif(unit.c.business_name, ""), unit.c.owner_name)
    return (
        unit.c.unit_id, name, unit.c.area_code, unit.c.address, unit.c.presence, unit.c.origin,
    )  # fmt: skip


def _pair(row: Sequence[Any]) -> Pair:
    lane, reasons, *ends = row
    half = len(ends) // 2
    return Pair(lane, End(*ends[:half]), End(*ends[half:]), tuple(reasons.split()))
