"""What a device should know of its areas, streamed and packed: the answer to a pull."""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Annotated

import zstandard
from fastapi import APIRouter, Depends, Request
from starlette.responses import StreamingResponse

from app.auth.actor import Actor, require
from app.auth.models import FIELD_STAFF
from app.core.db import reading
from app.core.office import Office, office_of
from app.core.problems import Invalid
from app.intake.feed import changes_after, common_after, told
from app.intake.journal import SqlJournal
from sync.codecs import stream
from sync.cursor import Cursor, forgetting, page, resume

STRETCH = 500  # changes between two marks, each read by a transaction of its own
_GZIP = zlib.MAX_WBITS | 16

router = APIRouter(prefix="/api/v1/sync", tags=["sync"])
Officer = Annotated[Actor, Depends(require(*FIELD_STAFF))]  # single businesses travel here


@router.get("/pull")
def pull(
    request: Request,
    actor: Officer,
    cursor: str = "",
    limit: str | None = None,
) -> StreamingResponse:
    """Give the next changes of the caller's areas, all or at most `limit`, one document a line."""
    at = Cursor.parse(cursor) if cursor else None
    stretches = _stretches(office_of(request), actor, at, _most(limit))
    first = next(stretches)  # so that what fails at once is answered as what it is
    coding = coding_of(request.headers.get("accept-encoding", ""))
    headers = {"Vary": "Accept-Encoding", "Cache-Control": "private, no-store"}
    if coding:
        headers["Content-Encoding"] = coding
    packed = _PACKERS[coding](chain([first], stretches))
    return StreamingResponse(packed, media_type=stream.MEDIA_TYPE, headers=headers)


def _most(told: str | None) -> int | None:
    """Read how many changes are wanted; raises Invalid."""
    if told is None:
        return None
    if not (told.isascii() and told.isdecimal() and len(told) <= 15 and int(told)):  # noqa: PLR2004
        raise Invalid(
            "limit harus bilangan bulat mulai dari 1; hilangkan untuk mengunduh semuanya.",
            "limit must be a whole number from 1 on; leave it out to pull everything.",
        )
    return int(told)


def coding_of(accepted: str) -> str:
    """Choose zstd, else gzip, else none, from an Accept-Encoding."""
    wanted = (each.replace(" ", "").lower().partition(";q=") for each in accepted.split(","))
    names = {name for name, _, weight in wanted if weight.strip("0.") or not weight}
    return next((each for each in ("zstd", "gzip") if each in names), "")


def _stretches(
    office: Office, actor: Actor, cursor: Cursor | None, limit: int | None
) -> Iterator[bytes]:
    """Give the answer stretch by stretch, each ending with a mark.

    A slow line holds no connection to the database. What changes meanwhile moves to the end of the
    feed, and so comes later in the same answer, or in the next.
    """
    left, at, more, opening = limit, cursor, True, True
    while more and (left is None or left > 0):
        size = STRETCH if left is None else min(left, STRETCH)
        with reading(office.engine) as session:
            journal = SqlJournal(session)
            epoch, areas = journal.epoch, actor.scope.areas
            begun = resume(at, epoch, areas)
            last = Cursor(epoch, begun.seq, begun.common, areas)
            shown = page(
                common_after(session, last.common, size + 1),
                changes_after(
                    session, actor.scope, actor.lane, last.seq, size + 1, account=actor.id
                ),
                last,
                size,
            )
            backed_up = {actor.lane: journal.backed_up_through(actor.lane)} if opening else {}
        lines = [stream.head(epoch, backed_up)] if opening else []
        lines += [stream.line(each) for each in forgetting(begun)]
        lines += [stream.line_of(told(each), each.payload) for each in shown.changes]
        at, more, opening = shown.next_cursor, shown.has_more, False
        left = None if left is None else left - size
        yield b"".join([*lines, stream.mark(at.format(), has_more=more)])


def _plain(stretches: Iterable[bytes]) -> Iterator[bytes]:
    yield from stretches


def _gzipped(stretches: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6, wbits=_GZIP)
    for each in stretches:  # whole with each mark: a phone reads it while the next is on its way
        yield packer.compress(each) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()


def _zstd(stretches: Iterable[bytes]) -> Iterator[bytes]:
    packer = zstandard.ZstdCompressor(level=6).compressobj()
    for each in stretches:
        yield packer.compress(each) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    yield packer.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)


_PACKERS = {"": _plain, "gzip": _gzipped, "zstd": _zstd}
