"""A stretch of one lane's journal, or any other content, as a sealed file that may leave the house.

Packed by zstd, encrypted by AES-256-GCM, its header and content signed by Ed25519. Both keys follow
from one secret that is kept outside the database. The same content under the same secret gives the
same bytes, so that shipping twice changes nothing: the nonce follows from key, header and content.

    magic   11 bytes   SE2026SEG1 and a line feed
    length   4 bytes   of the header, big-endian
    header   JSON, canonical; names the content and the sha256 of what follows the signature
    signed  64 bytes   Ed25519 over magic, length and header
    sealed             AES-256-GCM of the packed content; the header without `sealed_sha256` is
                       authenticated with it
"""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import zstandard
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.envelope import Attachment
from sync.journal import Entry
from sync.receipts import Outcome

MAGIC: Final = b"SE2026SEG1\n"
SUFFIX: Final = ".seg"
_SIGNATURE: Final = 64
_LENGTH: Final = 4
_NONCE: Final = 12
_LONGEST_HEADER: Final = 1_000_000
_LEVEL: Final = 9


class BadSegment(Exception):  # noqa: N818 - says what it is
    """A file that is no segment, was altered, or was sealed under another secret."""


@dataclass(frozen=True, slots=True)
class Seal:
    """The keys that follow from a secret of at least 32 bytes."""

    encrypting: bytes
    signing: Ed25519PrivateKey

    @classmethod
    def of(cls, secret: bytes) -> "Seal":
        """Derive the keys. Raises ValueError for a secret that is too short."""
        if len(secret) < 32:  # noqa: PLR2004 - bytes of an AES-256 key
            raise ValueError("A backup secret has at least 32 bytes.")
        return cls(
            _derived(secret, b"se2026 segment encryption"),
            Ed25519PrivateKey.from_private_bytes(_derived(secret, b"se2026 segment signature")),
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """A segment whose signature and content are as they were sealed."""

    header: Mapping[str, Any]
    content: bytes


def seal(seal_: Seal, header: Mapping[str, Any], content: bytes) -> bytes:
    """Seal content under a header of JSON values."""
    packed = zstandard.ZstdCompressor(level=_LEVEL).compress(content)
    told = _canonical(header)
    nonce = _synthetic(seal_.encrypting, told, packed)
    sealed = nonce + AESGCM(seal_.encrypting).encrypt(nonce, packed, told)
    whole = _canonical({**header, "sealed_sha256": sha256(sealed).hexdigest()})
    head = MAGIC + len(whole).to_bytes(_LENGTH, "big") + whole
    return head + seal_.signing.sign(head) + sealed


def unseal(seal_: Seal, segment: bytes) -> Opened:
    """Open a segment. Raises BadSegment."""
    header, told, sealed = _parts(seal_, segment)
    try:
        packed = AESGCM(seal_.encrypting).decrypt(sealed[:_NONCE], sealed[_NONCE:], told)
        content = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    except (InvalidTag, zstandard.ZstdError) as error:
        raise BadSegment("the content cannot be opened with this secret") from error
    return Opened(header, content)


def _parts(seal_: Seal, segment: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """Give the checked header, what was authenticated of it, and the sealed content."""
    start = len(MAGIC) + _LENGTH
    length = int.from_bytes(segment[len(MAGIC) : start], "big")
    if not segment.startswith(MAGIC) or length > _LONGEST_HEADER:
        raise BadSegment("this is no segment")
    head, rest = segment[: start + length], segment[start + length :]
    signature, sealed = rest[:_SIGNATURE], rest[_SIGNATURE:]
    try:
        seal_.signing.public_key().verify(signature, head)
        whole: dict[str, Any] = json.loads(head[start:])
    except (InvalidSignature, ValueError) as error:
        raise BadSegment("the signature is not ours, or the header was altered") from error
    if whole.pop("sealed_sha256", None) != sha256(sealed).hexdigest():
        raise BadSegment("the content was altered or cut")
    return whole, _canonical(whole), sealed


def encode_entries(entries: Iterable[Entry]) -> bytes:
    """Write entries as lines of JSON, every field of each."""
    return b"".join(_canonical(_told(entry)) + b"\n" for entry in entries)


def decode_entries(content: bytes) -> list[Entry]:
    """Read what `encode_entries` wrote. Raises BadSegment."""
    try:
        return [_entry(json.loads(line)) for line in content.splitlines()]
    except (ValueError, TypeError, KeyError) as error:
        raise BadSegment("the lines are no journal entries") from error


def _told(entry: Entry) -> dict[str, Any]:
    captured = entry.captured_at
    return {
        **{name: getattr(entry, name) for name in Entry.__slots__},
        "outcome": str(entry.outcome),
        "captured_at": captured.isoformat() if captured else None,
        "received_at": entry.received_at.isoformat(),
        "body": b64encode(entry.body).decode("ascii"),
        "attachments": [asdict(each) for each in entry.attachments],
    }


def _entry(told: dict[str, Any]) -> Entry:
    captured = told["captured_at"]
    return Entry(
        **{
            **told,
            "outcome": Outcome(told["outcome"]),
            "captured_at": datetime.fromisoformat(captured) if captured else None,
            "received_at": datetime.fromisoformat(told["received_at"]),
            "body": b64decode(told["body"], validate=True),
            "attachments": tuple(Attachment(**each) for each in told["attachments"]),
        }
    )


def _canonical(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode("ascii")


def _synthetic(key: bytes, told: bytes, packed: bytes) -> bytes:
    """Give a nonce that no other content under this key has."""
    return hmac.digest(key, sha256(told).digest() + sha256(packed).digest(), "sha256")[:_NONCE]


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)
