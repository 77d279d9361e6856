"""Where the next page begins, as a text that a caller hands back."""

import base64
import binascii
import json

from app.core.problems import Invalid


def marker(*parts: str) -> str:
    """Give a marker that holds these parts."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def read_marker(text: str, length: int) -> list[str]:
    """Read a marker of so many parts; empty at the beginning. Raises Invalid."""
    if not text:
        return []
    try:
        parts = json.loads(base64.b64decode(text.encode(), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        parts = None
    good = isinstance(parts, list) and all(isinstance(each, str) for each in parts)
    if not good or len(parts) != length or not all(each.isprintable() for each in parts):
        raise Invalid(
            "Penanda halaman ini tidak dikenal. Mulai lagi tanpa cursor.",
            "This page marker is not one of ours. Begin again without a cursor.",
        )
    return list(parts)
