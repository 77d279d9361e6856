"""Walk a lane of the journal and hold every entry against its hash."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from app.intake.repository import walk
from sync.journal import Break, Entry, breaks


@dataclass(slots=True)
class Walked:
    """How far a walk has come."""

    entries: int = 0


def verify(session: Session, lane: str, walked: Walked) -> list[Break]:
    """Give every place where the chain fails; `walked` counts along the way."""

    def counted() -> Iterator[Entry]:
        for entry in walk(session, lane):
            walked.entries += 1
            yield entry

    return list(breaks(counted()))
