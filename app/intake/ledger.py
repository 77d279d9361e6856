"""The ledger door: a device holds what it sent against what the journal holds."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session

from app.auth.actor import Actor, handing_in
from app.auth.models import FIELD_STAFF
from app.core.db import reading
from app.core.office import office_of
from app.intake.batch import JSON, signature_of
from app.intake.journal import SqlJournal
from app.intake.repository import lines_of_device
from app.intake.service import arrival_of
from sync.codecs.ledger import LedgerAnswer, LedgerAsked, decode_ledger, encode_ledger_answer
from sync.codecs.packing import inflate
from sync.journal import Held
from sync.ledger import Line, answering, buckets, differing
from sync.receipts import Outcome, Receipt

router = APIRouter(prefix="/api/v1/sync", tags=["sync"])
Officer = Annotated[Actor, Depends(handing_in(*FIELD_STAFF))]


@router.post("/ledger")
async def compare(request: Request, actor: Officer) -> Response:
    """Tell which buckets differ; or a receipt for each line, and which are to be sent again."""
    body = await request.body()
    return await run_in_threadpool(_compare, request, actor, body)


def _compare(request: Request, actor: Actor, body: bytes) -> Response:
    office = office_of(request)
    lane = arrival_of("batch", actor, office.clock()).lane
    asked = decode_ledger(inflate(body, request.headers.get("content-encoding")))
    with reading(office.engine) as session:
        journal = SqlJournal(session)
        receipts = _receipts(journal, lane, asked)
        signed = signature_of(office.settings).sign([each for each in receipts if each])
        follow = iter(signed)
        told = LedgerAnswer(
            epoch=journal.epoch,
            backed_up_through={lane: journal.backed_up_through(lane)},
            differ=tuple(_differing(session, lane, asked)),
            receipts=tuple(next(follow) if each else None for each in receipts),
        )
    return Response(encode_ledger_answer(told), media_type=JSON)


def _differing(session: Session, lane: str, asked: LedgerAsked) -> list[str]:
    if not asked.buckets:
        return []
    return differing(asked.buckets, buckets(lines_of_device(session, lane, asked.device)))


def _receipts(journal: SqlJournal, lane: str, asked: LedgerAsked) -> list[Receipt | None]:
    names = list(dict.fromkeys(line.instance_id for line in asked.lines))
    found = answering(asked.lines, journal.find_many(lane, names))
    marked = journal.backed_up_through(lane)
    return [
        _receipt(journal, lane, line, held, marked) if held else None
        for line, held in zip(asked.lines, found, strict=True)
    ]


def _receipt(journal: SqlJournal, lane: str, line: Line, held: Held, marked: int) -> Receipt:
    """Give the receipt that sending the envelope again would bring."""
    return Receipt(
        instance_id=line.instance_id,
        outcome=Outcome.DUPLICATE,
        lane=lane,
        position=held.position,
        epoch=journal.epoch,
        digest=line.digest,
        backed_up_through=marked,
    )
