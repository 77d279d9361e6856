"""Attachments over tus 1.0: resumable after any break, each named by its sha256.

`POST /api/v1/sync/files` announces a file (`Upload-Length`, and `Upload-Metadata: sha256 …` with
the digest in base64), `HEAD` tells how much is here, `PATCH` brings more. The address of a file is
its digest, so that a device that forgot everything finds its upload again.
"""

from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Annotated, Final

import anyio
from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.auth.actor import Actor, handing_in
from app.auth.models import FIELD_STAFF
from app.core.office import office_of
from app.core.problems import Conflict, Invalid, NotFound, Problem, TooLarge
from app.intake.uploads import SHA256, Busy, Upload, Uploads, WrongDigest, WrongPlace

router = APIRouter(prefix="/api/v1/sync/files", tags=["sync"])
Officer = Annotated[Actor, Depends(handing_in(*FIELD_STAFF))]
VERSION: Final = "1.0.0"
SILENCE_SECONDS: Final = 30  # without a byte
_BODY: Final = "application/offset+octet-stream"
_HEADERS: Final = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}


class Locked(Problem):
    """Another request is writing to the same upload."""

    status = 423
    code = "locked"


class Silent(Problem):
    """Nothing came for so long that the line must be dead; the upload is free for another."""

    status = 408
    code = "silent"


class ChecksumMismatch(Problem):
    """The file that came is not the one that was announced."""

    status = 460  # as tus has it
    code = "checksum_mismatch"


def _uploads(request: Request, actor: Officer) -> Uploads:
    if request.method != "OPTIONS" and request.headers.get("tus-resumable") != VERSION:
        raise Invalid(
            "Protokol unggahan ini tidak dikenal; gunakan tus 1.0.0.",
            "This upload protocol is unknown; please use tus 1.0.0.",
            code="unknown_protocol",
        )
    return Uploads(office_of(request).settings, str(actor.id))


Mine = Annotated[Uploads, Depends(_uploads)]


@router.options("")
def tell_protocol(request: Request) -> Response:
    """Tell what this door speaks."""
    told = {
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,termination",
        "Tus-Max-Size": str(_limit(request)),
    }
    return Response(status_code=204, headers={**_HEADERS, **told})


@router.post("")
def announce(request: Request, mine: Mine) -> Response:
    """Make room for a file; where it is here already, the answer tells so."""
    length, digest = _length(request), _announced(request)
    if length > _limit(request):
        raise TooLarge(
            f"Berkas terlalu besar; paling banyak {_limit(request):,} bita.",
            f"The file is too large; at most {_limit(request):,} bytes.",
        )
    try:
        upload = mine.begin(digest, length)
    except WrongDigest:
        raise _wrong() from None
    where = {"Location": f"/api/v1/sync/files/{digest}", "Upload-Offset": str(upload.offset)}
    return Response(status_code=201, headers={**_HEADERS, **where})


@router.head("/{digest}")
def tell_offset(mine: Mine, digest: str) -> Response:
    """Tell how much of a file is here."""
    upload = _found(mine, digest)
    told = {"Upload-Offset": str(upload.offset), "Upload-Length": str(upload.length)}
    return Response(status_code=200, headers={**_HEADERS, **told})


@router.patch("/{digest}")
async def go_on(request: Request, mine: Mine, digest: str) -> Response:
    """Take more of a file, chunk by chunk onto the disk; what came before a break stays."""
    if request.headers.get("content-type") != _BODY:
        raise Invalid(f"Kirim sebagai {_BODY}.", f"Please send it as {_BODY}.")
    upload = await run_in_threadpool(_found, mine, digest)
    if upload.offset == upload.length:
        return _stands_at(upload.length)
    try:
        await _receive(request, mine, upload)
        offset = await run_in_threadpool(mine.settle, upload)
    except Busy:
        raise Locked(
            "Unggahan ini sedang ditulis oleh permintaan lain. Coba lagi setengah menit lagi.",
            "Another request is writing this upload. Please try again in half a minute.",
        ) from None
    except WrongPlace as error:
        raise Conflict(
            f"Unggahan ini sudah sampai {error.offset}; lanjutkan dari sana.",
            f"The upload stands at {error.offset}; please go on from there.",
        ) from None
    except WrongDigest:
        raise _wrong() from None
    return _stands_at(offset)


def _wrong() -> ChecksumMismatch:
    return ChecksumMismatch(
        "Berkas yang tiba bukan yang diumumkan. Kirim ulang dari awal.",
        "The file that came is not the one announced. Please send it again from the start.",
    )


def _stands_at(offset: int) -> Response:
    return Response(status_code=204, headers={**_HEADERS, "Upload-Offset": str(offset)})


@router.delete("/{digest}")
def let_go(mine: Mine, digest: str) -> Response:
    """Let an unfinished file go."""
    _found(mine, digest)
    mine.drop(digest)
    return Response(status_code=204, headers=_HEADERS)


async def _receive(request: Request, mine: Uploads, upload: Upload) -> None:
    """Write what comes, up to the announced length.

    A phone that lost its line tells nobody: it comes back by another one, and would find the upload
    locked by the request that died.
    """
    room = upload.length - _number(request, "upload-offset")
    with mine.writing(upload, _number(request, "upload-offset")) as file:
        stream = aiter(request.stream())
        while (chunk := await _next(stream)) is not None:
            file.write(chunk[:room])
            room -= min(room, len(chunk))


async def _next(stream: AsyncIterator[bytes]) -> bytes | None:
    """Give what comes next, None at the end. Raises Silent, ClientDisconnect."""
    try:
        with anyio.fail_after(SILENCE_SECONDS):
            return await anext(stream, None)
    except TimeoutError:
        raise Silent(
            "Sambungan diam terlalu lama. Tanyakan sampai mana dengan HEAD, lalu lanjutkan.",
            "The line was silent for too long. Ask by HEAD how far it came, then go on.",
        ) from None


def _found(mine: Uploads, digest: str) -> Upload:
    upload = mine.find(digest) if SHA256.fullmatch(digest) else None
    if upload is None:
        raise NotFound
    return upload


def _limit(request: Request) -> int:
    return office_of(request).settings.max_request_mb * 1_000_000


def _length(request: Request) -> int:
    return _number(request, "upload-length")


def _number(request: Request, name: str) -> int:
    told = request.headers.get(name, "")
    if not (told.isascii() and told.isdecimal() and len(told) <= 15):  # noqa: PLR2004 - digits
        raise Invalid(f"{name} harus bilangan bulat.", f"{name} must be a whole number.")
    return int(told)


def _announced(request: Request) -> str:
    """Give the digest that the metadata tells."""
    pairs = (
        each.strip().split(" ") for each in request.headers.get("upload-metadata", "").split(",")
    )
    told = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}  # noqa: PLR2004 - key and value
    try:
        digest = b64decode(told.get("sha256", ""), validate=True).decode("ascii")
    except ValueError:
        digest = ""
    if not SHA256.fullmatch(digest):
        raise Invalid(
            "Upload-Metadata harus memuat sha256 berkas.",
            "Upload-Metadata must tell the file's sha256.",
        )
    return digest
