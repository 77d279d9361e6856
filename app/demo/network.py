"""A telephone line as enumerators have it: it drops calls, loses answers, and sends twice."""

import random
from dataclasses import dataclass, field

import httpx


@dataclass(frozen=True, slots=True)
class Weather:
    """How often each mishap happens, as a share of all requests."""

    no_signal: float = 0.12
    answer_lost: float = 0.08
    sent_twice: float = 0.05


@dataclass(slots=True)
class Mishaps:
    """What went wrong on a line so far."""

    counts: dict[str, int] = field(default_factory=dict)

    def note(self, what: str) -> None:
        """Count one mishap."""
        self.counts[what] = self.counts.get(what, 0) + 1


class BadLine(httpx.BaseTransport):
    """Carries requests over a real connection, badly; the dice are passed in."""

    def __init__(
        self, line: httpx.BaseTransport, chance: random.Random, weather: Weather, mishaps: Mishaps
    ) -> None:
        self._line = line
        self._chance = chance
        self._weather = weather
        self._mishaps = mishaps

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raise as httpx does where the line fails."""
        throw = self._chance.random()
        weather = self._weather
        if throw < weather.no_signal:
            self._mishaps.note("no_signal")
            raise httpx.ConnectError("no signal", request=request)
        response = self._line.handle_request(request)
        if throw < weather.no_signal + weather.answer_lost:
            response.read()
            response.close()
            self._mishaps.note("answer_lost")
            raise httpx.ReadError("the answer was lost", request=request)
        if throw > 1 - weather.sent_twice:
            response.read()
            response.close()
            self._mishaps.note("sent_twice")
            response = self._line.handle_request(request)
        return response

    def close(self) -> None:
        """Hang up."""
        self._line.close()
