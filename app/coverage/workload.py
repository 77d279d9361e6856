"""What lies before officers: the tallies of the sub-SLS that they were assigned."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.auth.scope import Scope
from app.core.db import table_of
from app.core.rows import among
from app.coverage.models import CoverageTally
from app.fieldwork.repository import ASSIGNMENT

TALLY = table_of(CoverageTally)
_LANE = 4


@dataclass(frozen=True, slots=True)
class Load:
    """Units listed (known beforehand and new), visited, and with an approved document."""

    areas: int = 0
    listed: int = 0
    visited: int = 0
    approved: int = 0


def loads_of_areas(session: Session, scope: Scope, codes: Collection[str]) -> Mapping[str, Load]:
    """Give the load of each of these sub-SLS within the scope; one without units is absent."""
    wanted = sa.select(TALLY.c.area_code, *_sums(sa.literal(1))).where(
        TALLY.c.lane.in_({code[:_LANE] for code in codes}),
        TALLY.c.area_code == among(codes),
        scope.covers(TALLY.c.area_code),
    )
    found = session.execute(wanted.group_by(TALLY.c.area_code))
    return {code: Load(*map(int, counts)) for code, *counts in found}


def loads_of_officers(session: Session, scope: Scope, under: str) -> Mapping[UUID, Load]:
    """Give the load of every officer with assignments within an area and the scope."""
    wanted = (
        sa.select(ASSIGNMENT.c.officer, *_sums(sa.func.count()))
        .select_from(
            ASSIGNMENT.outerjoin(
                TALLY,
                (TALLY.c.lane == ASSIGNMENT.c.lane) & (TALLY.c.area_code == ASSIGNMENT.c.idsubsls),
            )
        )
        .where(scope.covers(ASSIGNMENT.c.idsubsls), ASSIGNMENT.c.idsubsls.like(f"{under}%"))
        .group_by(ASSIGNMENT.c.officer)
    )
    return {officer: Load(*map(int, counts)) for officer, *counts in session.execute(wanted)}


def _sums(areas: sa.ColumnElement[int]) -> tuple[sa.ColumnElement[int], ...]:
    listed = TALLY.c.prelist + TALLY.c.new
    return (
        areas,
        sa.func.coalesce(sa.func.sum(listed), 0),
        sa.func.coalesce(sa.func.sum(listed - TALLY.c.not_visited), 0),
        sa.func.coalesce(sa.func.sum(TALLY.c.approved), 0),
    )
