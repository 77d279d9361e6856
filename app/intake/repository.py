"""Reading the journal, in order and by instance."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import table_of
from app.core.rows import one_of
from app.intake.journal import ENTRY, SqlJournal, entry_of
from app.intake.models import BackupMark, Quarantined, ReceiptTally
from sync.envelope import SUBMISSION
from sync.journal import Entry
from sync.ledger import Line


def entries_after(session: Session, lane: str, position: int, limit: int) -> list[Entry]:
    """Give the next entries of a lane in order, bodies included."""
    wanted = (
        sa.select(ENTRY)
        .where(ENTRY.c.lane == lane, ENTRY.c.position > position)
        .order_by(ENTRY.c.position)
        .limit(limit)
    )
    return [entry_of(row) for row in session.execute(wanted).mappings()]


def entry_at(session: Session, lane: str, position: int) -> Entry | None:
    """Give one entry."""
    wanted = sa.select(ENTRY).where(ENTRY.c.lane == lane, ENTRY.c.position == position)
    row = session.execute(wanted).mappings().one_or_none()
    return entry_of(row) if row else None


def entries_at(session: Session, lane: str, positions: Collection[int]) -> dict[int, Entry]:
    """Give entries by position."""
    wanted = sa.select(ENTRY).where(ENTRY.c.lane == lane, ENTRY.c.position == one_of(positions))
    return {row["position"]: entry_of(row) for row in session.execute(wanted).mappings()}


def walk(session: Session, lane: str, *, page: int = 500) -> Iterator[Entry]:
    """Give every entry of a lane in order, a page at a time."""
    position = 0
    while entries := entries_after(session, lane, position, page):
        yield from entries
        position = entries[-1].position


def lanes(session: Session) -> list[str]:
    """Give the lanes that hold anything, in order; costs a look-up each, not a walk of them all."""
    found = _lanes()
    wanted = sa.select(found.c.lane).where(found.c.lane.is_not(None)).order_by(found.c.lane)
    return list(session.execute(wanted).scalars())


def _lanes() -> sa.CTE:
    """Give the lanes one after another, and a row without one."""
    least = sa.select(sa.func.min(ENTRY.c.lane).label("lane"))
    found = least.cte("lanes", recursive=True)
    behind = least.where(ENTRY.c.lane > found.c.lane).scalar_subquery()
    return found.union_all(sa.select(behind).where(found.c.lane.is_not(None)))


def lines_of_device(session: Session, lane: str, device: str) -> list[Line]:
    """Give what a lane holds from one device."""
    wanted = sa.select(ENTRY.c.instance_id, ENTRY.c.digest, ENTRY.c.kind).where(
        ENTRY.c.lane == lane, ENTRY.c.device == device
    )
    return [Line(*row) for row in session.execute(wanted)]


def heads(session: Session) -> dict[str, int]:
    """Give the last position of every lane."""
    journal = SqlJournal(session)
    return {lane: journal.head(lane)[0] for lane in lanes(session)}


def unshipped(session: Session) -> dict[str, tuple[int, datetime]]:
    """Give how many entries of each lane no backup holds, and when the first of them came."""
    mark, found = table_of(BackupMark), _lanes()
    shipped = sa.func.coalesce(mark.c.position, 0)
    here = ENTRY.c.lane == found.c.lane
    head = sa.select(sa.func.max(ENTRY.c.position)).where(here).correlate(found)
    first = sa.select(ENTRY.c.received_at).where(here, ENTRY.c.position == shipped + 1)
    wanted = (
        sa.select(
            found.c.lane,
            (head.scalar_subquery() - shipped).label("count"),
            first.correlate(found, mark).scalar_subquery().label("since"),
        )
        .select_from(found)
        .outerjoin(mark, mark.c.lane == found.c.lane)
        .where(found.c.lane.is_not(None))
    )
    rows = session.execute(wanted)
    return {row.lane: (int(row[1]), row.since) for row in rows if row.since is not None}


def linked_submissions(
    session: Session, lane: str, instance_ids: Collection[str], upto: int
) -> Sequence[sa.RowMapping]:
    """Give the headers of all submissions that declare these instances or one another as prior.

    However many steps apart, in either direction; only entries up to position `upto`, so that a
    replay sees the same.
    """
    columns = (
        ENTRY.c.position, ENTRY.c.instance_id, ENTRY.c.prior_instance_id, ENTRY.c.outcome,
        ENTRY.c.form_id, ENTRY.c.form_version, ENTRY.c.actor, ENTRY.c.received_at,
    )  # fmt: skip
    here = (ENTRY.c.lane == lane, ENTRY.c.position <= upto, ENTRY.c.kind == SUBMISSION)
    keys = sa.literal(sorted(instance_ids), sa.ARRAY(sa.Text))
    linked = sa.select(sa.func.unnest(keys).label("name")).cte("linked", recursive=True)
    # one look-up by index for each way, whatever the planner knows of the table: no OR
    ways = (
        sa.select(ENTRY.c.prior_instance_id.label("name")).where(
            *here, ENTRY.c.instance_id == linked.c.name
        ),
        sa.select(ENTRY.c.instance_id).where(*here, ENTRY.c.prior_instance_id == linked.c.name),
    )
    next_to = sa.union_all(*ways).lateral("next_to")
    further = (
        sa.select(next_to.c.name)
        .join_from(linked, next_to, sa.true())
        .where(next_to.c.name.is_not(None))
    )
    names = linked.union(further)
    found = sa.select(*columns).where(*here, ENTRY.c.instance_id == names.c.name).lateral("found")
    wanted = sa.select(found).join_from(names, found, sa.true())
    return session.execute(wanted).mappings().all()


def in_quarantine(session: Session, lane: str, actor: str, sha256: str) -> bool:
    """Tell whether somebody's unreadable bytes are kept already."""
    kept = table_of(Quarantined)
    wanted = sa.select(kept.c.id).where(
        kept.c.sha256 == sha256, kept.c.lane == lane, kept.c.actor == actor
    )
    return session.execute(wanted.limit(1)).first() is not None


def receipt_counts(session: Session, lane: str) -> dict[str, int]:
    """Give how many receipts of each outcome a lane has given since the beginning."""
    tally = table_of(ReceiptTally)
    rows = session.execute(sa.select(tally.c.outcome, tally.c.count).where(tally.c.lane == lane))
    return dict(sorted((outcome, count) for outcome, count in rows))
