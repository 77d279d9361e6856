"""The batch v1 door: many envelopes at once, a receipt for each."""

from asyncio import wrap_future
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated

import sqlalchemy as sa
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import JSONResponse

from app.auth.actor import Actor, handing_in
from app.auth.models import FIELD_STAFF
from app.core.db import reading
from app.core.office import Office, office_of
from app.core.problems import language_of
from app.core.settings import Settings
from app.intake.journal import SqlJournal
from app.intake.lanes import ByLane
from app.intake.service import BATCHES, Brought, Refused, arrival_of, take_batches
from app.intake.together import Together
from sync.codecs.batch import Push, answer, decode_push, encode_push_answer, problem, taken
from sync.codecs.packing import inflate
from sync.envelope import SUBMISSION
from sync.errors import Unreadable
from sync.receipts import Receipt
from sync.signing import Signature

router = APIRouter(prefix="/api/v1/sync", tags=["sync"])
JSON = "application/json"
HandingIn = Annotated[Actor, Depends(handing_in(*FIELD_STAFF))]


class Batches(ByLane[Brought, list[Receipt]]):
    """Batches that wait for their commit, each lane's in a queue of its own."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(lambda: Together(engine, take_batches, BATCHES))
        self.turns = CapacityLimiter(1)


@router.post("/push")
async def push(request: Request, actor: HandingIn) -> Response:
    """Store a batch; the answer leaves only after the commit.

    One batch at a time is read or signed: threads that do so at once only wait for one another.
    """
    body = await request.body()
    batches: Batches = request.app.state.batches
    office = office_of(request)
    arrival = arrival_of("batch", actor, office.clock())
    queue = batches.of(arrival.lane)
    encoding = request.headers.get("content-encoding")
    try:
        batch = await run_sync(_read, body, encoding, limiter=batches.turns)
    except Unreadable as error:
        await wrap_future(queue.ask(Brought(arrival, [], [Refused(body, error.code)])))
        raise
    refused = [Refused(each.body, each.code) for each in batch.problems if each.body is not None]
    receipts = await wrap_future(queue.ask(Brought(arrival, taken(batch), refused)))
    return await run_sync(_answered, office, batch, receipts, limiter=batches.turns)


@router.get("/keys")
def tell_keys(request: Request) -> JSONResponse:
    """Give the public key by which anybody can check a receipt, as a JWK set."""
    return JSONResponse({"keys": [signature_of(office_of(request).settings).jwk]})


def unreadable(request: Request, error: Exception) -> Response:
    """Answer a request that is no batch or carries no cursor of ours."""
    assert isinstance(error, Unreadable)
    told = error.message_en if language_of(request) == "en" else error.message_id
    status = 413 if error.code == "too_large" else 400
    return JSONResponse(
        {
            "type": f"urn:se2026:problem:{error.code}",
            "title": "Bad Request" if status == 400 else "Content Too Large",  # noqa: PLR2004
            "status": status,
            "code": error.code,
            "detail": told,
        },
        status,
        media_type="application/problem+json",
    )


def _read(body: bytes, encoding: str | None) -> Push:
    return _only_submissions(decode_push(inflate(body, encoding)))


def _answered(office: Office, batch: Push, receipts: Sequence[Receipt]) -> Response:
    epoch = receipts[0].epoch if receipts else _epoch(office)
    signed = signature_of(office.settings).sign(receipts)
    return Response(encode_push_answer(answer(batch, signed, epoch)), media_type=JSON)


def _only_submissions(batch: Push) -> Push:
    """Decisions are said in the office, under the rules of each; devices bring submissions."""
    kept = {i: each for i, each in batch.envelopes.items() if each.kind == SUBMISSION}
    others = tuple(
        problem(i, Unreadable("bad_envelope"), batch.envelopes[i].body)
        for i in sorted(batch.envelopes.keys() - kept)
    )
    return Push(batch.device, batch.sent_at, kept, batch.problems + others)


@lru_cache(maxsize=8)
def _signature(secret: str) -> Signature:
    return Signature.of(secret.encode())


def signature_of(settings: Settings) -> Signature:
    """Give the key pair by which an office signs receipts."""
    return _signature(settings.signing_key())


def _epoch(office: Office) -> int:
    with reading(office.engine) as session:
        return SqlJournal(session).epoch
