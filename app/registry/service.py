"""Units for people, a page at a time."""

from sqlmodel import Session

from app.areas.scope import Scope
from app.core.markers import marker, read_marker
from app.core.problems import NotFound
from app.registry import repository
from app.registry.schemas import UnitOut, UnitPage


def units(session: Session, scope: Scope, area: str, *, cursor: str, limit: int) -> UnitPage:
    """Give a page of the units within `area`; raises NotFound for an area outside the scope."""
    _within(scope, area)
    after = read_marker(cursor, 2)
    found = repository.units(
        session, scope, area, (after[0], after[1]) if after else None, limit + 1
    )
    shown = found[:limit]
    more = len(found) > limit
    return UnitPage(
        items=[UnitOut.of(each) for each in shown],
        next_cursor=marker(shown[-1].lane, shown[-1].unit_id) if more else None,
    )


def unit(session: Session, scope: Scope, unit_id: str) -> UnitOut:
    """Give one unit; raises NotFound where there is none in the scope."""
    found = repository.unit(session, scope, unit_id)
    if found is None:
        raise NotFound
    return UnitOut.of(found)


def _within(scope: Scope, area: str) -> None:
    if not scope.touches(area):
        raise NotFound
