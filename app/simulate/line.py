"""A line that fails in every way that a line can, by its own dice."""

import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

import httpx

NO_SIGNAL, CUT, LOST, HALF, TWICE, LATE, PORTAL = (
    "no_signal", "cut_mid_body", "answer_lost", "answer_cut", "sent_twice", "copy_late", "portal"
)  # fmt: skip
#: how the faults share the requests that meet one
WEIGHTS: Final[Mapping[str, int]] = {
    NO_SIGNAL: 6, CUT: 5, LOST: 6, HALF: 2, TWICE: 4, LATE: 3, PORTAL: 1
}  # fmt: skip
_MOST_LATE = 4  # copies of old requests that a line holds back
_PAGE = b"<html><title>Hotspot</title>Silakan masuk ke jaringan ini.</html>"


class Mishaps:
    """What went wrong on all lines so far, whichever thread says so."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._counts: Counter[str] = Counter()

    def note(self, what: str, count: int = 1) -> None:
        """Count a mishap."""
        with self._guard:
            self._counts[what] += count

    def told(self) -> dict[str, int]:
        """Give the counts by name."""
        with self._guard:
            return dict(sorted(self._counts.items()))


class BadLine(httpx.BaseTransport):
    """Carries requests over another transport; the share `faults` of them meets a mishap.

    A copy of a request may arrive long after its answer, between later ones: what networks that
    send again do to those who thought that they had given up. Whoever gave the line hangs up.
    """

    def __init__(
        self, line: httpx.BaseTransport, chance: random.Random, faults: float, mishaps: Mishaps
    ) -> None:
        self._line = line
        self._chance = chance
        self._faults = faults
        self._mishaps = mishaps
        self._late: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, or fail as httpx does where a line fails."""
        body = request.read()
        if self._late and self._chance.random() < self._faults:
            self._arrive_late()
        if self._chance.random() >= self._faults:
            return self._send(request)
        what = self._chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        self._mishaps.note(what)
        if what == NO_SIGNAL or (what == CUT and not body):
            raise httpx.ConnectError("no signal", request=request)
        if what == PORTAL:
            return httpx.Response(200, content=_PAGE, request=request)
        if what == CUT:
            self._send(_broken_off(request, body, self._chance))
        return self._spoilt(what, request)

    def _spoilt(self, what: str, request: httpx.Request) -> httpx.Response:
        """Send a request whole, and do something to its answer."""
        answer = self._send(request)
        content = answer.read()
        if what == LOST:
            raise httpx.ReadError("the answer was lost", request=request)
        if what == HALF and len(content) > 1:
            answer.close()
            return httpx.Response(answer.status_code, content=content[: len(content) // 2])
        if what == TWICE:
            answer = self._send(request)
        if what == LATE and len(self._late) < _MOST_LATE:
            self._late.append(request)
            raise httpx.ReadTimeout("no answer in time", request=request)
        return answer

    def _arrive_late(self) -> None:
        """Let a copy of an old request arrive; nobody waits for its answer."""
        old = self._late.pop(self._chance.randrange(len(self._late)))
        try:
            self._send(old)
        except httpx.TransportError:
            self._mishaps.note("copy_lost")

    def _send(self, request: httpx.Request) -> httpx.Response:
        answer = self._line.handle_request(request)
        answer.read()  # the connection is free again, whatever becomes of the answer
        return answer


class _HalfABody(httpx.SyncByteStream):
    def __init__(self, body: bytes, end: int, request: httpx.Request) -> None:
        self._part = body[:end]
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        yield self._part
        raise httpx.WriteError("the line broke", request=self._request)


def _broken_off(request: httpx.Request, body: bytes, chance: random.Random) -> httpx.Request:
    """Give a request that breaks off within its body."""
    part = _HalfABody(body, chance.randrange(len(body)), request)
    return httpx.Request(
        request.method,
        request.url,
        headers=request.headers,
        stream=part,
        extensions=request.extensions,
    )
