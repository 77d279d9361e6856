"""The submission that nearly all are, answered without the rest of the house.

A form client's plain post, one small XML file by the token in its address, needs none of what the
service has for pages and interfaces, and that costs several times what storing it does. Whatever
is not quite so, from a fault in the XML to a stranger's token, goes through the whole house, which
answers as if this door were not there.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.office import Office
from app.intake.lanes import LaneQueues
from app.intake.multipart import SMALL, lone_submission
from app.intake.openrosa import XML, openrosa_headers, thanks
from app.intake.quick_lane import Plain, QuickLane
from sync.codecs.openrosa import read_envelope
from sync.envelope import Envelope
from sync.errors import Unreadable

_ADDRESS: Final = re.compile(r"/openrosa/([^/]+)/submission")
_DEVICE: Final = re.compile(rb"(?:deviceID=([\w.%-]*))?")
_LANES: Final = 16  # at work at one time; each holds a connection
_UNUSUAL: Final = frozenset({b"cookie", b"content-encoding", b"authorization"})


class QuickDoor:
    """ASGI application before the service: stores plain submissions, and passes on all else."""

    def __init__(
        self,
        behind: ASGIApp,
        office: Office,
        submissions: LaneQueues,
        headers: Mapping[str, str],
    ) -> None:
        self._behind = behind
        self._office = office
        self._submissions = submissions
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lanes: dict[str, QuickLane] = {}
        self._answers = {
            language: _answer({**openrosa_headers(office.settings), **headers}, thanks(language))
            for language in ("id", "en")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 201 after the commit, or let the house answer."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._behind(scope, receive, send)
            return
        address, told = _ADDRESS.fullmatch(scope["path"]), _plain_headers(scope)
        if address is None or told is None:
            await self._behind(scope, receive, send)
            return
        came = await _message(receive)
        if await self._stored(scope, address[1], told[b"content-type"], came):
            start, body = self._answers[_language(told)]
            await send(start)
            await send(body)
        else:
            await self._behind(scope, _again(came, receive), send)

    async def _stored(self, scope: Scope, token: str, kind: bytes, came: Message) -> bool:
        """Store what came; tell whether a receipt was given."""
        lane = self._lane_of(token)
        envelope = None if lane is None else _envelope(scope["query_string"], kind, came)
        if lane is None or envelope is None:
            return False
        return await lane.ask(Plain(token, envelope, self._office.clock())) is not None

    def _lane_of(self, token: str) -> QuickLane | None:
        """Give the lane that a sender was in before; none for new ones and where all are busy."""
        name = self._submissions.lane_of(token)
        if not name:
            return None
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._lanes = loop, {}
        if name not in self._lanes and len(self._lanes) >= _LANES:
            self._lanes = {each: lane for each, lane in self._lanes.items() if not lane.is_idle}
        if name not in self._lanes and len(self._lanes) < _LANES:
            self._lanes[name] = QuickLane(self._office.engine, name)
        return self._lanes.get(name)


def _plain_headers(scope: Scope) -> dict[bytes, bytes] | None:
    """Give the headers of a small multipart; None where anything about it is unusual."""
    told = dict(scope["headers"])
    size = told.get(b"content-length", b"")
    is_small = size.isdigit() and len(size) < len(str(SMALL))
    if not is_small or b"content-type" not in told or not _UNUSUAL.isdisjoint(told):
        return None
    return told


async def _message(receive: Receive) -> Message:
    """Give all that comes as one message; one of a broken line as it is."""
    message = await receive()
    while message.get("more_body"):
        further = await receive()
        if further["type"] != "http.request":
            return further
        message = {**further, "body": message["body"] + further["body"]}
    return message


def _envelope(query: bytes, kind: bytes, came: Message) -> Envelope | None:
    device = _DEVICE.fullmatch(query)
    if device is None or came["type"] != "http.request":
        return None
    content = lone_submission(kind.decode("latin-1"), came.get("body", b""))
    if content is None:
        return None
    try:
        return read_envelope(content, device=unquote((device[1] or b"").decode("ascii")))
    except Unreadable:
        return None


def _again(came: Message, receive: Receive) -> Receive:
    """Give a line on which what came comes again, and then what comes."""
    waiting = [came]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _language(told: Mapping[bytes, bytes]) -> str:
    wanted = told.get(b"accept-language", b"").split(b",")[0].strip().lower()
    return "en" if wanted.startswith(b"en") else "id"


def _answer(headers: Mapping[str, str], body: bytes) -> tuple[Message, Message]:
    told = {"content-length": str(len(body)), "content-type": XML, **headers}
    pairs = [(name.lower().encode(), value.encode()) for name, value in told.items()]
    start = {"type": "http.response.start", "status": 201, "headers": pairs}
    return start, {"type": "http.response.body", "body": body}
