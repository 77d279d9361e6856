"""Projectors: readers of the journal that keep a read table true, each from its own cursor."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Session, SQLModel

from app.core.db import advisory_lock, table_of, writing
from app.intake.models import ProjectorCursor
from app.intake.repository import entries_after
from sync.journal import Entry

BATCH = 200
CURSOR = table_of(ProjectorCursor)


class Projector(Protocol):
    """Keeps `tables` equal to a fold over the journal of each lane."""

    @property
    def name(self) -> str:
        """Tell the name under which the cursor is kept."""
        ...

    @property
    def tables(self) -> Sequence[type[SQLModel]]:
        """Give the tables, each with a column `lane`, that a rebuild empties."""
        ...

    def apply(self, session: Session, lane: str, entries: Sequence[Entry]) -> None:
        """Take in the next entries of a lane; must not look beyond the last of them."""
        ...


def advance(engine: sa.Engine, projector: Projector, lane: str, *, batch: int = BATCH) -> int:
    """Let a projector take in its next batch; give how many entries that were."""
    with writing(engine) as session:
        advisory_lock(session, f"projector:{projector.name}", lane)
        return _step(session, projector, lane, batch)


def catch_up(engine: sa.Engine, projectors: Iterable[Projector], lane: str) -> int:
    """Advance every projector to the head of the lane; give how many entries were taken in."""
    taken = 0
    for projector in projectors:
        while count := advance(engine, projector, lane):
            taken += count
    return taken


def rebuild(engine: sa.Engine, projector: Projector, lane: str) -> int:
    """Empty the projector's tables for a lane and replay its journal, in one transaction.

    Readers see the old state until the new one is whole.
    """
    with writing(engine) as session:
        advisory_lock(session, f"projector:{projector.name}", lane)
        for model in reversed(list(projector.tables)):
            table = table_of(model)
            session.execute(sa.delete(table).where(table.c.lane == lane))
        session.execute(
            sa.delete(CURSOR).where(CURSOR.c.projector == projector.name, CURSOR.c.lane == lane)
        )
        taken = 0
        while count := _step(session, projector, lane, BATCH):
            taken += count
        return taken


def lag(session: Session, projectors: Iterable[Projector], heads: dict[str, int]) -> int:
    """Give how many entries the slowest projector still has before it, over all lanes."""
    rows = session.execute(sa.select(CURSOR.c.projector, CURSOR.c.lane, CURSOR.c.position))
    read = {(name, lane): position for name, lane, position in rows}
    return max(
        (
            head - read.get((projector.name, lane), 0)
            for projector in projectors
            for lane, head in heads.items()
        ),
        default=0,
    )


def _step(session: Session, projector: Projector, lane: str, batch: int) -> int:
    here = (CURSOR.c.projector == projector.name, CURSOR.c.lane == lane)
    position = session.execute(sa.select(CURSOR.c.position).where(*here)).scalar_one_or_none() or 0
    entries = entries_after(session, lane, position, batch)
    if not entries:
        return 0
    projector.apply(session, lane, entries)
    moved = postgresql.insert(CURSOR).values(
        projector=projector.name, lane=lane, position=entries[-1].position
    )
    session.execute(
        moved.on_conflict_do_update(
            index_elements=["projector", "lane"], set_={"position": moved.excluded.position}
        )
    )
    return len(entries)
