"""All projections of the journal together: keep them up, or make them again."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
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

_REST = 9  # times as long as a count took

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


class Pace:
    """How often the areas of a lane are counted while more waits to be projected.

    A count goes through all that an area has, so that after every batch of a backlog it would come
    to cost more than the batches. It is given a tenth of the time, and all that it wants at rest.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rests_until: dict[str, float] = {}

    def is_due(self, lane: str) -> bool:
        """Tell whether the areas of a lane may be counted though something else waits."""
        return self._clock() >= self._rests_until.get(lane, 0.0)

    @contextmanager
    def counting(self, lane: str) -> Iterator[None]:
        """Note how long a count takes."""
        begun = self._clock()
        yield
        ended = self._clock()
        self._rests_until[lane] = ended + _REST * (ended - begun)


def bring_up(engine: sa.Engine, pace: Pace | None = None) -> Advance:
    """Advance every projection of every lane by a batch; one that fails holds up no other.

    With `pace`, areas are counted when nothing else was left to do, or when they may be.
    """
    with reading(engine) as session:
        present = lanes(session)
    done: list[int | Trouble] = []
    for lane in present:
        mine = [_attempt(name, lane, step, engine) for name, step in _STEPS]
        if pace is None or _taken(mine) == 0 or pace.is_due(lane):
            with pace.counting(lane) if pace else nullcontext():
                mine.append(_attempt("coverage", lane, advance_coverage, engine))
        done += mine
    done.append(_attempt("offers", EVERYWHERE, lambda engine, _: advance_offers(engine), engine))
    troubles = tuple(each for each in done if isinstance(each, Trouble))
    return Advance(_taken(done), troubles)


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
)


def _taken(done: Iterable[int | Trouble]) -> int:
    return sum(each for each in done if isinstance(each, int))


def _attempt(name: str, lane: str, step: Step, engine: sa.Engine) -> int | Trouble:
    try:
        return step(engine, lane)
    except Exception as error:  # noqa: BLE001 - whatever it was, the others must go on
        return Trouble(name, lane, type(error).__name__)
