"""Requests that arrive at one moment share one commit.

While a transaction is being committed, others wait; the next one takes all of them. Nobody waits
for company, so a lone request is as quick as ever, and at the evening's peak a commit carries
hundreds. What an answer promises stays the same: it leaves after the commit.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import sqlalchemy as sa
import structlog
from sqlmodel import Session

from app.core.db import writing

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

LONGEST = 200  # requests of one transaction, where each is small
IDLE_SECONDS = 10.0  # after which the thread ends; the next request starts another
LOG = structlog.get_logger()
_OUTAGES = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError, OSError)


@dataclass(slots=True)
class _Waiting(Generic[Asked, Answer]):
    asked: Asked
    answer: Future[Answer] = field(default_factory=Future)


class Together(Generic[Asked, Answer]):
    """Works for many callers, one transaction after another, from a thread of its own.

    `work` answers every request of a batch within one session, in order; an exception among the
    answers is raised to its caller and spoils nothing for the others. A transaction takes at most
    `longest` requests.
    """

    def __init__(
        self,
        engine: sa.Engine,
        work: Callable[[Session, Sequence[Asked]], Sequence[Answer | Exception]],
        longest: int = LONGEST,
    ) -> None:
        self._engine = engine
        self._answers = work
        self._longest = longest
        self._waiting: list[_Waiting[Asked, Answer]] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def ask(self, asked: Asked) -> Future[Answer]:
        """Give the future answer, which is set once its transaction is committed.

        It raises whatever the transaction raised: then nothing was stored.
        """
        one: _Waiting[Asked, Answer] = _Waiting(asked)
        with self._changed:
            if self._closed:
                raise RuntimeError("the service is stopping")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="commits", daemon=True)
                self._thread.start()
            self._waiting.append(one)
            self._changed.notify()
        return one.answer

    def close(self) -> None:
        """Answer whoever waits, then stop."""
        with self._changed:
            self._closed = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while batch := self._next():
            self._run_one(batch)

    def _next(self) -> list[_Waiting[Asked, Answer]]:
        """Take whoever waits; nobody when there was nobody for long, or the service stops."""
        with self._changed:
            while not self._waiting:
                if self._closed or not self._changed.wait(IDLE_SECONDS):
                    self._thread = None
                    return []
            batch = self._waiting[: self._longest]
            self._waiting = self._waiting[self._longest :]
            return batch

    def _run_one(self, batch: Sequence[_Waiting[Asked, Answer]]) -> None:
        """Commit for those who still wait; from here on nobody can withdraw."""
        here = [each for each in batch if each.answer.set_running_or_notify_cancel()]
        if here:
            self._commit(here)

    def _commit(self, batch: Sequence[_Waiting[Asked, Answer]]) -> None:
        """Commit a batch; where one spoils it for all, each goes alone."""
        try:
            with writing(self._engine) as session:
                answers = self._answers(session, [each.asked for each in batch])
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            self._failed(batch, error)
            return
        for each, answer in zip(batch, answers, strict=True):
            if isinstance(answer, Exception):
                each.answer.set_exception(answer)
            else:
                each.answer.set_result(answer)

    def _failed(self, batch: Sequence[_Waiting[Asked, Answer]], error: Exception) -> None:
        if len(batch) == 1 or isinstance(error, _OUTAGES):
            for each in batch:
                each.answer.set_exception(error)
            return
        LOG.warning("a batch failed, one by one", error=type(error).__name__, size=len(batch))
        for each in batch:
            self._commit([each])
