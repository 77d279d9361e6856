"""The largest request that is taken, refused in words and without breaking the line.

Clients read an answer when they have sent everything; whoever answers and hangs up before that is
seen as a broken line, and the same is sent again for ever.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.problems import TooLarge, as_json
from app.intake.openrosa import refused

_MEGABYTE: Final = 1_000_000
_FORMS: Final = "/openrosa/"


class SizeLimit:
    """ASGI application before the service: nothing larger than so many megabytes goes through."""

    def __init__(self, behind: ASGIApp, megabytes: int) -> None:
        self._behind = behind
        self._most = megabytes * _MEGABYTE
        self._problem = TooLarge(
            f"Kiriman melebihi batas {megabytes} MB. Kirim lebih sedikit sekaligus.",
            f"The request is larger than {megabytes} MB. Send less at once.",
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 with the limit, as late as the last byte has come; or let the house answer."""
        if scope["type"] != "http":
            await self._behind(scope, receive, send)
        elif _announced(scope) > self._most:
            await _drained(receive)
            await self._refusal(Request(scope))(scope, receive, send)
        else:
            counted = _Counted(receive, self._most, self._problem)
            await self._behind(scope, counted, _after(counted.rest, send))

    def _refusal(self, request: Request) -> Response:
        if request.url.path.startswith(_FORMS):
            return refused(request, self._problem)
        return as_json(request, self._problem)


class _Counted:
    """A line that ends with a problem where more comes than is taken."""

    def __init__(self, receive: Receive, most: int, problem: TooLarge) -> None:
        self._receive = receive
        self._left = most
        self._problem = problem

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise self._problem
        return message

    async def rest(self) -> None:
        """Read to the end where too much came."""
        if self._left < 0:
            await _drained(self._receive)


def _after(rest: Callable[[], Awaitable[None]], send: Send) -> Send:
    """Give a line on which an answer ends behind what still comes."""

    async def later(message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            await rest()
        await send(message)

    return later


def _announced(scope: Scope) -> int:
    told = dict(scope["headers"]).get(b"content-length", b"")
    return int(told) if told.isdigit() else 0


async def _drained(receive: Receive) -> None:
    """Read what comes and keep nothing of it."""
    while (await receive()).get("more_body"):
        pass
