"""The only place that makes identity and chance."""

import secrets
import uuid

# Namespace of every name-based identity in this project: the same name gives the same id anywhere.
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://se2026.bps.go.id/field")


def new_id() -> uuid.UUID:
    """Give a fresh random identity."""
    return uuid.uuid4()  # noqa: TID251 - this is the one place


def named_id(*parts: str) -> uuid.UUID:
    """Give the identity of a name; equal parts give the equal id, for ever."""
    return uuid.uuid5(NAMESPACE, "\x1f".join(parts))


def new_token() -> str:
    """Give an opaque secret of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)
