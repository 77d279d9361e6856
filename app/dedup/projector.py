"""What the journal says of matching: decisions, labels, and which visits were verified."""

import json
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from sqlmodel import Session, SQLModel

from app.core.outbox import UNIT_TOUCHED, leave
from app.dedup import group_store, label_store
from app.dedup.models import Approval, LabelRound, MatchDecision, MatchLabel, MatchWord
from app.dedup.rules import MATCH
from sync.journal import Entry
from sync.receipts import Outcome

REVIEW: Final = "review"  # kind of the entries that carry a verdict on a document
APPROVED: Final = "approve"


class DecisionsProjector:
    """Keeps decisions and approvals, and leaves a note for every unit that they are about.

    Labels are kept beside them and change no unit.
    """

    name: ClassVar = "matches"
    tables: ClassVar[Sequence[type[SQLModel]]] = (
        MatchDecision,
        MatchWord,
        Approval,
        MatchLabel,
        LabelRound,
    )
    feeds: ClassVar[Sequence[str]] = ()

    def apply(self, session: Session, lane: str, entries: Sequence[Entry]) -> None:
        """Take in the next entries of a lane."""
        decided = [
            decision_row(each)
            for each in entries
            if each.kind == MATCH and each.outcome is not Outcome.RIVAL
        ]
        group_store.keep_decisions(session, lane, decided)
        touched = {name for row in decided for name in (*row["left_ids"], *row["right_ids"])}
        verdicts = {row["version_position"]: row for row in map(_verdict, entries) if row}
        if verdicts:
            group_store.keep_approvals(session, list(verdicts.values()))
            touched |= group_store.units_reported_at(session, lane, verdicts)
        leave(session, UNIT_TOUCHED, lane, touched)
        label_store.take_in(session, entries)


def decision_row(entry: Entry) -> dict[str, Any]:
    """Read the decision that an entry carries."""
    said = json.loads(entry.body)
    return {
        "lane": entry.lane,
        "position": entry.position,
        "decision_id": entry.instance_id,
        "what": said["what"],
        "left_ids": said["left"],
        "right_ids": said["right"],
        "withdraws": said["withdraws"],
        "needs_second": said["needs_second"],
        "actor": entry.actor,
        "role": said["role"],
        "reason": said["reason"],
        "evidence": said["evidence"],
        "decided_at": entry.received_at,
    }


def _verdict(entry: Entry) -> dict[str, Any] | None:
    if entry.kind != REVIEW:
        return None
    said = json.loads(entry.body)
    return {
        "lane": entry.lane,
        "version_position": said["version_position"],
        "position": entry.position,
        "is_approved": said["verdict"] == APPROVED,
    }
