"""All projections of the journal together: keep them up, or make them again."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import reading
from app.coverage.projector import advance_coverage, rebuild_coverage
from app.intake.projector import Projector, advance, catch_up, lag, rebuild
from app.intake.repository import heads, lanes
from app.registry.projector import UnitsProjector
from app.review.projectors import DocumentsProjector, FindingsProjector

PROJECTORS: tuple[Projector, ...] = (UnitsProjector(), DocumentsProjector(), FindingsProjector())

Told = Callable[[str, int], None]  # name of the projection, entries taken in


def bring_up(engine: sa.Engine) -> int:
    """Advance every projection of every lane by a batch; give how much there was to do."""
    with reading(engine) as session:
        present = lanes(session)
    return sum(_step(engine, lane) for lane in present)


def settle(engine: sa.Engine) -> None:
    """Bring every projection to the end of the journal."""
    with reading(engine) as session:
        present = lanes(session)
    for lane in present:
        catch_up(engine, PROJECTORS, lane)
        while advance_coverage(engine, lane):
            pass


def rebuild_all(engine: sa.Engine, lane: str, told: Told) -> None:
    """Empty and replay every projection of a lane."""
    for projector in PROJECTORS:
        told(projector.name, rebuild(engine, projector, lane))
    told("coverage", rebuild_coverage(engine, lane))


def backlog(session: Session) -> int:
    """Give how many entries the slowest projection is behind."""
    return lag(session, PROJECTORS, heads(session))


def _step(engine: sa.Engine, lane: str) -> int:
    taken = sum(advance(engine, projector, lane) for projector in PROJECTORS)
    return taken + advance_coverage(engine, lane)
