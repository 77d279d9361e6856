"""Projectors: readers of the journal that keep a read table true, each from its own cursor.

An entry that a projector cannot take in holds up nobody: it is skipped, noted in `skipped_entry`
and told in the log. It stays in the journal, so that a rebuild tries it again, with a program that
may have been mended.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql
from sqlmodel import Session, SQLModel

from app.core.db import advisory_lock, table_of, try_advisory_lock, writing
from app.core.statistics import Statistics, analyse, has_outgrown
from app.intake.feed import begin_anew, end_anew
from app.intake.models import ProjectorCursor, SkippedEntry
from app.intake.repository import entries_after
from sync.journal import Entry

BATCH = 200
CURSOR = table_of(ProjectorCursor)
SKIPPED = table_of(SkippedEntry)
LOG = structlog.get_logger()
_STATES_OF_CONTENT = frozenset({"22", "23", "54"})  # bad data, broken constraint, limit exceeded


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

    @property
    def feeds(self) -> Sequence[str]:
        """Give the kinds of changes that it alone writes to the feed."""
        ...

    def apply(self, session: Session, lane: str, entries: Sequence[Entry]) -> None:
        """Take in the next entries of a lane; must not look beyond the last of them."""
        ...


def advance(engine: sa.Engine, projector: Projector, lane: str, *, batch: int = BATCH) -> int:
    """Let a projector take in its next batch; give how many entries that were."""
    with writing(engine) as session:
        advisory_lock(session, *_place(projector, lane))
        return _step(session, projector, lane, batch)


def advance_if_free(engine: sa.Engine, projector: Projector, lane: str) -> int:
    """As `advance`, but leave the batch to whoever is at it already: then 0."""
    with writing(engine) as session:
        if not try_advisory_lock(session, *_place(projector, lane)):
            return 0
        return _step(session, projector, lane, BATCH)


def catch_up(engine: sa.Engine, projectors: Iterable[Projector], lane: str) -> int:
    """Advance every projector to the head of the lane; give how many entries were taken in.

    They go side by side, batch after batch: what one has read of a submission serves the next.
    """
    taken, behind, statistics = 0, list(projectors), Statistics(engine)
    while behind:
        counts = [advance(engine, each, lane) for each in behind]
        statistics.look()
        behind = [each for each, count in zip(behind, counts, strict=True) if count]
        taken += sum(counts)
    return taken


def rebuild(engine: sa.Engine, projector: Projector, lane: str) -> int:
    """Empty the projector's tables for a lane and replay its journal, in one transaction.

    Readers see the old state until the new one is whole; devices are told what differs from it.
    """
    with writing(engine) as session:
        advisory_lock(session, *_place(projector, lane))
        for model in reversed(list(projector.tables)):
            table = table_of(model)
            session.execute(sa.delete(table).where(table.c.lane == lane))
        for kept in (CURSOR, SKIPPED):
            mine = (kept.c.projector == projector.name, kept.c.lane == lane)
            session.execute(sa.delete(kept).where(*mine))
        begin_anew(session, lane, projector.feeds)
        taken = 0
        while count := _step(session, projector, lane, BATCH):
            if has_outgrown(taken, taken + count):
                analyse(session, projector.tables)
            taken += count
        end_anew(session, lane, projector.feeds)
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


def skipped(session: Session) -> list[SkippedEntry]:
    """Give every entry that a projector could not take in, in the order of the journal."""
    wanted = sa.select(SkippedEntry).order_by(
        SKIPPED.c.lane, SKIPPED.c.position, SKIPPED.c.projector
    )
    return list(session.execute(wanted).scalars())


def _place(projector: Projector, lane: str) -> tuple[str, str]:
    """Name the lock under which a projector works in a lane."""
    return f"projector:{projector.name}", lane


def _step(session: Session, projector: Projector, lane: str, batch: int) -> int:
    here = (CURSOR.c.projector == projector.name, CURSOR.c.lane == lane)
    position = session.execute(sa.select(CURSOR.c.position).where(*here)).scalar_one_or_none() or 0
    entries = entries_after(session, lane, position, batch)
    if not entries:
        return 0
    _take(session, projector, lane, entries)
    moved = postgresql.insert(CURSOR).values(
        projector=projector.name, lane=lane, position=entries[-1].position
    )
    session.execute(
        moved.on_conflict_do_update(
            index_elements=["projector", "lane"], set_={"position": moved.excluded.position}
        )
    )
    return len(entries)


def _take(session: Session, projector: Projector, lane: str, entries: Sequence[Entry]) -> None:
    """Apply entries; where that fails by their content, find the one at fault and skip it alone."""
    try:
        with session.begin_nested():
            projector.apply(session, lane, entries)
    except Exception as error:
        if not _is_of_content(error):
            raise
        if len(entries) == 1:
            _skip(session, projector.name, entries[0], error)
            return
        half = len(entries) // 2
        _take(session, projector, lane, entries[:half])
        _take(session, projector, lane, entries[half:])


def _is_of_content(error: Exception) -> bool:
    """Tell what an entry provokes from what would befall any: no database, no room, no table."""
    if isinstance(error, sa.exc.DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return isinstance(error, sa.exc.DataError) or state[:2] in _STATES_OF_CONTENT
    if isinstance(error, sa.exc.StatementError):
        return True  # a value that could not even be sent
    return not isinstance(error, sa.exc.SQLAlchemyError | OSError | MemoryError)


def _skip(session: Session, name: str, entry: Entry, error: Exception) -> None:
    what = type(error).__name__
    LOG.error(
        "entry skipped: mend the program, then rebuild the journal's projections",
        projector=name,
        lane=entry.lane,
        position=entry.position,
        error=what,
    )
    row = {"projector": name, "lane": entry.lane, "position": entry.position, "error": what}
    session.execute(postgresql.insert(SKIPPED).values(row).on_conflict_do_nothing())
