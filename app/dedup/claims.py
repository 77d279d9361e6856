"""What officers claim at the door: that a listed unit is another one under a second name.

A claim joins nothing. It opens a question for those who decide, however alike the two look.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session

from app.areas.scope import Scope
from app.core.rows import among
from app.dedup.rules import Pair, pair_of
from app.dedup.store import REPORT, UNIT
from app.registry.fold import DUPLICATE

_OTHER = UNIT.alias("other")
_SAYS = (REPORT.c.lane == UNIT.c.lane) & (REPORT.c.document_id == UNIT.c.document_id)
_NAMED = (_OTHER.c.lane == UNIT.c.lane) & (_OTHER.c.unit_id == REPORT.c.duplicate_of)


def claims_about(session: Session, lane: str, unit_ids: Collection[str]) -> dict[Pair, int]:
    """Give the pairs that the newest report on one of the two calls one, with its entry.

    Pairs with at least one of these units; both are units of the registry.
    """
    some = among(unit_ids)
    ways = (
        sa.select(UNIT.c.unit_id, _OTHER.c.unit_id.label("named"), REPORT.c.position)
        .select_from(UNIT.join(REPORT, _SAYS).join(_OTHER, _NAMED))
        .where(
            UNIT.c.lane == lane,
            UNIT.c.presence == DUPLICATE,
            REPORT.c.lane == lane,
            REPORT.c.duplicate_of != "",
            REPORT.c.duplicate_of != UNIT.c.unit_id,
            column == some,
        )
        for column in (UNIT.c.unit_id, REPORT.c.duplicate_of)
    )
    found: dict[Pair, int] = {}
    for unit_id, named, position in session.execute(sa.union(*ways)):
        pair = pair_of(unit_id, named)
        found[pair] = max(position, found.get(pair, 0))
    return found


def claimed(session: Session, scope: Scope, lane: str, unit_ids: Collection[str]) -> dict[str, str]:
    """Tell which of these units of the scope their newest report calls which other one."""
    wanted = (
        sa.select(UNIT.c.unit_id, REPORT.c.duplicate_of)
        .select_from(UNIT.join(REPORT, _SAYS))
        .where(
            UNIT.c.lane == lane,
            UNIT.c.unit_id == among(unit_ids),
            UNIT.c.presence == DUPLICATE,
            REPORT.c.duplicate_of != "",
            scope.covers(UNIT.c.area_code),
        )
    )
    return {unit_id: named for unit_id, named in session.execute(wanted)}  # noqa: C416 - rows
