"""A queue of commits for each lane, so that a slow one holds up no other."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from threading import Lock
from typing import Generic
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.auth.actor import actors_of, former_openrosa_actors, openrosa_actors
from app.intake.submissions import Handed
from app.intake.together import Answer, Asked, Together
from sync.receipts import Receipt

Sender = str | UUID
Stored = Receipt | None

_QUEUES = 16  # each holds a connection while it commits; further lanes share them
_SENDERS = 20_000  # whose lane is remembered
_UNKNOWN = ""


class ByLane(Generic[Asked, Answer]):
    """A queue for each lane, `made` when it is first asked for; beyond sixteen they share."""

    def __init__(self, made: Callable[[], Together[Asked, Answer]]) -> None:
        self._made = made
        self._lock = Lock()
        self._queues: dict[str, Together[Asked, Answer]] = {}

    def of(self, lane: str) -> Together[Asked, Answer]:
        """Give the queue of a lane."""
        with self._lock:
            known = self._queues.get(lane)
            if known is None:
                named = list(self._queues.values())
                if len(named) >= _QUEUES:
                    return named[hash(lane) % _QUEUES]
                known = self._queues[lane] = self._made()
            return known

    def close(self) -> None:
        """Answer whoever waits, then stop."""
        for queue in list(self._queues.values()):
            queue.close()


class LaneQueues:
    """Sorts what is handed in by the lane of whoever sends it.

    The lane is a guess that costs nothing when it is wrong: the transaction itself looks up who
    sends and where that belongs.
    """

    def __init__(
        self,
        engine: sa.Engine,
        work: Callable[[Session, Sequence[Handed]], Sequence[Stored | Exception]],
    ) -> None:
        self._lock = Lock()
        self._senders: Together[Sender, str] = Together(engine, _lanes_of)
        self._lanes: dict[Sender, str] = {}
        self._queues: ByLane[Handed, Stored] = ByLane(lambda: Together(engine, work))

    def ask(self, handed: Handed) -> Future[Stored]:
        """Give the future answer, as `Together` does."""
        lane = self._lanes.get(handed.sender)
        if lane is not None:
            return self._queues.of(lane).ask(handed)
        answer: Future[Stored] = Future()
        looked_up = self._senders.ask(handed.sender)
        looked_up.add_done_callback(partial(self._forward, handed, answer))
        return answer

    def lane_of(self, sender: Sender) -> str | None:
        """Give the lane that a sender had before, None for new ones."""
        return self._lanes.get(sender)

    def close(self) -> None:
        """Answer whoever waits, then stop."""
        self._senders.close()
        self._queues.close()

    def _forward(self, handed: Handed, answer: Future[Stored], looked_up: Future[str]) -> None:
        if not answer.set_running_or_notify_cancel():
            return
        try:
            lane = looked_up.result()
            if lane:
                self._remember(handed.sender, lane)
            stored = self._queues.of(lane).ask(handed)
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            answer.set_exception(error)
            return
        stored.add_done_callback(partial(_pass_on, answer))

    def _remember(self, sender: Sender, lane: str) -> None:
        with self._lock:
            if len(self._lanes) >= _SENDERS:
                self._lanes.clear()
            self._lanes[sender] = lane


def _pass_on(answer: Future[Stored], stored: Future[Stored]) -> None:
    error = stored.exception()
    if error is None:
        answer.set_result(stored.result())
    else:
        answer.set_exception(error)


def _lanes_of(session: Session, senders: Sequence[Sender]) -> list[str | Exception]:
    """Give the lane of each sender, an empty one for strangers; locks nothing."""
    tokens = {each for each in senders if isinstance(each, str)}
    by_token = {**former_openrosa_actors(session, tokens), **openrosa_actors(session, tokens)}
    by_id = actors_of(session, {each for each in senders if isinstance(each, UUID)})
    found = (by_token.get(each) if isinstance(each, str) else by_id.get(each) for each in senders)
    return [_UNKNOWN if actor is None else actor.lane for actor in found]
