"""Receiving a multipart submission without holding it in memory."""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from sync.envelope import Attachment
from sync.errors import Unreadable

SUBMISSION_PART = "xml_submission_file"
_IN_MEMORY = 128 * 1024  # bytes; what is longer goes to a temporary file
_CHUNK = 64 * 1024
_MOST_FILES = 200
_LONGEST_BOUNDARY = 70  # RFC 2046
_TRAILER = 1024  # what a client may write behind the last boundary
SMALL = 100_000  # bytes; what a submission without files has
_KIND = re.compile(r"multipart/form-data; *boundary=([A-Za-z0-9'()+_,./:=?-]{1,70})")
_LONE = re.compile(
    rb'content-disposition: *form-data; *name="xml_submission_file"; *filename="[^"\\\r\n]*"'
    rb"(\r\ncontent-type: *[a-z/+-]+(; *charset=utf-8)?)?",
    re.IGNORECASE,
)


class FileStore(Protocol):
    """Where attachments go."""

    def put_file(self, digest: str, file: IO[bytes]) -> None:
        """Keep a file whose digest was checked, from where it stands to its end."""
        ...


@dataclass(frozen=True, slots=True)
class Parcel:
    """One request as it came: its raw bytes, and its parts where it is a multipart at all."""

    whole: SpooledTemporaryFile[bytes]
    form: FormData | None
    is_multipart: bool
    lone: bytes | None = None  # its submission, where that is its only part

    @property
    def size(self) -> int:
        """Tell how many bytes the request had."""
        return self.whole.seek(0, SEEK_END)

    @property
    def held(self) -> int:
        """Tell how many bytes of it are read at once: its submission, or all, where it has none."""
        if self.lone is not None:
            return len(self.lone)
        part = self.form.get(SUBMISSION_PART) if self.form is not None else None
        if isinstance(part, UploadFile):
            return part.size or 0
        return self.size if part is None else len(part)

    @property
    def has_attachments(self) -> bool:
        """Tell whether there are files beside the submission."""
        items = self.form.multi_items() if self.form is not None else []
        return any(isinstance(file, UploadFile) and name != SUBMISSION_PART for name, file in items)

    def raw(self) -> bytes:
        """Give every byte of the request, for quarantine."""
        self.whole.seek(0)
        return self.whole.read()

    def evidence(self) -> bytes:
        """Give what to keep of an unreadable request: its XML part where there is one, else all.

        The rest of a multipart differs from one try to the next, and its files are kept already.
        """
        try:
            return self.submission()
        except Unreadable:
            return self.raw()

    def submission(self) -> bytes:
        """Give the XML of the submission. Raises Unreadable where the request holds none."""
        if self.lone is not None:
            return self.lone
        if not self.is_multipart:
            return self.raw()  # some clients post the XML alone
        part = self.form.get(SUBMISSION_PART) if self.form is not None else None
        if isinstance(part, UploadFile):
            part.file.seek(0)
            return part.file.read()
        if isinstance(part, str):
            return part.encode()
        raise Unreadable("half_multipart")

    def keep_attachments(self, blobs: FileStore) -> tuple[Attachment, ...]:
        """Store every other file by its content; what this returns is durable."""
        items = self.form.multi_items() if self.form is not None else []
        return tuple(
            _keep(name, file, blobs)
            for name, file in items
            if isinstance(file, UploadFile) and name != SUBMISSION_PART
        )


@asynccontextmanager
async def received(request: Request) -> AsyncIterator[Parcel]:
    """Read a request to its end, to disk where it is long, and part it."""
    kind = request.headers.get("content-type", "")
    is_multipart = kind.lower().startswith("multipart/form-data")
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as whole:
        async for chunk in request.stream():
            whole.write(chunk)
        lone = _lone(kind, whole) if is_multipart else None
        form = await _parted(request, whole) if is_multipart and lone is None else None
        try:
            yield Parcel(whole, form, is_multipart, lone)
        finally:
            if form is not None:
                await form.close()


def _lone(kind: str, whole: SpooledTemporaryFile[bytes]) -> bytes | None:
    """Give the submission that is the only part, as clients write it; None: let a parser see.

    The parser gives the same bytes, and costs more than the rest of the door.
    """
    if whole.tell() > SMALL:
        return None
    whole.seek(0)
    return lone_submission(kind, whole.read())


def lone_submission(kind: str, body: bytes) -> bytes | None:
    """Give the submission that is the only part of a small multipart; None: let a parser see."""
    told = _KIND.fullmatch(kind)
    if told is None:
        return None
    edge = b"--" + told[1].encode()
    head, _, rest = body.removeprefix(edge + b"\r\n").partition(b"\r\n\r\n")
    content, _, trailer = rest.rpartition(b"\r\n" + edge)
    is_plain = body.startswith(edge + b"\r\n") and body.count(edge) == 2  # noqa: PLR2004 - ends
    if not is_plain or trailer.rstrip(b"\r\n") != b"--" or not _LONE.fullmatch(head):
        return None
    return content


def _is_whole(kind: str, whole: SpooledTemporaryFile[bytes]) -> bool:
    """Tell whether a multipart ends as it says it would: its parts are then all there."""
    boundary = parse_options_header(kind)[1].get(b"boundary", b"")
    if not 0 < len(boundary) <= _LONGEST_BOUNDARY:
        return False
    size = whole.seek(0, SEEK_END)
    whole.seek(max(0, size - len(boundary) - _TRAILER))
    return b"--" + boundary + b"--" in whole.read()


async def _parted(request: Request, whole: SpooledTemporaryFile[bytes]) -> FormData | None:
    kind = request.headers.get("content-type", "")
    if not _is_whole(kind, whole):
        return None
    whole.seek(0)

    async def chunks() -> AsyncGenerator[bytes, None]:
        while chunk := whole.read(_CHUNK):
            yield chunk
        yield b""

    parser = MultiPartParser(
        request.headers, chunks(), max_files=_MOST_FILES, max_part_size=16_000_000
    )
    try:
        return await parser.parse()
    except (MultiPartException, KeyError, ValueError):
        return None


def _keep(name: str, file: UploadFile, blobs: FileStore) -> Attachment:
    file.file.seek(0)
    digest, size = sha256(), 0
    while chunk := file.file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    file.file.seek(0)
    blobs.put_file(digest.hexdigest(), file.file)
    told = "".join(each for each in file.filename or name if each.isprintable())
    return Attachment(name=told[:200] or "file", sha256=digest.hexdigest(), size=size)
