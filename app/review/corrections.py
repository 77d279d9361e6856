"""Returned documents as a list of entities: a task for each question that has to be corrected.

So an app that knows only lists can tell its officer what came back. Tasks are read, never written:
one is gone when a new version of the document has arrived, or another decision.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from app.auth.scope import Scope
from app.core.ids import named_id
from app.intake.entity_door import EntityList
from app.intake.journal import SqlJournal
from app.questionnaires.shelf import Shelf
from app.registry.entity_rules import EPOCH_STEP
from app.review.models import Status
from app.review.repository import DECISION, DOCUMENT, FINDING, UNIT

PERBAIKAN = "perbaikan"
_COLUMNS = (
    "document", "instance", "form", "unit", "business_name", "idsubsls", "path", "question", "note",
)  # fmt: skip
_PLACE = re.compile(r"\[[0-9]+\]")


class Task(NamedTuple):
    """A row of the list."""

    name: str
    label: str
    cells: Mapping[str, str]


def corrections_csv(session: Session, scope: Scope, lane: str) -> bytes:
    """Give the tasks of a lane within the scope, by document and place.

    Columns `name`, `label`, `__version`, document, instance, form, unit, business_name, idsubsls,
    path and text of the question (empty for the document as a whole), and the note. Equal states
    give equal bytes.
    """
    version = SqlJournal(session).epoch * EPOCH_STEP + 1
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("name", "label", "__version", *_COLUMNS))
    for task in tasks(session, lane, scope.covers(DOCUMENT.c.area_code)):
        writer.writerow((task.name, task.label, version, *(task.cells[c] for c in _COLUMNS)))
    return file.getvalue().encode()


def gone(session: Session, scope: Scope, lane: str, ids: Sequence[str]) -> Mapping[str, bool]:
    """Tell of each id whether it is no task any more."""
    present = {task.name for task in tasks(session, lane, scope.covers(DOCUMENT.c.area_code))}
    return {each: each not in present for each in ids}


CORRECTIONS = EntityList.made_anew(corrections_csv, gone)


def tasks(session: Session, lane: str, which: sa.ColumnElement[bool]) -> Iterator[Task]:
    """Give for each returned document of `which` its note, then what was found about questions."""
    shelf = Shelf(session)
    last = None
    for row in session.execute(_returned(lane, which)).mappings():
        if row["document_id"] != last:
            last = row["document_id"]
            yield _task(row, "", "", row["note"])
        if row["path"] is None:
            continue
        form = shelf.form(row["form_id"], row["form_version"], row["received_at"])
        node = form.nodes.get(_PLACE.sub("", row["path"])) if form is not None else None
        question = form.text(node.labels, form.default_language) if form and node else ""
        yield _task(row, row["path"], question, row["message"])


def _returned(lane: str, which: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
    """Give returned documents with the decision and each finding of severity error."""
    unit = sa.and_(UNIT.c.lane == DOCUMENT.c.lane, UNIT.c.unit_id == DOCUMENT.c.unit_id)
    decision = sa.and_(
        DECISION.c.lane == DOCUMENT.c.lane, DECISION.c.position == DOCUMENT.c.decided_position
    )
    finding = sa.and_(
        FINDING.c.lane == DOCUMENT.c.lane,
        FINDING.c.position == DOCUMENT.c.current_position,
        FINDING.c.severity == "error",
    )
    return (
        sa.select(
            DOCUMENT,
            UNIT.c.business_name,
            DECISION.c.note,
            FINDING.c.ordinal,
            FINDING.c.path,
            FINDING.c.message,
        )
        .join_from(DOCUMENT, DECISION, decision)
        .join(UNIT, unit, isouter=True)
        .join(FINDING, finding, isouter=True)
        .where(
            DOCUMENT.c.lane == lane,
            DOCUMENT.c.status == Status.REJECTED,
            which,
        )
        .order_by(DOCUMENT.c.document_id.collate("C"), FINDING.c.ordinal)
    )


def _task(row: sa.RowMapping, path: str, question: str, note: str) -> Task:
    whose = row["business_name"] or row["unit_id"]
    place = str(row["ordinal"]) if path else ""
    decided = str(row["decided_position"])
    label = ": ".join(filter(None, (whose, question, note)))
    # what a task says is part of its name: an app never reads a version again that it has
    return Task(
        str(named_id(PERBAIKAN, row["lane"], row["document_id"], decided, place, path, label)),
        label,
        {
            "document": row["document_id"],
            "instance": row["current_instance_id"],
            "form": row["form_id"],
            "unit": row["unit_id"],
            "business_name": row["business_name"] or "",
            "idsubsls": row["area_code"],
            "path": path,
            "question": question,
            "note": note,
        },
    )
