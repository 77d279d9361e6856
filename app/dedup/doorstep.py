"""The businesses of one area as a phone may know them, for its warning at the door."""

import base64

from sqlmodel import Session

from app.areas.scope import Scope
from app.auth.actor import Actor
from app.core.problems import NotFound
from app.core.security import derived_secret
from app.dedup.matcher import record_of
from app.dedup.repository import units_of_area
from app.dedup.schemas import DoorstepOut
from app.dedup.store import facts
from matching.doorstep import VERSION, Marker, packed

LANE_DIGITS = 4


def listed(session: Session, actor: Actor, area: str, secret: str) -> DoorstepOut:
    """Give the marks of the units of a sub-SLS, under a key that is always the same for it.

    Raises NotFound for a sub-SLS outside the actor's scope.
    """
    if not actor.scope.includes(area):
        raise NotFound
    return DoorstepOut(
        version=VERSION,
        area=area,
        key=key_of(area, secret),
        rows=base64.b64encode(_rows(session, actor.scope, area, secret)).decode(),
    )


def key_of(area: str, secret: str) -> str:
    """Give the key of an area; who had two keys of one area would learn twice as much."""
    return derived_secret(secret, "doorstep", area)


def _rows(session: Session, scope: Scope, area: str, secret: str) -> bytes:
    lane = area[:LANE_DIGITS]
    marker = Marker(key_of(area, secret))
    known = facts(session, lane, units_of_area(session, scope, area))
    return packed(marker.marks(record_of(row)) for row in known)
