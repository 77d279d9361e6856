"""A sync server on loopback over the reference journal, with troubles that a test can order."""

import threading
import time
from base64 import b64decode
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from sync.codecs import batch, ledger, openrosa, stream
from sync.codecs.packing import inflate
from sync.cursor import Change, Cursor, forgetting, page, resume
from sync.engine import ingest
from sync.envelope import Arrival, Attachment
from sync.errors import Unreadable
from sync.ledger import Line, answering, buckets, differing
from sync.memory import MemoryJournal
from sync.receipts import Outcome, Receipt

NOON = datetime(2026, 6, 15, 5, 0, tzinfo=UTC)
LANE = "3375"
#: troubles: what happens to the next request instead of, or after, its being served
DROP, LOSE = "drop", "lose"  # the line breaks before / after the server has committed
HALF = "half"  # the line breaks in the middle of the answer


@dataclass
class MemoryServer:
    """What the server holds and which troubles are still to come."""

    journal: MemoryJournal = field(default_factory=MemoryJournal)
    changes: list[Change] = field(default_factory=list)
    areas: tuple[str, ...] = (f"{LANE}010001000100",)  # where the officer works
    troubles: deque[str | Response] = field(default_factory=deque)
    poison: dict[str, int] = field(default_factory=dict)  # instance id → status of its request
    batches: list[int] = field(default_factory=list)  # how many envelopes each push brought
    ledgers: list[int] = field(default_factory=list)  # how many lines each comparison brought
    files: dict[str, bytes] = field(default_factory=dict)
    posts: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)  # files, incomplete
    sent_at: list[datetime | None] = field(default_factory=list)
    accept_length: int | None = None
    always_backed_up: bool = False
    url: str = ""

    def held(self) -> list[str]:
        """Give the instance ids in the journal, by position."""
        return [entry.instance_id for entry in self.journal.entries(LANE)]

    async def push(self, request: Request) -> Response:
        plain = inflate(await request.body(), request.headers.get("Content-Encoding"))
        told = batch.decode_push(plain)
        self.batches.append(len(told.envelopes) + len(told.problems))
        self.sent_at.append(told.sent_at)
        if status := self._poisoned(each.instance_id for each in batch.taken(told)):
            return Response("broken", status)
        with self.journal.transaction():
            arrival = Arrival(lane=LANE, actor="ppl", received_at=NOON, door="batch")
            receipts = ingest(batch.taken(told), self.journal, arrival)
            if self.always_backed_up:
                self.journal.back_up(LANE)
        answer = batch.answer(told, receipts, self.journal.epoch)
        return Response(batch.encode_push_answer(answer), media_type="application/json")

    async def pull(self, request: Request) -> Response:
        told = request.query_params.get("cursor")
        try:
            cursor = Cursor.parse(told) if told else None
        except Unreadable:
            return Response("bad cursor", 400)
        epoch = self.journal.epoch
        begun = resume(cursor, epoch, self.areas)
        body = stream.head(epoch, {LANE: self.journal.backed_up_through(LANE)})
        body += b"".join(map(stream.line, forgetting(begun)))
        at, more = Cursor(epoch, begun.seq, begun.common, self.areas), True
        while more:
            behind = [each for each in self.changes if each.seq > at.seq]
            shown = page([], behind, at, 2)
            at, more = shown.next_cursor, shown.has_more
            body += b"".join(map(stream.line, shown.changes))
            body += stream.mark(at.format(), has_more=more)
        return Response(body, media_type=stream.MEDIA_TYPE)

    async def ledger(self, request: Request) -> Response:
        plain = inflate(await request.body(), request.headers.get("Content-Encoding"))
        asked = ledger.decode_ledger(plain)
        journal = self.journal
        entries = [] if LANE not in journal.lanes() else journal.entries(LANE)
        theirs = [Line(e.instance_id, e.digest, e.kind) for e in entries]
        self.ledgers.append(len(asked.lines))
        names = [line.instance_id for line in asked.lines]
        found = answering(asked.lines, journal.find_many(LANE, names))
        receipts = [
            held
            and Receipt(
                instance_id=held.instance_id,
                outcome=Outcome.DUPLICATE,
                lane=LANE,
                position=held.position,
                epoch=journal.epoch,
                digest=held.digest,
                backed_up_through=journal.backed_up_through(LANE),
            )
            for held in found
        ]
        told = ledger.LedgerAnswer(
            journal.epoch,
            {LANE: journal.backed_up_through(LANE)},
            tuple(differing(asked.buckets, buckets(theirs))),
            tuple(receipts),
        )
        return Response(ledger.encode_ledger_answer(told), media_type="application/json")

    async def announce(self, request: Request) -> Response:
        told = dict(p.split(" ") for p in request.headers["Upload-Metadata"].split(","))
        digest = b64decode(told["sha256"]).decode()
        here = self.files.setdefault(digest, b"")
        headers = {"Location": f"/api/v1/sync/files/{digest}", "Upload-Offset": str(len(here))}
        return Response(status_code=201, headers=headers)

    async def go_on(self, request: Request) -> Response:
        digest = request.path_params["digest"]
        if request.headers["Upload-Offset"] != str(len(self.files[digest])):
            return Response(status_code=409)
        self.files[digest] += await request.body()
        headers = {"Upload-Offset": str(len(self.files[digest]))}
        return Response(status_code=204, headers=headers)

    async def submission(self, request: Request) -> Response:
        if request.method == "HEAD":
            limit = self.accept_length
            return Response(
                status_code=204,
                headers={"X-OpenRosa-Accept-Content-Length": str(limit)} if limit else {},
            )
        assert request.headers["X-OpenRosa-Version"] == "1.0"
        async with request.form() as form:
            files = {k: await v.read() for k, v in form.items() if isinstance(v, UploadFile)}
            incomplete = form.get("*isIncomplete*") == "yes"
        body = files.pop("xml_submission_file")
        kept = [Attachment(n, sha256(c).hexdigest(), len(c)) for n, c in files.items()]
        envelope = openrosa.read_envelope(body, attachments=kept)
        if status := self._poisoned([envelope.instance_id]):
            return Response("broken", status)
        self.posts.append((tuple(files), incomplete))
        with self.journal.transaction():
            arrival = Arrival(lane=LANE, actor="ppl", received_at=NOON, door="openrosa")
            ingest([envelope], self.journal, arrival)
        return Response(openrosa.submission_response("ok"), 201, media_type="text/xml")

    def _poisoned(self, instances: Iterator[str] | list[str]) -> int | None:
        return next((self.poison[each] for each in instances if each in self.poison), None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, with the next trouble if one was ordered."""
        trouble = self.troubles.popleft() if self.troubles else None
        if isinstance(trouble, Response):
            await trouble(scope, receive, send)
            return
        if trouble == DROP:
            await _break_off(send)
            return
        if trouble == LOSE:

            async def nowhere(_message: object) -> None:
                """Lose the answer."""

            await self._app(scope, receive, nowhere)
            await _break_off(send)
            return
        await self._app(scope, receive, _halving(send) if trouble == HALF else send)

    def __post_init__(self) -> None:
        self._app = Starlette(
            routes=[
                Route("/api/v1/sync/push", self.push, methods=["POST"]),
                Route("/api/v1/sync/pull", self.pull),
                Route("/api/v1/sync/ledger", self.ledger, methods=["POST"]),
                Route("/api/v1/sync/files", self.announce, methods=["POST"]),
                Route("/api/v1/sync/files/{digest}", self.go_on, methods=["PATCH"]),
                Route("/openrosa/t/submission", self.submission, methods=["HEAD", "POST"]),
            ]
        )


def _halving(send: Send) -> Send:
    """Let half of an answer's body through; the rest never comes."""

    async def halved(message: Message) -> None:
        if message["type"] == "http.response.body":
            body = message["body"]
            message = {**message, "body": body[: len(body) // 2], "more_body": False}
        await send(message)

    return halved


async def _break_off(send: Send) -> None:
    """Promise more bytes than come: the client sees the line break in mid answer."""
    headers = [(b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"half", "more_body": False})


@contextmanager
def serving(memory: MemoryServer) -> Iterator[MemoryServer]:
    """Serve `memory` on a free port of loopback until the block ends."""
    config = uvicorn.Config(
        memory, port=0, log_config=None, lifespan="off", ws="none", date_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    memory.url = f"http://127.0.0.1:{port}"
    try:
        yield memory
    finally:
        server.should_exit = True
        thread.join()
