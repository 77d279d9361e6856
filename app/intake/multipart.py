"""Receiving a multipart submission without holding it in memory."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from tempfile import SpooledTemporaryFile

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from sync.blobs import BlobStore
from sync.envelope import Attachment
from sync.errors import Unreadable

SUBMISSION_PART = "xml_submission_file"
_IN_MEMORY = 1_000_000  # bytes; what is longer goes to a temporary file
_CHUNK = 64 * 1024
_MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Parcel:
    """One request as it came: its raw bytes, and its parts where it is a multipart at all."""

    whole: SpooledTemporaryFile[bytes]
    form: FormData | None
    is_multipart: bool

    def raw(self) -> bytes:
        """Give every byte of the request, for quarantine."""
        self.whole.seek(0)
        return self.whole.read()

    def submission(self) -> bytes:
        """Give the XML of the submission. Raises Unreadable where the request holds none."""
        if not self.is_multipart:
            return self.raw()  # some clients post the XML alone
        part = self.form.get(SUBMISSION_PART) if self.form is not None else None
        if isinstance(part, UploadFile):
            part.file.seek(0)
            return part.file.read()
        if isinstance(part, str):
            return part.encode()
        raise Unreadable("half_multipart")

    def keep_attachments(self, blobs: BlobStore) -> tuple[Attachment, ...]:
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
        whole.seek(0)
        form = await _parted(request, whole) if is_multipart else None
        try:
            yield Parcel(whole, form, is_multipart)
        finally:
            if form is not None:
                await form.close()


async def _parted(request: Request, whole: SpooledTemporaryFile[bytes]) -> FormData | None:
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


def _keep(name: str, file: UploadFile, blobs: BlobStore) -> Attachment:
    file.file.seek(0)
    content = file.file.read()
    digest = sha256(content).hexdigest()
    blobs.put(digest, content)
    return Attachment(name=(file.filename or name)[:200], sha256=digest, size=len(content))
