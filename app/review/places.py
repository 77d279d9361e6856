"""Whether an officer was assigned where a submission says it was collected.

The words on assignments are kept under the cursor of the findings, so that the answer for an entry
depends on the journal up to it alone; `app.fieldwork` keeps its own under its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import table_of
from app.core.rows import among, upsert
from app.intake.assignments import ASSIGNMENT, assigned
from app.review.models import AssignmentWord
from sync.journal import Entry
from sync.receipts import Outcome

WORD = table_of(AssignmentWord)


@dataclass(frozen=True, slots=True)
class Word:
    """Who works a sub-SLS from an entry on; empty: nobody."""

    position: int
    said_at: datetime
    officer: str


@dataclass(frozen=True, slots=True)
class Places:
    """What was said of some sub-SLS, in order, and from where on some officers had any."""

    words: Mapping[str, Sequence[Word]]
    began: Mapping[str, int]

    def is_strange(self, entry: Entry, idsubsls: str) -> bool:
        """Tell whether the sender had work, but this sub-SLS neither now nor when it was visited.

        Who was moved since may still hand in what was collected before.
        """
        if self.began.get(entry.actor, entry.position) >= entry.position:
            return False
        known = [each for each in self.words.get(idsubsls, ()) if each.position < entry.position]
        at = entry.captured_at or entry.received_at
        then = [each for each in known if each.said_at <= at]
        return all(words[-1].officer != entry.actor for words in (known, then) if words)


def keep_words(session: Session, entries: Iterable[Entry]) -> None:
    """Keep what these entries say of assignments."""
    told = [
        assigned(each)
        for each in entries
        if each.kind == ASSIGNMENT and each.outcome is not Outcome.RIVAL
    ]
    rows = [
        {
            "lane": each.lane,
            "position": each.position,
            "idsubsls": each.idsubsls,
            "officer": str(each.officer or ""),
            "said_at": each.assigned_at,
        }
        for each in told
    ]
    upsert(session, WORD, rows)


def places_of(session: Session, lane: str, codes: Iterable[str], actors: Iterable[str]) -> Places:
    """Give what is known of these sub-SLS and officers of a lane, in two statements."""
    words: defaultdict[str, list[Word]] = defaultdict(list)
    for row in session.execute(_words(lane, codes)):
        words[row.idsubsls].append(Word(row.position, row.said_at, row.officer))
    began = session.execute(_began(lane, actors))
    return Places(words, {row.officer: row.began for row in began})


def _words(lane: str, codes: Iterable[str]) -> sa.Select[tuple[str, int, datetime, str]]:
    return (
        sa.select(WORD.c.idsubsls, WORD.c.position, WORD.c.said_at, WORD.c.officer)
        .where(WORD.c.lane == lane, WORD.c.idsubsls == among(codes))
        .order_by(WORD.c.position)
    )


def _began(lane: str, actors: Iterable[str]) -> sa.Select[tuple[str, int]]:
    return (
        sa.select(WORD.c.officer, sa.func.min(WORD.c.position).label("began"))
        .where(WORD.c.lane == lane, WORD.c.officer == among(actors))
        .group_by(WORD.c.officer)
    )
