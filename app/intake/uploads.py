"""Files on their way: what has arrived of each is on the disk, and goes on where it broke off.

One folder for each account; a file is called by the sha256 that it will have. When the last byte is
there and the digest is right, it moves among the attachments.
"""

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from typing import IO, Final

from app.core.settings import Settings
from app.intake.blobs import ObjectBlobs

SHA256: Final = re.compile(r"[0-9a-f]{64}")
STALE_SECONDS: Final = 7 * 24 * 3600


class Busy(Exception):  # noqa: N818 - says what it is
    """Another request is writing to this upload."""


class WrongPlace(Exception):  # noqa: N818 - says what it is
    """The bytes would not go on where the upload stands; `offset` tells where that is."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the upload stands at {offset}")
        self.offset = offset


class WrongDigest(Exception):  # noqa: N818 - says what it is
    """The whole file is another than the one announced; it was let go, to begin again."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that an account brings: its sha256, its length, and how much of it is here."""

    digest: str
    length: int
    offset: int


class Uploads:
    """The unfinished files of one account."""

    def __init__(self, settings: Settings, account: str) -> None:
        self._folder = settings.data_dir / "uploads" / account
        self._blobs = ObjectBlobs.of(settings)

    def begin(self, digest: str, length: int) -> Upload:
        """Make room for a file, or find what is here of it. Raises WrongDigest."""
        found = self.find(digest)
        if found is not None:
            return found
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._forget_stale()
        self._length_file(digest).write_text(str(length))
        self._part(digest).touch()
        begun = self._part(digest).stat().st_size
        if begun >= length:
            begun = self.settle(Upload(digest, length, begun))
        return Upload(digest, length, begun)

    def find(self, digest: str) -> Upload | None:
        """Give how far a file has come; told to be whole only where it is among the attachments.

        The process may have died, or the store failed, when the last byte was here already: then
        the file moves on now.
        """
        size = self._blobs.size(digest)
        if size is not None:
            return Upload(digest, size, size)
        try:
            length = int(self._length_file(digest).read_text())
            upload = Upload(digest, length, self._part(digest).stat().st_size)
            return upload if upload.offset < length else replace(upload, offset=self.settle(upload))
        except (FileNotFoundError, ValueError, WrongDigest):  # ValueError: died when noting it
            return None

    @contextmanager
    def writing(self, upload: Upload, offset: int) -> Iterator[IO[bytes]]:
        """Open an upload to go on at `offset`; what was written stays, however this ends.

        Raises Busy, WrongPlace.
        """
        with self._part(upload.digest).open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy from None
            here = file.seek(0, os.SEEK_END)
            if here != offset:
                raise WrongPlace(here)
            yield file

    def settle(self, upload: Upload) -> int:
        """Force what arrived onto the disk and give how much that is; a whole file moves on.

        Raises WrongDigest.
        """
        part = self._part(upload.digest)
        try:
            with part.open("rb") as file:
                os.fsync(file.fileno())
                size = file.seek(0, os.SEEK_END)
                if size < upload.length:
                    return size
                file.seek(0)
                if file_digest(file, "sha256").hexdigest() != upload.digest:
                    self.drop(upload.digest)
                    raise WrongDigest
            self._blobs.put_file(upload.digest, part)
        except FileNotFoundError:  # another request settled it in the meantime
            if self._blobs.size(upload.digest) is None:
                raise WrongDigest from None
            return upload.length
        self.drop(upload.digest)
        return size

    def drop(self, digest: str) -> None:
        """Let an unfinished file go."""
        for path in (self._part(digest), self._length_file(digest)):
            path.unlink(missing_ok=True)

    def _part(self, digest: str) -> Path:
        return self._folder / f"{digest}.part"

    def _length_file(self, digest: str) -> Path:
        return self._folder / f"{digest}.length"

    def _forget_stale(self) -> None:
        """Let go what nobody has gone on with for a week."""
        oldest = time.time() - STALE_SECONDS
        for part in self._folder.glob("*.part"):
            with suppress(FileNotFoundError):  # it arrived, or was let go, this very moment
                if part.stat().st_mtime < oldest:
                    self.drop(part.stem)
