from hashlib import sha256

import pytest

from sync.blobs import MemoryBlobs
from sync.errors import WrongContent

DIGEST = sha256(b"photo").hexdigest()


def test_a_blob_is_kept_by_its_content() -> None:
    blobs = MemoryBlobs()
    blobs.put(DIGEST, b"photo")
    blobs.put(DIGEST, b"photo")
    assert blobs.get(DIGEST) == b"photo"
    assert blobs.held([DIGEST, "0" * 64]) == {DIGEST}
    assert blobs.get("0" * 64) is None


def test_a_blob_with_other_content_is_not_kept() -> None:
    blobs = MemoryBlobs()
    with pytest.raises(WrongContent):
        blobs.put(DIGEST, b"another photo")
    assert blobs.get(DIGEST) is None
