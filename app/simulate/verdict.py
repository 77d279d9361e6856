"""The verdict: what the devices hold receipts for, held against what the office holds."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import reading, table_of
from app.core.office import Office
from app.intake.blobs import ObjectBlobs
from app.intake.journal import ENTRY, SqlJournal
from app.intake.projector import skipped
from app.intake.verify import Walked, verify
from app.projections import backlog
from app.review.models import DocumentVersion
from app.simulate.fleet import Fleet
from sync.client import Spool
from sync.envelope import SUBMISSION

VERSION = table_of(DocumentVersion)
_MOST_NAMED = 5


@dataclass(slots=True)
class Verdict:
    """What became of every envelope; everything but the first block must be 0."""

    collected: int = 0
    acknowledged: int = 0
    in_journal: int = 0
    rivals: int = 0
    files: int = 0
    purged: int = 0

    missing: int = 0  # acknowledged, and the office has it not
    doubled: int = 0  # once collected, held twice
    stuck: int = 0  # still on a phone that reaches the office, or set aside
    untrue: int = 0  # a receipt names a position at which something else stands
    files_missing: int = 0
    unasked: int = 0  # held, and collected by nobody
    unseen: int = 0  # held, and not among the documents
    behind: int = 0  # entries that a projection has not read
    skipped: int = 0  # entries that a projection could not take in
    broken: int = 0  # places at which the chain of hashes fails
    examples: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Tell whether nothing was lost, doubled or stuck."""
        return not any(getattr(self, name) for name in FAULTS)

    def as_json(self) -> dict[str, Any]:
        """Give all of it, for a script."""
        return {**asdict(self), "good": self.good}


FAULTS = (
    "missing", "doubled", "stuck", "untrue", "files_missing", "unasked", "unseen", "behind",
    "skipped", "broken",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Held:
    """The submissions of an office: where each stands, and how often it does."""

    positions: dict[tuple[str, str], int]
    counts: Counter[tuple[str, str]]
    files: frozenset[str]
    epoch: int


def judge(fleet: Fleet, office: Office, lane: str, since: int = 0) -> Verdict:
    """Hold every spool against the office; what stood up to `since` is nobody's of this fleet."""
    told, collected = Verdict(), set[tuple[str, str]]()
    with reading(office.engine) as session:
        held = _held(session, lane)
        _judge_office(told, session, lane, held)
    for phone in fleet.phones():
        with fleet.spool(phone.number) as spool:
            collected.update((each.instance_id, each.digest) for each in spool.lines())
            _judge_spool(told, spool, held)
    told.collected = len(collected)
    told.files = len(held.files)
    told.files_missing = len(held.files - ObjectBlobs.of(office.settings).held(held.files))
    others = held.counts.keys() - collected
    told.unasked = sum(held.positions[each] > since for each in others)
    return told


def _judge_spool(told: Verdict, spool: Spool, held: _Held) -> None:
    lacking = {line for line in spool.lines() if (line.instance_id, line.digest) not in held.counts}
    answered = set(spool.answered())
    told.acknowledged += len(answered)
    told.stuck += len(spool.problems()) + spool.left() + len(spool.owed_files())
    missing = answered & lacking
    told.missing += len(missing)
    told.examples += [f"set aside: {each}" for each in spool.problems().values()]
    told.examples += [f"missing: {line.instance_id}" for line in missing]
    for receipt in spool.receipts().values():
        place = held.positions.get((receipt.instance_id, receipt.digest))
        if place is not None and receipt.epoch == held.epoch and receipt.position != place:
            told.untrue += 1
            told.examples.append(f"untrue: {receipt.instance_id} at {receipt.position}")
    told.purged += spool.purged()
    del told.examples[_MOST_NAMED:]


def _held(session: Session, lane: str) -> _Held:
    columns = (ENTRY.c.instance_id, ENTRY.c.digest, ENTRY.c.position, ENTRY.c.attachments)
    wanted = sa.select(*columns).where(ENTRY.c.lane == lane, ENTRY.c.kind == SUBMISSION)
    positions: dict[tuple[str, str], int] = {}
    counts: Counter[tuple[str, str]] = Counter()
    files: set[str] = set()
    for name, digest, position, attachments in session.execute(wanted):
        positions[name, digest] = position
        counts[name, digest] += 1
        files.update(each["sha256"] for each in attachments)
    return _Held(positions, counts, frozenset(files), SqlJournal(session).epoch)


def _judge_office(told: Verdict, session: Session, lane: str, held: _Held) -> None:
    told.in_journal = held.counts.total()
    told.doubled = held.counts.total() - len(held.counts)
    told.rivals = _count(session, ENTRY.c.outcome == "rival", ENTRY.c.kind == SUBMISSION)
    seen = sa.select(VERSION.c.position).where(VERSION.c.lane == lane)
    told.unseen = _count(
        session, ENTRY.c.lane == lane, ENTRY.c.kind == SUBMISSION, ENTRY.c.position.not_in(seen)
    )
    told.behind = backlog(session)
    told.skipped = len(skipped(session))
    told.broken = len(verify(session, lane, Walked()))


def _count(session: Session, *conditions: sa.ColumnElement[bool]) -> int:
    wanted = sa.select(sa.func.count()).select_from(ENTRY).where(*conditions)
    return int(session.execute(wanted).scalar_one())
