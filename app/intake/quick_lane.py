"""One lane's commits on the event loop: two trips to PostgreSQL each, and no thread.

While a transaction is under way, others wait; the next takes all of them. Whoever is not of this
lane, or no longer good, gets no answer here: the ordinary way has one for everybody.
"""

import asyncio
import itertools
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

import psycopg
import sqlalchemy as sa
from fastapi.concurrency import run_in_threadpool
from psycopg import pq

from app.auth.models import FIELD_STAFF
from app.core.security import token_digest
from app.core.trips import (
    BEGIN,
    COMMIT,
    ROLLBACK,
    Asked,
    Prepared,
    Row,
    texts,
    travel,
    travel_on_loop,
    trip,
)
from app.intake.lane_journal import SeenJournal, adding, asking
from app.intake.service import LANE_DIGITS, tally_of
from app.intake.submissions import DOOR
from sync.engine import ingest_each
from sync.envelope import Arrival, Envelope
from sync.receipts import Receipt

LONGEST: Final = 200  # submissions of one transaction
LINGER_SECONDS: Final = 0.1  # for which a connection is kept when nobody waits
_SENDERS: Final = b"""
    SELECT token.digest, account.id,
        (array_agg(area.area_code ORDER BY length(area.area_code), area.area_code))[1]
    FROM openrosa_token token
    JOIN account ON account.id = token.account_id
    JOIN account_area area ON area.account_id = account.id
    WHERE token.digest = ANY($1::text[]) AND token.revoked_at IS NULL
      AND account.is_active AND account.role = ANY($2::text[])
    GROUP BY token.digest, account.id"""
_ROLES: Final = texts(sorted(str(role) for role in FIELD_STAFF))
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Plain:
    """A submission with the token of whoever sent it."""

    token: str
    envelope: Envelope
    received_at: datetime


@dataclass(frozen=True, slots=True)
class _Waiting:
    plain: Plain
    answer: "asyncio.Future[Receipt | None]"


class QuickLane:
    """Commits what one event loop hands in for one lane."""

    def __init__(self, engine: sa.Engine, lane: str) -> None:
        self._engine = engine
        self._lane = lane
        self._waiting: list[_Waiting] = []
        self._called = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    @property
    def is_idle(self) -> bool:
        """Tell whether it holds no connection."""
        return self._work is None or self._work.done()

    async def ask(self, plain: Plain) -> Receipt | None:
        """Give the receipt once it is committed; None: try the ordinary way."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Receipt | None] = loop.create_future()
        self._waiting.append(_Waiting(plain, answer))
        self._called.set()
        if self.is_idle:
            self._work = loop.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        """Commit until nobody waits; whatever fails, nobody is left without an answer."""
        taken: list[_Waiting] = []
        try:
            with _Line(await run_in_threadpool(self._engine.raw_connection)) as line:
                while await self._anybody():
                    taken, self._waiting = self._waiting[:LONGEST], self._waiting[LONGEST:]
                    _answer(taken, await _commit(line, self._lane, [each.plain for each in taken]))
        except Exception:  # noqa: BLE001 - the ordinary way meets the same, and says what it was
            _answer([*taken, *self._waiting], {})
            self._waiting = []

    async def _anybody(self) -> bool:
        """Wait a moment for whoever comes; tell whether somebody did."""
        if not self._waiting:
            self._called.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(LINGER_SECONDS):
                    await self._called.wait()
        return bool(self._waiting)


class _Line:
    """A connection of the engine while one lane has it for itself."""

    def __init__(self, lent: sa.PoolProxiedConnection) -> None:
        raw = lent.driver_connection
        assert isinstance(raw, psycopg.Connection)
        self._lent = lent
        self.raw: psycopg.Connection[Any] = raw
        self._prepared = Prepared(f"se2026_{next(_numbers)}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Give the connection back as it was; away with it where that is in doubt."""
        try:
            if kind is not None or self.raw.pgconn.transaction_status != pq.TransactionStatus.IDLE:
                self._lent.invalidate()
            else:
                travel(self.raw, trip(self.raw.pgconn, self._prepared.forgetting(), None))
        except psycopg.Error:
            self._lent.invalidate()
        finally:
            self._lent.close()

    async def travel(self, *asked: Asked) -> list[list[Row]]:
        """Ask all at once."""
        return await travel_on_loop(self.raw, trip(self.raw.pgconn, asked, self._prepared))


async def _commit(line: _Line, lane: str, batch: Sequence[Plain]) -> dict[int, Receipt]:
    """Store what the lane's own people sent; give receipts by the number in the batch."""
    tokens = {each.token: token_digest(each.token) for each in batch}
    about = (_SENDERS, [texts(list(tokens.values())), _ROLES])
    looked = await line.travel(BEGIN, about, *asking(lane, [each.envelope for each in batch]))
    people = {digest: str(account) for digest, account, area in looked[1] if _is_of(lane, area)}
    taken = {
        at: (each.envelope, _arrival(each, lane, people[tokens[each.token]]))
        for at, each in enumerate(batch)
        if tokens[each.token] in people
    }
    if not taken:
        await line.travel(ROLLBACK)
        return {}
    journal, told = SeenJournal(looked[2:]), list(taken.values())
    receipts = ingest_each(told, journal, lane)
    await line.travel(*adding(lane, journal.added, tally_of(told, receipts)), COMMIT)
    return dict(zip(taken, receipts, strict=True))


def _is_of(lane: str, area: str | None) -> bool:
    return area is not None and area[:LANE_DIGITS] == lane


def _arrival(plain: Plain, lane: str, actor: str) -> Arrival:
    return Arrival(lane=lane, actor=actor, received_at=plain.received_at, door=DOOR)


def _answer(batch: Sequence[_Waiting], receipts: dict[int, Receipt]) -> None:
    for at, each in enumerate(batch):
        if not each.answer.done():
            each.answer.set_result(receipts.get(at))
