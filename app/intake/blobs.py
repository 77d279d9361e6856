"""Attachments, kept by the sha256 of their content, in a directory or an object store."""

import os
from collections.abc import Iterable
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any, Final

import obstore
from obstore.store import LocalStore, from_url

from app.core.settings import Settings
from sync.blobs import check_content

_PIECE: Final = 5 * 1024 * 1024  # bytes; S3 takes no smaller ones
_LOCAL_PIECE: Final = 256 * 1024
_FEW: Final = BoundedSemaphore(8)  # files on their way at one time, each with a piece in memory


class ObjectBlobs:
    """The port of `sync.blobs` on an object store; what `put` returned from stays after a crash."""

    def __init__(self, store: Any, directory: Path | None) -> None:  # noqa: ANN401 - any obstore
        self._store = store
        self._directory = directory

    @classmethod
    def of(cls, settings: Settings) -> "ObjectBlobs":
        """Open the store that the settings name."""
        url = settings.blob_url
        if url is None or url.startswith("file://"):
            path = Path(url.removeprefix("file://")) if url else settings.data_dir / "blobs"
            path.mkdir(mode=0o700, parents=True, exist_ok=True)  # photos are for nobody else
            return cls(LocalStore(path.resolve()), path.resolve())
        return cls(from_url(url), None)

    def put(self, digest: str, content: bytes) -> None:
        """Keep content under its digest; raises WrongContent where they do not belong together."""
        check_content(digest, content)
        obstore.put(self._store, _key(digest), content)
        if self._directory is not None:
            settle(self._directory / _key(digest), self._directory)

    def put_file(self, digest: str, file: Path | IO[bytes]) -> None:
        """Keep a file whose digest was checked; it is read in pieces, never held whole."""
        piece = _PIECE if self._directory is None else _LOCAL_PIECE
        with _FEW:
            obstore.put(self._store, _key(digest), file, chunk_size=piece, max_concurrency=1)
        if self._directory is not None:
            settle(self._directory / _key(digest), self._directory)

    def size(self, digest: str) -> int | None:
        """Give the length of content by digest, or None."""
        try:
            return int(obstore.head(self._store, _key(digest))["size"])
        except FileNotFoundError:
            return None

    def get(self, digest: str) -> bytes | None:
        """Give content by digest, or None."""
        try:
            return bytes(obstore.get(self._store, _key(digest)).bytes())
        except FileNotFoundError:
            return None

    def held(self, digests: Iterable[str]) -> frozenset[str]:
        """Give those of the digests whose content is here."""
        return frozenset(digest for digest in digests if self._has(digest))

    def _has(self, digest: str) -> bool:
        return self.size(digest) is not None


def _key(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def settle(file: Path, root: Path) -> None:
    """Force a file and the directories that lead to it onto the disk."""
    below = [root / part for part in file.relative_to(root).parents]
    for path in (file, *below):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
