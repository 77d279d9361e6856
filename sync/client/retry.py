"""Asking a server that may be away, busy, or not the server at all."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final, Protocol, TypeVar

import httpx

from sync.errors import Unreachable, Unreadable

_Answer = TypeVar("_Answer")

_BUSY: Final = frozenset({408, 425, 429})
SERVER_ERROR: Final = 500


class Ask(Protocol):
    """A way of asking that is patient with the line; raises Unreachable."""

    def __call__(
        self, request: Callable[[], httpx.Response], read: Callable[[httpx.Response], _Answer], /
    ) -> _Answer:
        """Send until `read` understands the answer."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on: `attempts` in all, pauses in seconds growing from `base` to `cap`."""

    attempts: int = 6
    base: float = 1.0
    cap: float = 300.0

    def pause(self, attempt: int, chance: random.Random) -> float:
        """Give the pause after attempt number `attempt` (from 0), spread so that fleets scatter."""
        ceiling = min(self.cap, self.base * 2.0**attempt)
        return chance.uniform(ceiling / 2, ceiling)


def ask(
    request: Callable[[], httpx.Response],
    read: Callable[[httpx.Response], _Answer],
    patience: Patience,
    sleep: Callable[[float], None],
    chance: random.Random,
) -> _Answer:
    """Send until `read` understands the answer; raises Unreachable after the last attempt.

    Tried again: no connection, half an answer, 408, 425, 429 and 5xx but 500 (Retry-After is
    honoured up to the cap), and answers that `read` finds Unreadable, such as the page of a
    captive portal.
    """
    last = ""
    for attempt in range(patience.attempts):
        asked = 0.0
        try:
            response = request()
            if not is_busy(response):
                return read(response)
            asked, last = min(retry_after(response), patience.cap), str(response.status_code)
        except (httpx.RequestError, Unreadable) as error:
            last = type(error).__name__
        if attempt + 1 < patience.attempts:
            sleep(max(asked, patience.pause(attempt, chance)))
    raise Unreachable(
        f"No usable answer in {patience.attempts} attempts (at last: {last}): try again later."
    )


def is_busy(response: httpx.Response) -> bool:
    """Tell whether the server asks for patience. 500 does not: it may be this very request."""
    return response.status_code in _BUSY or response.status_code > SERVER_ERROR


def retry_after(response: httpx.Response) -> float:
    """Give the seconds that the server asks to wait; 0 where it asks for nothing.

    A date is compared with the server's own clock: this device's may be wrong.
    """
    told = response.headers.get("Retry-After", "")
    if told.isdecimal():
        return float(told)
    until, now = _date(told), server_time(response)
    return max(0.0, (until - now).total_seconds()) if until and now else 0.0


def server_time(response: httpx.Response) -> datetime | None:
    """Give the server's clock as the response's Date tells it."""
    return _date(response.headers.get("Date", ""))


def _date(text: str) -> datetime | None:
    try:
        told = parsedate_to_datetime(text)
    except ValueError:
        return None
    return told if told.tzinfo else None
