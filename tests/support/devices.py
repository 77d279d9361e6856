"""Devices for tests: invented submissions, a clock that stands still, a sleep that only counts."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import httpx

from sync.client import Device, Patience, Spool
from sync.codecs.openrosa import read_envelope
from sync.envelope import Attachment, Envelope

NOON = datetime(2026, 6, 15, 5, 0, tzinfo=UTC)


def submission(name: str, answer: str = "1", files: dict[str, bytes] | None = None) -> Envelope:
    kept = [Attachment(n, sha256(c).hexdigest(), len(c)) for n, c in (files or {}).items()]
    meta = f"<meta><instanceID>{name}</instanceID></meta>"
    body = f'<data id="se2026_l" version="1"><presence>{answer}</presence>{meta}</data>'
    return read_envelope(body.encode(), device="tablet", attachments=kept)


@dataclass
class Field:
    """A device in the field, and how long it slept between its attempts."""

    device: Device
    spool: Spool
    pauses: list[float]


@contextmanager
def in_the_field(
    folder: Path, url: str, *, attempts: int = 4, keep: bool = False, clock: datetime = NOON
) -> Iterator[Field]:
    pauses: list[float] = []
    with Spool(folder) as spool, httpx.Client(base_url=url, timeout=10, verify=False) as http:
        device = Device(
            spool,
            http,
            name="tablet",
            clock=lambda: clock,
            sleep=pauses.append,
            chance=random.Random(7),
            patience=Patience(attempts=attempts, base=1.0, cap=60.0),
            keep=keep,
        )
        yield Field(device, spool, pauses)
