"""What travels: one submission or decision, and how it arrived."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

SUBMISSION: Final = "submission"

#: An identifier is part of database keys; longer ones would not fit an index.
MAX_IDENTIFIER: Final = 250

_FIRST_YEAR, _LAST_YEAR = 1970, 2200


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to an envelope, named by its content; `size` is in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One thing that somebody said, as it travels.

    `body` is kept byte for byte: the submission's XML, or the canonical JSON of a decision.
    `digest` is the sha256 of `body` in hexadecimal. `captured_at` is aware, or None where the
    device told no usable time. `prior_instance_id` names the version that this one replaces.
    """

    instance_id: str
    form_id: str
    form_version: str
    body: bytes = field(repr=False)
    device: str = ""
    captured_at: datetime | None = None
    prior_instance_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    kind: str = SUBMISSION
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", sha256(self.body).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How a batch came in: its lane (4 digits), who sent it, when (aware) and by which door."""

    lane: str
    actor: str
    received_at: datetime
    door: str

    def __post_init__(self) -> None:
        if self.received_at.tzinfo is None:
            raise ValueError("received_at must be aware: pass a time with its offset")


def canonical(document: Mapping[str, object]) -> bytes:
    """Write a decision's body: equal documents give equal bytes, hence one digest."""
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def read_time(text: str | None) -> datetime | None:
    """Read an ISO 8601 time with offset as UTC; None where it is missing, naive or absurd.

    A wrong clock never refuses a submission: its body keeps what the device said.
    """
    if not text:
        return None
    try:
        told = datetime.fromisoformat(text.strip())
        if told.tzinfo is None:
            return None
        utc = told.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return utc if _FIRST_YEAR <= utc.year < _LAST_YEAR else None


def is_identifier(text: str) -> bool:
    """Tell whether `text` can be a key: not blank, short enough, nothing unprintable in it."""
    return bool(text.strip()) and len(text) <= MAX_IDENTIFIER and text.isprintable()
