"""What entries say of who works where: read by all who derive something from it; pure."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sync.journal import Entry

ASSIGNMENT: Final = "assignment"  # kind of the entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """That somebody works a sub-SLS from now on; no officer: nobody does."""

    lane: str
    idsubsls: str
    officer: UUID | None
    note: str
    assigned_by: str
    assigned_at: datetime
    position: int


def assigned(entry: Entry) -> Assigned:
    """Read an entry of the kind `assignment`."""
    said = json.loads(entry.body)
    return Assigned(
        lane=entry.lane,
        idsubsls=said["idsubsls"],
        officer=UUID(said["officer"]) if said["officer"] else None,
        note=said["note"],
        assigned_by=entry.actor,
        assigned_at=entry.received_at,
        position=entry.position,
    )
