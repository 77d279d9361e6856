"""Receipts that a device can show to anybody: signed by the server, checked without it.

What is signed is one line: the words `se2026 receipt 1` and the receipt as canonical JSON. The key
follows from the office's secret; whoever knows the public key can tell a receipt from a forgery.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.receipts import Receipt

_WORDS: Final = b"se2026 receipt 1\n"
_NAME_LENGTH: Final = 16
_quoted: Final = json.encoder.encode_basestring_ascii


class Signer(Protocol):
    """Whoever signs receipts."""

    def sign(self, receipts: Sequence[Receipt]) -> list[Receipt]:
        """Give the receipts with their signatures."""
        ...


@dataclass(frozen=True)
class Signature:
    """The key pair that follows from a secret."""

    private: Ed25519PrivateKey

    @classmethod
    def of(cls, secret: bytes) -> "Signature":
        """Derive the key pair from the office's secret."""
        kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"se2026 receipts")
        return cls(Ed25519PrivateKey.from_private_bytes(kdf.derive(secret)))

    @cached_property
    def public(self) -> bytes:
        """Give the public key, 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    @cached_property
    def jwk(self) -> dict[str, str]:
        """Give the public key as RFC 8037 writes it."""
        return {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": _text(self.public),
            "kid": key_id(self.public),
            "use": "sig",
            "alg": "EdDSA",
        }

    def sign(self, receipts: Sequence[Receipt]) -> list[Receipt]:
        """Give the receipts with their signatures."""
        return [
            replace(each, signature=_text(self.private.sign(statement(each)))) for each in receipts
        ]


def statement(receipt: Receipt) -> bytes:
    """Give the bytes that a receipt's signature is about."""
    told = (
        f'{{"backed_up_through":{receipt.backed_up_through},"epoch":{receipt.epoch},'
        f'"instance_id":{_quoted(receipt.instance_id)},"lane":{_quoted(receipt.lane)},'
        f'"outcome":{_quoted(receipt.outcome)},"position":{receipt.position},'
        f'"sha256":{_quoted(receipt.digest)}}}'
    )
    return _WORDS + told.encode("ascii")


def is_genuine(receipt: Receipt, public: bytes) -> bool:
    """Tell whether a receipt was signed by the holder of a public key."""
    try:
        signature = _bytes(receipt.signature)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, statement(receipt))
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public: bytes) -> str:
    """Give a short name for a public key."""
    return sha256(public).hexdigest()[:_NAME_LENGTH]


def public_of(jwk: dict[str, object]) -> bytes:
    """Give the public key that a JWK holds. Raises ValueError."""
    told = jwk.get("x")
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or not isinstance(told, str):
        raise ValueError("this is no Ed25519 key")
    return _bytes(told)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
