"""SQL for the review desk alone, each query within a scope."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from app.areas.scope import Scope
from app.core.rows import among
from app.dedup import repository
from app.dedup.group_store import CASE, DECISION
from app.dedup.grouping import OPEN, PAIR
from app.dedup.repository import LEFT, LEFT_KEPT, RIGHT, RIGHT_KEPT
from app.dedup.store import UNIT
from matching.features import FIELDS

_NULL: Final = sa.text("'null'::jsonb")
_CLOSE: Final = 0.0003  # degrees, some 33 metres
_EQUAL: Final = ("name_joined", "ordinal", "street", "house_number", "stall", "sls")
_NOT_CONTRARY: Final = ("owner", "phone", "nib", "kbli", "rt", "rw", "brand", "legal_form")
_TELLING: Final = ("owner", "phone", "nib")  # beside the name one of these is the same


def twins(
    session: Session, scope: Scope, area: str, *, case_ids: Collection[str] | None, limit: int
) -> Sequence[sa.RowMapping]:
    """Give open questions of two units that say the same of everything, the weightiest first.

    Both lie in the scope, one in the area; `case_ids` narrows them down to these.
    """
    wanted = (
        repository.cases_of(scope)
        .where(
            repository.visible(scope, area),
            scope.covers(LEFT.c.area_code),
            scope.covers(RIGHT.c.area_code),
            CASE.c.state == OPEN,
            CASE.c.kind == PAIR,
            CASE.c.bits > 0,
            *_is_twin(),
        )
        .order_by(CASE.c.gain.desc(), CASE.c.lane, CASE.c.case_id)
        .limit(limit)
    )
    if case_ids is not None:
        wanted = wanted.where(CASE.c.case_id == among(case_ids))
    return session.execute(wanted).mappings().all()


def _is_twin() -> list[sa.ColumnElement[bool]]:
    equal = [_same(name) for name in _EQUAL]
    free = [
        _same(name) | _unknown(LEFT_KEPT, name) | _unknown(RIGHT_KEPT, name)
        for name in _NOT_CONTRARY
    ]
    known = [~_unknown(LEFT_KEPT, name) for name in ("name_joined", "sls")]
    telling = sa.or_(*(_same(name) & ~_unknown(LEFT_KEPT, name) for name in _TELLING))
    return [*equal, *free, *known, telling, _close("latitude"), _close("longitude")]


def _value(kept: sa.FromClause, name: str) -> sa.ColumnElement[Any]:
    return kept.c.features[FIELDS.index(name)]


def _same(name: str) -> sa.ColumnElement[bool]:
    return _value(LEFT_KEPT, name) == _value(RIGHT_KEPT, name)


def _unknown(kept: sa.FromClause, name: str) -> sa.ColumnElement[bool]:
    return _value(kept, name) == _NULL


def _close(name: str) -> sa.ColumnElement[bool]:
    apart = sa.func.abs(LEFT.c[name] - RIGHT.c[name])
    return sa.func.coalesce(apart, 0.0) <= _CLOSE


def speakers(
    session: Session, scope: Scope, area: str, case_ids: Collection[str]
) -> dict[str, str]:
    """Give who gave these questions the state that they have, by question."""
    wanted = (
        sa.select(CASE.c.case_id, DECISION.c.actor)
        .select_from(repository.with_units())
        .join(
            DECISION,
            (DECISION.c.lane == CASE.c.lane) & (DECISION.c.position == CASE.c.said_position),
        )
        .where(CASE.c.case_id == among(case_ids), repository.visible(scope, area))
    )
    return {case_id: actor for case_id, actor in session.execute(wanted)}  # noqa: C416 - rows


def located(
    session: Session, scope: Scope, lane: str, sls: Collection[str], limit: int
) -> Sequence[sa.RowMapping]:
    """Give units of these SLS that lie in the scope and have a point."""
    inside = sa.or_(sa.false(), *(UNIT.c.area_code.startswith(each) for each in sls))
    wanted = (
        sa.select(UNIT.c.unit_id, UNIT.c.latitude, UNIT.c.longitude)
        .where(
            UNIT.c.lane == lane,
            inside,
            scope.covers(UNIT.c.area_code),
            UNIT.c.latitude.is_not(None),
            UNIT.c.longitude.is_not(None),
        )
        .order_by(UNIT.c.unit_id)
        .limit(limit)
    )
    return session.execute(wanted).mappings().all()


def cases_about(
    session: Session, scope: Scope, lane: str, unit_ids: Collection[str], limit: int
) -> Sequence[sa.RowMapping]:
    """Give the questions that ask about one of these units, the weightiest first."""
    wanted = (
        repository.cases_of(scope)
        .where(
            CASE.c.lane == lane,
            repository.visible(scope, ""),
            sa.or_(CASE.c.left_id == among(unit_ids), CASE.c.right_id == among(unit_ids)),
        )
        .order_by(CASE.c.gain.desc(), CASE.c.case_id)
        .limit(limit)
    )
    return session.execute(wanted).mappings().all()
