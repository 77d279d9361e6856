"""SQL for reading questions, decisions and near units, each within a scope."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.areas.scope import Scope
from app.core.rows import among
from app.dedup.group_store import CASE, DECISION, GOLDEN, MEMBER, WORD
from app.dedup.models import GoldenRecord
from app.dedup.store import RECORD, UNIT

LEFT, RIGHT = UNIT.alias("left_unit"), UNIT.alias("right_unit")
LEFT_KEPT, RIGHT_KEPT = RECORD.alias("left_record"), RECORD.alias("right_record")


def cases(
    session: Session,
    scope: Scope,
    area: str,
    *,
    states: Collection[str],
    after: tuple[float, str, str] | None,
    limit: int,
) -> Sequence[sa.RowMapping]:
    """Give the next questions with at least one unit in the area and the scope.

    Those of which the answer is expected to set most right come first; `after` is gain, lane and
    case of the last one seen.
    """
    wanted = (
        cases_of(scope)
        .where(visible(scope, area), CASE.c.state.in_(sorted(states)))
        .order_by(CASE.c.gain.desc(), CASE.c.lane, CASE.c.case_id)
        .limit(limit)
    )
    if after is not None:
        gain, lane, case_id = after
        behind = (CASE.c.lane > lane) | ((CASE.c.lane == lane) & (CASE.c.case_id > case_id))
        wanted = wanted.where((CASE.c.gain < gain) | ((CASE.c.gain == gain) & behind))
    return session.execute(wanted).mappings().all()


def case(session: Session, scope: Scope, case_id: str) -> sa.RowMapping | None:
    """Give one question with at least one unit in the scope."""
    wanted = cases_of(scope).where(CASE.c.case_id == case_id, visible(scope, "")).limit(1)
    return session.execute(wanted).mappings().one_or_none()


def case_count(session: Session, scope: Scope, area: str, states: Collection[str]) -> int:
    """Count the questions with at least one unit in the area and the scope."""
    wanted = (
        sa.select(sa.func.count())
        .select_from(with_units())
        .where(visible(scope, area), CASE.c.state.in_(sorted(states)))
    )
    return int(session.execute(wanted).scalar_one())


def areas_in(
    session: Session, scope: Scope, lane: str, unit_ids: Collection[str]
) -> dict[str, str]:
    """Give the areas of those of these units that lie in the scope, by unit."""
    wanted = sa.select(UNIT.c.unit_id, UNIT.c.area_code).where(
        UNIT.c.lane == lane, UNIT.c.unit_id == among(unit_ids), scope.covers(UNIT.c.area_code)
    )
    return {unit_id: str(area) for unit_id, area in session.execute(wanted)}


def units_of_area(session: Session, scope: Scope, area: str) -> list[str]:
    """Give the units of a sub-SLS that are compared at all, as far as it lies in the scope."""
    wanted = sa.select(UNIT.c.unit_id).where(
        UNIT.c.lane == area[:4], UNIT.c.area_code == area, scope.covers(UNIT.c.area_code),
        sa.exists().where(_of(UNIT, RECORD), ~RECORD.c.is_silent),
    )  # fmt: skip
    return list(session.execute(wanted).scalars())


def group_of(session: Session, scope: Scope, lane: str, unit_id: str) -> str | None:
    """Give the group of a unit in the scope; who stands alone is one's own, None: no such unit."""
    wanted = (
        sa.select(sa.func.coalesce(MEMBER.c.group_id, UNIT.c.unit_id))
        .select_from(UNIT.outerjoin(MEMBER, _of(UNIT, MEMBER)))
        .where(UNIT.c.lane == lane, UNIT.c.unit_id == unit_id, scope.covers(UNIT.c.area_code))
    )
    return session.execute(wanted).scalar_one_or_none()


def members(
    session: Session, scope: Scope, lane: str, group_ids: Collection[str]
) -> Sequence[sa.RowMapping]:
    """Give the units of these groups, with whether each lies in the scope, the oldest first."""
    head = sa.func.coalesce(MEMBER.c.group_id, UNIT.c.unit_id)
    wanted = (
        sa.select(UNIT, head.label("group_id"), scope.covers(UNIT.c.area_code).label("visible"))
        .select_from(UNIT.outerjoin(MEMBER, _of(UNIT, MEMBER)).outerjoin(RECORD, _of(UNIT, RECORD)))
        .where(
            UNIT.c.lane == lane,
            sa.or_(UNIT.c.unit_id == among(group_ids), MEMBER.c.group_id == among(group_ids)),
        )
        .order_by(RECORD.c.born, UNIT.c.unit_id)
    )
    return session.execute(wanted).mappings().all()


def golden(session: Session, scope: Scope, lane: str, group_id: str) -> GoldenRecord | None:
    """Give the golden record of a group, where it lies in the scope."""
    wanted = sa.select(GoldenRecord).where(
        GOLDEN.c.lane == lane, GOLDEN.c.unit_id == group_id, scope.covers(GOLDEN.c.area_code)
    )
    return session.execute(wanted).scalar_one_or_none()


