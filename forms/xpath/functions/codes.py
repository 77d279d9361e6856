"""Digests and base64."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from forms.xpath.context import Unknown, World
from forms.xpath.operand import Context, Evaluator, Function, Functions, Here, Operand, eager
from forms.xpath.values import Value, to_text

_DIGESTS: dict[str, Callable[[bytes], Any]] = {
    # MD5 and SHA-1 are ODK's: forms use them to shorten, not to protect
    "MD5": lambda body: hashlib.md5(body, usedforsecurity=False),
    "SHA-1": lambda body: hashlib.sha1(body, usedforsecurity=False),
    "SHA-256": hashlib.sha256,
    "SHA-384": hashlib.sha384,
    "SHA-512": hashlib.sha512,
}


def _digest(value: Value, algorithm: Value, encoding: Value = "base64") -> str:
    make = _DIGESTS.get(to_text(algorithm).upper())
    if make is None:
        raise Unknown
    digest = make(to_text(value).encode())
    if to_text(encoding).lower() == "hex":
        return str(digest.hexdigest())
    return base64.b64encode(digest.digest()).decode()


def _signed(context: Context, _: Sequence[Operand]) -> Evaluator:
    """Take the device's word for what a signed text holds."""
    context.facts.volatile = True

    def evaluate(_world: World, _here: Here) -> str:
        raise Unknown

    return evaluate


def _decode(value: Value) -> str:
    """UTF-8 text from base64, white space aside; '' when it is not base64."""
    try:
        body = "".join(to_text(value).split()).encode()
        return base64.b64decode(body, validate=True).decode(errors="replace")
    except binascii.Error:
        return ""


FUNCTIONS: Functions = {
    "digest": eager(_digest, 2, 3),
    "extract-signed": Function(_signed, 2, 2),
    "base64-decode": eager(_decode, 1),
}
