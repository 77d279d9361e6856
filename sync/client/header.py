"""The line before an envelope's body on a device's disk."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sync.envelope import Attachment, Envelope, read_time


def header_of(envelope: Envelope) -> dict[str, object]:
    """Give all of an envelope but its body."""
    told = asdict(envelope)
    del told["body"]
    captured = envelope.captured_at
    return {**told, "captured_at": captured.isoformat() if captured else None}


def header_in(path: Path) -> dict[str, object]:
    """Read the header of a file, and no more of it."""
    with path.open("rb") as file:
        header: dict[str, object] = json.loads(file.readline())
    return header


def envelope_of(header: Mapping[str, Any], body: bytes) -> Envelope:
    """Put an envelope together again."""
    return Envelope(
        kind=header["kind"],
        instance_id=header["instance_id"],
        form_id=header["form_id"],
        form_version=header["form_version"],
        body=body,
        device=header["device"],
        captured_at=read_time(header["captured_at"]),
        prior_instance_id=header["prior_instance_id"],
        attachments=tuple(Attachment(**each) for each in attached(header)),
    )


def attached(header: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the files of an envelope, each with its digest."""
    return list(header["attachments"])
