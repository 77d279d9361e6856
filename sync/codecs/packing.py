"""Undoing a Content-Encoding within bounds, however small a bomb is sent."""

import zlib
from typing import Final

import zstandard

from sync.errors import Unreadable

MAX_REQUEST_BYTES: Final = 32_000_000
_LARGEST_WINDOW: Final = 8 * 1024 * 1024  # bytes; what RFC 8878 asks every decoder to take
_MOUTHFUL: Final = 64  # bytes; so many never unpack to more than two megabytes
_ANY_HEADER: Final = 32  # zlib's word for "gzip or zlib, whichever it is"


def inflate(body: bytes, encoding: str | None, *, max_bytes: int = MAX_REQUEST_BYTES) -> bytes:
    """Undo a Content-Encoding (zstd, gzip, deflate, identity or none) into at most `max_bytes`.

    Raises Unreadable (too_large, bad_encoding, unknown_encoding). Never inflates further than
    the limit, however small the input.
    """
    name = (encoding or "identity").strip().lower()
    if name == "identity":
        if len(body) > max_bytes:
            raise Unreadable("too_large")
        return body
    if name == "zstd":
        return _unpacked(body, max_bytes)
    if name not in {"gzip", "x-gzip", "deflate"}:
        raise Unreadable("unknown_encoding")
    bare = name == "deflate" and not _has_zlib_header(body)
    stream = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | _ANY_HEADER)
    try:
        plain = stream.decompress(body, max_bytes + 1)
    except zlib.error:
        raise Unreadable("bad_encoding") from None
    if len(plain) > max_bytes:
        raise Unreadable("too_large")
    if not stream.eof or stream.unused_data:
        raise Unreadable("bad_encoding")
    return plain


def _unpacked(body: bytes, max_bytes: int) -> bytes:
    """Undo zstd, which asks for no more than 8 MB of window; one frame, whole."""
    stream = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).decompressobj()
    plain = bytearray()
    try:
        for start in range(0, len(body), _MOUTHFUL):
            plain += stream.decompress(body[start : start + _MOUTHFUL])
            if len(plain) > max_bytes:
                raise Unreadable("too_large")
            if stream.eof and (stream.unused_data or start + _MOUTHFUL < len(body)):
                raise Unreadable("bad_encoding")
    except zstandard.ZstdError:
        raise Unreadable("bad_encoding") from None
    if not stream.eof:
        raise Unreadable("bad_encoding")
    return bytes(plain)


def _has_zlib_header(body: bytes) -> bool:
    """Tell `deflate` as it is defined from the bare stream that some clients send (RFC 1950)."""
    head = int.from_bytes(body[:2], "big")
    return head >> 8 & 0x0F == zlib.DEFLATED and head % 31 == 0
