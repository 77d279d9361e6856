"""Several statements in one trip to PostgreSQL, by libpq's pipeline.

A trip is a generator that yields what it waits for, so that a thread and an event loop drive the
same one (`travel`, `travel_on_loop`). Arguments travel in PostgreSQL's binary form, made by the
functions of this module; answers come as text.
"""

import asyncio
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any, Final

import psycopg
from psycopg import pq, waiting
from psycopg.errors import error_from_result

Argument = bytes | None
Asked = tuple[bytes, Sequence[Argument]]  # a statement, and what stands for its `$1`…
Row = tuple[str | None, ...]
Trip = Generator[waiting.Wait, Any, list[list[Row]]]

_LOOK_UP_SECONDS: Final = 0.5  # after which a signal or a closed line is noticed at the latest
_GOOD: Final = {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}
_ARRAY: Final = Struct("!iiiii")
_LENGTH: Final = Struct("!i")
_NUMBER: Final = Struct("!q")
_ABSENT: Final = _LENGTH.pack(-1)
_ELEMENTS: Final = {"text": 25, "bytea": 17, "bigint": 20, "timestamptz": 1184}  # types' numbers
_DAWN: Final = datetime(2000, 1, 1, tzinfo=UTC)  # from which PostgreSQL counts
_TICK: Final = timedelta(microseconds=1)


BEGIN: Final[Asked] = (b"BEGIN ISOLATION LEVEL READ COMMITTED", ())
COMMIT: Final[Asked] = (b"COMMIT", ())
ROLLBACK: Final[Asked] = (b"ROLLBACK", ())


@dataclass(slots=True)
class Prepared:
    """What one connection has prepared, under names that nobody else gives.

    Only whoever keeps a connection may use it: psycopg forgets all statements when it rolls back.
    """

    prefix: str
    names: dict[bytes, bytes] = field(default_factory=dict)

    def fresh(self, asked: Sequence[Asked]) -> dict[bytes, bytes]:
        """Give names for statements with arguments that have none yet."""
        unknown = {text for text, told in asked if told and text not in self.names}
        known = len(self.names)
        return {text: f"{self.prefix}_{known + at}".encode() for at, text in enumerate(unknown)}

    def forgetting(self) -> list[Asked]:
        """Give what takes them off the connection."""
        return [(b"DEALLOCATE " + name, ()) for name in self.names.values()]


def texts(told: Sequence[str | None]) -> bytes:
    """Give a `text[]`."""
    return _array("text", [None if each is None else each.encode() for each in told])


def blobs(told: Sequence[bytes]) -> bytes:
    """Give a `bytea[]`."""
    return _array("bytea", told)


def numbers(told: Sequence[int]) -> bytes:
    """Give a `bigint[]`."""
    return _array("bigint", [_NUMBER.pack(each) for each in told])


def moments(told: Sequence[datetime | None]) -> bytes:
    """Give a `timestamptz[]` of aware times."""
    return _array("timestamptz", [None if each is None else _moment(each) for each in told])


def _moment(told: datetime) -> bytes:
    return _NUMBER.pack((told - _DAWN) // _TICK)


def _array(kind: str, told: Sequence[bytes | None]) -> bytes:
    parts = [_ARRAY.pack(1, 1, _ELEMENTS[kind], len(told), 1)]
    for each in told:
        if each is None:
            parts.append(_ABSENT)
        else:
            parts += (_LENGTH.pack(len(each)), each)
    return b"".join(parts)


def trip(connection: pq.abc.PGconn, asked: Sequence[Asked], prepared: Prepared | None) -> Trip:
    """Send all statements at once; give the rows of each.

    Raises psycopg's error for the first that failed; those behind it were then not executed.
    """
    known = {} if prepared is None else prepared.names
    fresh = {} if prepared is None else prepared.fresh(asked)
    connection.nonblocking = 1
    connection.enter_pipeline_mode()
    for text, name in fresh.items():
        connection.send_prepare(name, text)
    for text, told in asked:
        kinds = [pq.Format.BINARY] * len(told)
        if (given := known.get(text) or fresh.get(text)) is None:
            connection.send_query_params(text, told, param_formats=kinds)
        else:
            connection.send_query_prepared(given, told, kinds)
    connection.pipeline_sync()
    results = yield from _results(connection)
    connection.exit_pipeline_mode()
    connection.nonblocking = 0
    known.update(
        (text, name)
        for (text, name), made in zip(fresh.items(), results, strict=False)
        if made.status in _GOOD
    )
    for result in results:
        if result.status not in _GOOD:
            raise error_from_result(result)
    return [_rows(each) for each in results[len(fresh) :]]


def _results(connection: pq.abc.PGconn) -> Generator[waiting.Wait, Any, list[pq.abc.PGresult]]:
    """Send what is queued while reading; give one result for each statement."""
    while connection.flush():
        ready = yield waiting.Wait.RW
        if ready & waiting.Ready.R:
            connection.consume_input()
    results: list[pq.abc.PGresult] = []
    while True:
        while connection.is_busy():
            yield waiting.Wait.R
            connection.consume_input()
        result = connection.get_result()
        if result is None:  # the end of one statement
            continue
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return results
        results.append(result)


def _rows(result: pq.abc.PGresult) -> list[Row]:
    columns = range(result.nfields)
    return [tuple(_text(result, at, i) for i in columns) for at in range(result.ntuples)]


def _text(result: pq.abc.PGresult, row: int, column: int) -> str | None:
    value = result.get_value(row, column)
    return None if value is None else value.decode()


def travel(connection: psycopg.Connection[Any], told: Trip) -> list[list[Row]]:
    """Drive a trip from a thread, which waits."""
    return waiting.wait(told, connection.pgconn.socket, interval=_LOOK_UP_SECONDS)


async def travel_on_loop(connection: psycopg.Connection[Any], told: Trip) -> list[list[Row]]:
    """Drive a trip from an event loop, which does other work meanwhile."""
    loop, line, ready = asyncio.get_running_loop(), connection.pgconn.socket, None
    try:
        while True:
            wanted = told.send(ready)
            ready = await _readiness(loop, line, wanted)
    except StopIteration as end:
        rows: list[list[Row]] = end.value
        return rows


async def _readiness(
    loop: asyncio.AbstractEventLoop, line: int, wanted: waiting.Wait
) -> waiting.Ready:
    told: asyncio.Future[waiting.Ready] = loop.create_future()

    def tell(ready: waiting.Ready) -> None:
        if not told.done():
            told.set_result(ready)

    if wanted & waiting.Wait.R:
        loop.add_reader(line, tell, waiting.Ready.R)
    if wanted & waiting.Wait.W:
        loop.add_writer(line, tell, waiting.Ready.W)
    try:
        return await told
    finally:
        if wanted & waiting.Wait.R:
            loop.remove_reader(line)
        if wanted & waiting.Wait.W:
            loop.remove_writer(line)