def decision(session: Session, scope: Scope, lane: str, decision_id: str) -> sa.RowMapping | None:
    """Give a decision of which at least one unit lies in the scope."""
    wanted = sa.select(DECISION).where(
        DECISION.c.lane == lane, DECISION.c.decision_id == decision_id, _spoken_in(scope)
    )
    return session.execute(wanted).mappings().one_or_none()


def decisions(
    session: Session, scope: Scope, lane: str, unit_ids: Collection[str]
) -> Sequence[sa.RowMapping]:
    """Give what was decided of these units, newest first, as far as it touches the scope."""
    positions = sa.select(WORD.c.position).where(
        WORD.c.lane == lane, WORD.c.unit_id == among(unit_ids)
    )
    wanted = (
        sa.select(DECISION)
        .where(DECISION.c.lane == lane, DECISION.c.position.in_(positions), _spoken_in(scope))
        .order_by(DECISION.c.position.desc())
    )
    return session.execute(wanted).mappings().all()


def units(
    session: Session, scope: Scope, lane: str, unit_ids: Collection[str]
) -> dict[str, tuple[sa.RowMapping, bool]]:
    """Give these units with their groups, and whether each lies in the scope, by unit."""
    found = session.execute(_UNITS, {"here": lane, "wanted": list(unit_ids)}).mappings()
    return {row["unit_id"]: (row, scope.includes(row["area_code"])) for row in found}


def _units() -> sa.Select[Any]:
    """Give the query of `units`, made once: it is asked while somebody waits at a door."""
    wanted = sa.any_(sa.bindparam("wanted", type_=sa.ARRAY(sa.Text)))
    return (
        sa.select(
            UNIT.c.unit_id,
            UNIT.c.business_name,
            UNIT.c.owner_name,
            UNIT.c.address,
            UNIT.c.kbli,
            UNIT.c.area_code,
            UNIT.c.presence,
            UNIT.c.origin,
            UNIT.c.document_id,
            sa.func.coalesce(MEMBER.c.group_id, UNIT.c.unit_id).label("group_id"),
        )
        .select_from(UNIT.outerjoin(MEMBER, _of(UNIT, MEMBER)))
        .where(UNIT.c.lane == sa.bindparam("here"), UNIT.c.unit_id == wanted)
    )


def cases_of(scope: Scope) -> sa.Select[Any]:
    """Give the query for questions with both units and what is compared of them."""
    kept = (LEFT_KEPT.c.features.label("left_features"), RIGHT_KEPT.c.features)
    return sa.select(
        *CASE.columns,
        *end(LEFT, "left", scope),
        *end(RIGHT, "right", scope),
        kept[0],
        kept[1].label("right_features"),
    ).select_from(
        with_units()
        .outerjoin(LEFT_KEPT, _of(LEFT, LEFT_KEPT))
        .outerjoin(RIGHT_KEPT, _of(RIGHT, RIGHT_KEPT))
    )


def with_units() -> sa.FromClause:
    """Give questions joined with both their units."""
    left = (LEFT.c.lane == CASE.c.lane) & (LEFT.c.unit_id == CASE.c.left_id)
    right = (RIGHT.c.lane == CASE.c.lane) & (RIGHT.c.unit_id == CASE.c.right_id)
    return CASE.join(LEFT, left).join(RIGHT, right)


def end(unit: sa.FromClause, side: str, scope: Scope) -> list[sa.ColumnElement[Any]]:
    """Give what `EndOut` tells of a unit on a side, with whether it lies in the scope."""
    names = (
        "business_name", "owner_name", "address", "kbli", "area_code", "presence", "origin",
        "latitude", "longitude", "document_id",
    )  # fmt: skip
    told = [unit.c[name].label(f"{side}_{name}") for name in names]
    return [*told, scope.covers(unit.c.area_code).label(f"{side}_visible")]


def visible(scope: Scope, area: str) -> sa.ColumnElement[bool]:
    """Give the condition that a unit of a question lies in the scope and the area."""
    ends = (
        scope.covers(unit.c.area_code) & unit.c.area_code.startswith(area, autoescape=True)
        for unit in (LEFT, RIGHT)
    )
    narrow = bool(scope.areas) and all(len(each) >= 4 for each in scope.areas)  # noqa: PLR2004 - a lane
    lanes = CASE.c.lane.in_(scope.lanes()) if narrow else sa.true()
    return lanes & sa.or_(*ends)


def _spoken_in(scope: Scope) -> sa.ColumnElement[bool]:
    here = sa.and_(
        UNIT.c.lane == WORD.c.lane,
        UNIT.c.unit_id == WORD.c.unit_id,
        scope.covers(UNIT.c.area_code),
    )
    return sa.exists().where(
        WORD.c.lane == DECISION.c.lane, WORD.c.position == DECISION.c.position, here
    )


def _of(one: sa.FromClause, other: sa.FromClause) -> sa.ColumnElement[bool]:
    return (one.c.lane == other.c.lane) & (one.c.unit_id == other.c.unit_id)


_UNITS = _units()
