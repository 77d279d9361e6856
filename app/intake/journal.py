"""The journal in PostgreSQL: the port of `sync.journal` on one transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import advisory_lock, table_of
from app.core.models import Deployment
from app.intake.models import BackupMark, JournalEntry
from sync.envelope import Attachment
from sync.journal import GENESIS, Entry, Held
from sync.receipts import Outcome

ENTRY = table_of(JournalEntry)
MARK = table_of(BackupMark)
_HELD = (ENTRY.c.kind, ENTRY.c.position, ENTRY.c.digest, ENTRY.c.outcome, ENTRY.c.instance_id)


class SqlJournal:
    """The journal as one session sees it; whoever opened the session commits."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._epoch: int | None = None

    @property
    def epoch(self) -> int:
        """Tell which life of the database this is."""
        if self._epoch is None:
            self._epoch = self._session.execute(
                sa.select(table_of(Deployment).c.epoch)
            ).scalar_one()
        return self._epoch

    def lock(self, lane: str) -> None:
        """Take the lane's advisory lock; it is held until the transaction ends."""
        advisory_lock(self._session, "journal", lane)

    def head(self, lane: str) -> tuple[int, str]:
        """Give the last position of `lane` and its hash."""
        last = (
            sa.select(ENTRY.c.position, ENTRY.c.hash)
            .where(ENTRY.c.lane == lane)
            .order_by(ENTRY.c.position.desc())
            .limit(1)
        )
        found = self._session.execute(last).one_or_none()
        return (found.position, found.hash) if found else (0, GENESIS)

    def find_many(self, lane: str, instance_ids: Sequence[str]) -> Mapping[str, Sequence[Held]]:
        """Give, by instance id, what the lane holds under it."""
        return self._held_by(ENTRY.c.instance_id, lane, instance_ids)

    def heirs_of(self, lane: str, prior_ids: Sequence[str]) -> Mapping[str, Sequence[Held]]:
        """Give, by prior instance id, the entries that declare it."""
        return self._held_by(ENTRY.c.prior_instance_id, lane, prior_ids)

    def append_many(self, entries: Sequence[Entry]) -> None:
        """Insert entries in one statement."""
        if entries:
            self._session.execute(sa.insert(ENTRY), [_row_of(entry) for entry in entries])

    def backed_up_through(self, lane: str) -> int:
        """Tell the last position that a backup holds; 0 while there is none."""
        wanted = sa.select(MARK.c.position).where(MARK.c.lane == lane)
        return self._session.execute(wanted).scalar() or 0

    def _held_by(
        self, column: sa.ColumnElement[str | None], lane: str, keys: Sequence[str]
    ) -> Mapping[str, Sequence[Held]]:
        held: defaultdict[str, list[Held]] = defaultdict(list)
        if keys:
            wanted = (
                sa.select(column.label("key"), *_HELD)
                .where(ENTRY.c.lane == lane, column == sa.any_(sa.literal(list(keys), _TEXTS)))
                .order_by(ENTRY.c.position)
            )
            for key, kind, position, digest, outcome, instance_id in self._session.execute(wanted):
                held[key].append(
                    Held(
                        kind=kind,
                        position=position,
                        digest=digest,
                        outcome=Outcome(outcome),
                        instance_id=instance_id,
                    )
                )
        return held


_TEXTS = sa.ARRAY(sa.Text)


def _row_of(entry: Entry) -> dict[str, object]:
    row = {name: getattr(entry, name) for name in ENTRY.columns.keys()}  # noqa: SIM118
    row["outcome"] = str(entry.outcome)
    row["attachments"] = [asdict(attachment) for attachment in entry.attachments]
    return row


def entry_of(row: sa.RowMapping) -> Entry:
    """Give the entry that a row of the journal holds."""
    fields = {name: row[name] for name in ENTRY.columns.keys()}  # noqa: SIM118
    fields["outcome"] = Outcome(row["outcome"])
    fields["attachments"] = tuple(Attachment(**each) for each in row["attachments"])
    return Entry(**fields)
