"""Assignments by file: what differs from what stands is said, all of it or nothing."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.areas import repository as region
from app.auth.actor import Actor
from app.auth.repository import Known
from app.auth.scope import Scope
from app.core.csv_file import Fault
from app.fieldwork import roster, service
from app.fieldwork.assignment_file import Line, read_assignments
from app.fieldwork.errors import fault
from app.fieldwork.roster import Standing
from app.fieldwork.rules import LONGEST_NOTE, Wanted, checked_text

LARGEST = 16 * 1024 * 1024  # bytes; a line for every sub-SLS of the largest regency takes two


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a file held and what was said of it. With any fault nothing was said."""

    rows: int
    changed: int
    faults: tuple[Fault, ...] = ()


def assign_by_file(
    session: Session, actor: Actor, content: bytes, decision_id: UUID, now: datetime
) -> FileReport:
    """Say what a file says and does not stand yet; the same file again changes nothing.

    A line without an officer lets nobody work its sub-SLS; what the file does not name stays as it
    is. Raises Forbidden for an actor who assigns nothing.
    """
    service.check_directs(actor)
    found = read_assignments(content)
    faults = list(found.faults)
    codes = {each.idsubsls for each in found.lines}
    standing = roster.standing(session, actor.scope, codes)
    fresh = [each for each in found.lines if _differs(each, standing.get(each.idsubsls))]
    officers = {each.user_name.lower(): each for each in service.enumerators(session, actor.scope)}
    faults += _repeated(found.lines)
    faults += _places(session, actor.scope, fresh)
    faults += [
        fault(each.number, "officer", "officer", name=each.officer[:64])
        for each in fresh
        if each.officer and each.officer.lower() not in officers
    ]
    faults += _lanes(fresh, officers)
    if faults:
        ordered = sorted(faults, key=lambda each: (each.line, each.column))
        return FileReport(len(found.lines), 0, tuple(ordered))
    wanted = [
        _wanted(each, officers.get(each.officer.lower()), standing.get(each.idsubsls))
        for each in fresh
    ]
    service.say(session, actor, decision_id, wanted, now)
    return FileReport(len(found.lines), len(wanted))


def _differs(line: Line, now: Standing | None) -> bool:
    if now is None:
        return bool(line.officer)
    same = now.user_name.lower() == line.officer.lower()
    return not same or bool(line.officer and line.note is not None and line.note != now.note)


def _wanted(line: Line, officer: Known | None, now: Standing | None) -> Wanted:
    kept = now.note if now is not None and line.note is None and officer is not None else ""
    return Wanted(
        idsubsls=line.idsubsls,
        officer=officer.id if officer else None,
        note=checked_text(line.note or kept, LONGEST_NOTE, required=False),
    )


def _repeated(lines: Collection[Line]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for line in lines:
        if line.idsubsls in first:
            yield fault(line.number, "idsubsls", "twice", first=first[line.idsubsls])
        first.setdefault(line.idsubsls, line.number)


def _places(session: Session, scope: Scope, lines: Collection[Line]) -> Iterator[Fault]:
    held = region.states(session, scope, {each.idsubsls for each in lines})
    for line in lines:
        if not scope.includes(line.idsubsls):
            yield fault(line.number, "idsubsls", "outside")
        elif line.idsubsls not in held or held[line.idsubsls]["until_version"] is not None:
            yield fault(line.number, "idsubsls", "unknown_area")


def _lanes(lines: Collection[Line], officers: Mapping[str, Known]) -> Iterator[Fault]:
    """Find what is of another regency: an account hands in to one, and a journal is of one."""
    lane = next((each.idsubsls[:4] for each in lines), "")
    for line in lines:
        officer = officers.get(line.officer.lower())
        if line.idsubsls[:4] != lane:
            yield fault(line.number, "idsubsls", "lane", lane=lane)
        elif officer is not None and officer.places[0][:4] != lane:
            yield fault(line.number, "officer", "lane", lane=lane)
