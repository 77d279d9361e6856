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
from app.intake.projector import Projector, advance_if_free, catch_up, lag, rebuild
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

#: Sets of steps that take about as long: one asks PostgreSQL while the other reckons. No step
#: depends on how far another has come.
HANDS: tuple[frozenset[str], ...] = (
    frozenset({"entities", "units"}),
    frozenset({"documents", "findings", "matches", "fieldwork", "matching", "coverage", "offers"}),
)
ALL_STEPS = frozenset[str]().union(*HANDS)

_RESTS = {"matching": 1, "coverage": 9}  # times as long as it took
_FIRST_SECONDS = 5.0

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
    """How often what is dear is done while more waits to be projected.

    A count goes through all that an area has, so that after every batch of a backlog it would come
    to cost more than the batches: it is given a tenth of the time. Matching is given half of it,
    and neither anything in the first seconds, in which what was handed in before a crash is to show
    again. At rest both have all that they want.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begins = clock() + _FIRST_SECONDS
        self._rests_until: dict[tuple[str, str], float] = {}

    def is_due(self, name: str, lane: str) -> bool:
        """Tell whether something may be done for a lane though something else waits."""
        return self._clock() >= self._rests_until.get((name, lane), self._begins)

    @contextmanager
    def at_work(self, name: str, lane: str) -> Iterator[None]:
        """Note how long it takes."""
        begun = self._clock()
        yield
        ended = self._clock()
        self._rests_until[name, lane] = ended + _RESTS[name] * (ended - begun)


def bring_up(
    engine: sa.Engine, pace: Pace | None = None, hand: frozenset[str] = ALL_STEPS
) -> Advance:
    """Advance the projections of a hand by a batch in every lane; one that fails holds up no other.

    What somebody else is at is left to him. With `pace`, matching and counting are done when
    nothing else was left to do, or are due.
    """
    with reading(engine) as session:
        present = lanes(session)
    done: list[int | Trouble] = []
    for lane in present:
        mine = [_attempt(name, lane, step, engine) for name, step in _STEPS if name in hand]
        for name, step in _DEAR_STEPS:
            if name not in hand:
                continue
            if pace is None or _taken(mine) == 0 or pace.is_due(name, lane):
                with pace.at_work(name, lane) if pace else nullcontext():
                    mine.append(_attempt(name, lane, step, engine))
        done += mine
    if "offers" in hand:
        done.append(_attempt("offers", EVERYWHERE, _advance_offers, engine))
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
    return lambda engine, lane: advance_if_free(engine, projector, lane)


def _advance_offers(engine: sa.Engine, _: str) -> int:
    return advance_offers(engine)


def _advance_matching(engine: sa.Engine, lane: str) -> int:
    """Match a batch; what matching computes with is loaded when the others have done theirs."""
    from app.dedup.keeper import advance_matching

    return advance_matching(engine, lane)


_STEPS: tuple[tuple[str, Step], ...] = tuple(
    (projector.name, _step_of(projector)) for projector in PROJECTORS
)
_DEAR_STEPS: tuple[tuple[str, Step], ...] = (
    ("matching", _advance_matching),
    ("coverage", advance_coverage),
)


def _taken(done: Iterable[int | Trouble]) -> int:
    return sum(each for each in done if isinstance(each, int))


def _attempt(name: str, lane: str, step: Step, engine: sa.Engine) -> int | Trouble:
    try:
        return step(engine, lane)
    except Exception as error:  # noqa: BLE001 - whatever it was, the others must go on
        return Trouble(name, lane, type(error).__name__)
