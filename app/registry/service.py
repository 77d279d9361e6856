"""Units and candidates for people, a page at a time."""

import base64
import binascii
import json

from sqlmodel import Session

from app.areas.scope import Scope
from app.core.problems import Invalid, NotFound
from app.registry import repository
from app.registry.repository import Pair
from app.registry.schemas import CandidateOut, CandidatePage, UnitOut, UnitPage


def units(session: Session, scope: Scope, area: str, *, cursor: str, limit: int) -> UnitPage:
    """Give a page of the units within `area`; raises NotFound for an area outside the scope."""
    _within(scope, area)
    after = _read_cursor(cursor, 2)
    found = repository.units(
        session, scope, area, (after[0], after[1]) if after else None, limit + 1
    )
    shown = found[:limit]
    more = len(found) > limit
    return UnitPage(
        items=[UnitOut.of(each) for each in shown],
        next_cursor=_cursor(shown[-1].lane, shown[-1].unit_id) if more else None,
    )


def unit(session: Session, scope: Scope, unit_id: str) -> UnitOut:
    """Give one unit; raises NotFound where there is none in the scope."""
    found = repository.unit(session, scope, unit_id)
    if found is None:
        raise NotFound
    return UnitOut.of(found)


def candidates(
    session: Session, scope: Scope, area: str, *, cursor: str, limit: int
) -> CandidatePage:
    """Give a page of the pairs with at least one unit within `area`.

    Raises NotFound for an area outside the scope.
    """
    _within(scope, area)
    after = _read_cursor(cursor, 3)
    found = repository.candidates(
        session, scope, area, (after[0], after[1], after[2]) if after else None, limit + 1
    )
    shown = found[:limit]
    return CandidatePage(
        items=[CandidateOut.of(each, scope) for each in shown],
        total=repository.candidate_count(session, scope, area),
        next_cursor=_cursor_of(shown[-1]) if len(found) > limit else None,
    )


def candidate_count(session: Session, scope: Scope, area: str) -> int:
    """Count the pairs with at least one unit within `area` and the scope."""
    return repository.candidate_count(session, scope, area)


def _within(scope: Scope, area: str) -> None:
    if not scope.touches(area):
        raise NotFound


def _cursor_of(pair: Pair) -> str:
    return _cursor(pair.lane, pair.left.unit_id, pair.right.unit_id)


def _cursor(*parts: str) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def _read_cursor(cursor: str, length: int) -> list[str]:
    """Read a cursor of ours; empty at the beginning. Raises Invalid."""
    if not cursor:
        return []
    try:
        parts = json.loads(base64.b64decode(cursor.encode(), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        parts = None
    good = isinstance(parts, list) and all(isinstance(each, str) for each in parts)
    if not good or len(parts) != length or not all(each.isprintable() for each in parts):
        raise Invalid(
            "Penanda halaman ini tidak dikenal. Mulai lagi tanpa cursor.",
            "This page marker is not one of ours. Begin again without a cursor.",
        )
    return list(parts)
