"""All projections of the journal together: keep them up, or make them again."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import reading, writing
from app.coverage.projector import advance_coverage, rebuild_coverage
from app.dedup.projector import DecisionsProjector
from app.fieldwork.projector import FieldworkProjector
from app.intake.offers import advance_offers, publish_offers
from app.intake.projector import Projector, advance, catch_up, lag, rebuild
from app.intake.repository import heads, lanes
from app.questionnaires.offers import EVERYWHERE
from app.registry.entity_projector import EntitiesProjector
from app.registry.projector import UnitsProjector
from app.review.projectors import DocumentsProjector, FindingsProjector

PROJECTORS: tuple[Projector, ...] = (
    EntitiesProjector(),
    UnitsProjector(),
    DocumentsProjector(),
    FindingsProjector(),
    DecisionsProjector(),
    FieldworkProjector(),
)

Told = Callable[[str, int], None]  # name of the projection, entries taken in


@dataclass(frozen=True, slots=True)
class Trouble:
    """A projection of a lane that could not advance, and the name of what was raised."""

    projection: str
    lane: str
    error: str


@dataclass(frozen=True, slots=True)
class Advance:
    """How much was taken in, and what could not advance meanwhile."""

    taken: int
    troubles: tuple[Trouble, ...]


def bring_up(engine: sa.Engine) -> Advance:
    """Advance every projection of every lane by a batch; one that fails holds up no other."""
    with reading(engine) as session:
        present = lanes(session)
    done = [_attempt(name, lane, step, engine) for lane in present for name, step in _STEPS]
    done.append(_attempt("offers", EVERYWHERE, lambda engine, _: advance_offers(engine), engine))
    troubles = tuple(each for each in done if isinstance(each, Trouble))
    return Advance(sum(each for each in done if isinstance(each, int)), troubles)


def settle(engine: sa.Engine) -> None:
    """Bring every projection to the end of the journal."""
    advance_offers(engine)
    with reading(engine) as session:
        present = lanes(session)
    for lane in present:
        catch_up(engine, PROJECTORS, lane)
        while _advance_matching(engine, lane):
            pass
        while advance_coverage(engine, lane):
            pass


def rebuild_all(engine: sa.Engine, lane: str, told: Told) -> None:
    """Empty and replay every projection of a lane; questionnaires are told to devices as well."""
    from app.dedup.keeper import rebuild_matching

    with writing(engine) as session:
        publish_offers(session)
    for projector in PROJECTORS:
        told(projector.name, rebuild(engine, projector, lane))
    told("matching", rebuild_matching(engine, lane))
    told("coverage", rebuild_coverage(engine, lane))


def backlog(session: Session) -> int:
    """Give how many entries the slowest projection is behind."""
    return lag(session, PROJECTORS, heads(session))


Step = Callable[[sa.Engine, str], int]


def _step_of(projector: Projector) -> Step:
    return lambda engine, lane: advance(engine, projector, lane)


def _advance_matching(engine: sa.Engine, lane: str) -> int:
    """Match a batch; what matching computes with is loaded when the others have done theirs."""
    from app.dedup.keeper import advance_matching

    return advance_matching(engine, lane)


_STEPS: tuple[tuple[str, Step], ...] = (
    *((projector.name, _step_of(projector)) for projector in PROJECTORS),
    ("matching", _advance_matching),
    ("coverage", advance_coverage),
)


def _attempt(name: str, lane: str, step: Step, engine: sa.Engine) -> int | Trouble:
    try:
        return step(engine, lane)
    except Exception as error:  # noqa: BLE001 - whatever it was, the others must go on
        return Trouble(name, lane, type(error).__name__)
