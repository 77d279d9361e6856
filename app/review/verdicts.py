"""What was decided about documents, as their officers' devices hear it.

A returned document brings a task for its note and one for each error: the rows of the list
`perbaikan`.
"""

from collections.abc import Collection, Iterable, Iterator

import sqlalchemy as sa
from sqlmodel import Session

from app.core.rows import among, one_of
from app.intake.feed import Change, hold, publish
from app.review.corrections import Task, tasks
from app.review.models import Status
from app.review.repository import DECISION, DOCUMENT

VERDICT = "verdict"


def publish_verdicts(
    session: Session, lane: str, document_ids: Collection[str], renamed: Iterable[str] = ()
) -> None:
    """Tell devices what is decided about these documents now; `renamed` are names that ended.

    Documents and findings are told by two projectors, in any order: the feed is held before their
    tables are read, so that whoever comes last sees both.
    """
    if not document_ids:
        return
    hold(session, lane)
    these = DOCUMENT.c.document_id == among(document_ids)
    by_document: dict[str, list[Task]] = {}
    for task in tasks(session, lane, these):
        by_document.setdefault(task.cells["document"], []).append(task)
    gone = (Change(VERDICT, name, lane, None) for name in renamed)
    publish(session, lane, [*gone, *_changes(session, lane, these, by_document)])


def publish_checked(session: Session, lane: str, positions: Collection[int]) -> None:
    """Tell devices what was found about those returned documents whose version stands there."""
    if not positions:
        return
    hold(session, lane)
    wanted = sa.select(DOCUMENT.c.document_id).where(
        DOCUMENT.c.lane == lane,
        DOCUMENT.c.status == Status.REJECTED,
        DOCUMENT.c.current_position == one_of(positions),
    )
    publish_verdicts(session, lane, set(session.execute(wanted).scalars()))


def _changes(
    session: Session, lane: str, which: sa.ColumnElement[bool], found: dict[str, list[Task]]
) -> Iterator[Change]:
    decision = sa.and_(
        DECISION.c.lane == DOCUMENT.c.lane, DECISION.c.position == DOCUMENT.c.decided_position
    )
    wanted = (
        sa.select(DOCUMENT, DECISION.c.note)
        .join_from(DOCUMENT, DECISION, decision, isouter=True)
        .where(DOCUMENT.c.lane == lane, which)
    )
    for row in session.execute(wanted).mappings():
        payload = None
        if row["decided_position"] is not None:
            payload = {
                "document_id": row["document_id"],
                "instance_id": row["current_instance_id"],
                "form_id": row["form_id"],
                "unit_id": row["unit_id"],
                "status": str(row["status"]),
                "note": row["note"],
                "tasks": [_told(task) for task in found.get(row["document_id"], ())],
            }
        yield Change(VERDICT, row["document_id"], row["area_code"], payload)


def _told(task: Task) -> dict[str, str]:
    return {"name": task.name, "label": task.label, **task.cells}
