"""Assignments and announcements as a fold over the journal, and what follows for accounts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, SQLModel

from app.auth.workplaces import Workplace, let_work
from app.fieldwork import repository
from app.fieldwork.models import Announcement, Assignment, AssignmentHistory
from app.fieldwork.rules import (
    ANNOUNCEMENT,
    Announced,
    announced,
    withdrawn,
)
from app.intake.assignments import ASSIGNMENT, Assigned, assigned
from app.intake.feed import Change, publish
from sync.journal import Entry
from sync.receipts import Outcome


class FieldworkProjector:
    """Keeps who works where and what is announced, and the areas of enumerators in step."""

    name: ClassVar = repository.READER
    tables: ClassVar[Sequence[type[SQLModel]]] = (
        Assignment,
        AssignmentHistory,
        Announcement,
    )
    feeds: ClassVar[Sequence[str]] = (ASSIGNMENT, ANNOUNCEMENT)

    def apply(self, session: Session, lane: str, entries: Sequence[Entry]) -> None:
        """Take in the next entries of a lane."""
        told = [each for each in entries if each.outcome is not Outcome.RIVAL]
        _assign(session, lane, [assigned(each) for each in told if each.kind == ASSIGNMENT])
        _announce(session, lane, [each for each in told if each.kind == ANNOUNCEMENT])


def _assign(session: Session, lane: str, told: Sequence[Assigned]) -> None:
    """Let the last word on each sub-SLS hold; who worked there before is told so."""
    if not told:
        return
    repository.keep_history(session, told)
    latest = {each.idsubsls: each for each in told}
    before = repository.holders(session, lane, latest)
    repository.keep_assignments(session, lane, list(latest.values()))
    let_work(
        session,
        [
            Workplace(each.idsubsls, each.officer, each.assigned_by, each.assigned_at)
            for each in latest.values()
        ],
    )
    everybody = {(each.idsubsls, each.officer) for each in told if each.officer is not None}
    publish(session, lane, list(_changes(latest, everybody | set(before.items()))))


def _changes(latest: Mapping[str, Assigned], met: set[tuple[str, UUID]]) -> Iterator[Change]:
    """Give what each officer who has, or had, one of these sub-SLS should learn."""
    for code, officer in sorted(met):
        now = latest[code]
        payload = {
            "idsubsls": code,
            "officer": str(officer),
            "since": now.assigned_at.isoformat(),
            "note": now.note,
        }
        yield Change(
            ASSIGNMENT,
            f"{code}@{officer}",
            code,
            payload if now.officer == officer else None,
            addressee=officer,
        )


def _announce(session: Session, lane: str, entries: Sequence[Entry]) -> None:
    if not entries:
        return
    ended = [name for entry in entries if (name := withdrawn(entry))]
    told = [announced(entry) for entry in entries if not withdrawn(entry)]
    repository.keep_announcements(session, told)
    gone = repository.withdraw(session, lane, ended) if ended else []
    ends = [_announcement(row["announcement_id"], row["area_code"], None) for row in gone]
    publish(
        session,
        lane,
        [_announcement(each.announcement_id, each.area_code, each) for each in told] + ends,
    )


def _announcement(name: str, area: str, told: Announced | None) -> Change:
    payload = None
    if told is not None:
        payload = {
            "announcement_id": name,
            "title": told.title,
            "text": told.text,
            "area": area,
            "valid_from": told.valid_from.isoformat(),
            "valid_until": told.valid_until.isoformat(),
            "announced_at": told.announced_at.isoformat(),
        }
    return Change(ANNOUNCEMENT, name, area, payload, is_for_all=True)
