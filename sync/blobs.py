"""Where attachments are kept: the port, and a store in memory."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Protocol

from sync.errors import WrongContent


class BlobStore(Protocol):
    """Files by their content. A digest is the sha256 in hexadecimal; a blob never changes."""

    def put(self, digest: str, content: bytes) -> None:
        """Keep `content`; putting it again changes nothing. Raises WrongContent."""
        ...

    def get(self, digest: str) -> bytes | None:
        """Give the content, or None where the store does not hold it."""
        ...

    def held(self, digests: Iterable[str]) -> frozenset[str]:
        """Tell which of `digests` the store holds."""
        ...


def check_content(digest: str, content: bytes) -> None:
    """Raise WrongContent unless `content` has the digest."""
    if sha256(content).hexdigest() != digest:
        raise WrongContent("The file is not what its digest says: send it again.")


class MemoryBlobs:
    """The reference store; forgets when its process ends."""

    def __init__(self) -> None:
        self._blobs: dict[str, bytes] = {}

    def put(self, digest: str, content: bytes) -> None:
        """Keep `content` under its digest. Raises WrongContent."""
        check_content(digest, content)
        self._blobs[digest] = content

    def get(self, digest: str) -> bytes | None:
        """Give the content, or None."""
        return self._blobs.get(digest)

    def held(self, digests: Iterable[str]) -> frozenset[str]:
        """Tell which of `digests` the store holds."""
        return frozenset(digests) & self._blobs.keys()
