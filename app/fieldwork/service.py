"""Saying who works where and what officers are told: each an entry of the journal."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.areas import repository as region
from app.auth import repository as account_rows
from app.auth import service as accounts
from app.auth.actor import Actor
from app.auth.models import Role
from app.auth.repository import Known
from app.auth.scope import Scope
from app.core.clock import JAKARTA
from app.core.ids import named_id
from app.core.problems import Forbidden, Invalid, NotFound
from app.fieldwork import repository, rules
from app.fieldwork.rules import ANNOUNCEMENT, Wanted
from app.fieldwork.schemas import (
    AnnouncementIn,
    AnnouncementOut,
    AssignmentOut,
    AssignmentPage,
    AssignmentsIn,
    Said,
)
from app.intake.assignments import ASSIGNMENT
from app.intake.service import decide as append
from app.intake.service import record
from sync.envelope import Arrival, Envelope, canonical
from sync.receipts import Receipt

DIRECTORS = frozenset({Role.SUPERVISOR, Role.COORDINATOR, Role.REGENCY_ADMIN, Role.NATIONAL_ADMIN})
_MOST = 500  # announcements of a page
_BATCH = 1000  # entries of a statement


def assign(session: Session, actor: Actor, told: AssignmentsIn, now: datetime) -> list[Said]:
    """Say who works these sub-SLS from now on, all or nothing; the same again changes nothing.

    Raises Forbidden for what lies outside the actor's areas, Invalid for a sub-SLS that is none or
    comes twice, NotFound for an officer who is not among the actor's enumerators.
    """
    check_directs(actor)
    codes = [_own(actor, rules.checked_sub_sls(each.idsubsls)) for each in told.assignments]
    if len(set(codes)) < len(codes):
        raise Invalid(
            "Satu sub-SLS disebut dua kali.", "A sub-SLS is named twice.", code="named_twice"
        )
    _check_exist(session, codes)
    officers = {
        each.officer: _enumerator(session, each.officer, actor.scope)
        for each in told.assignments
        if each.officer
    }
    _check_one_lane({code[:4] for code in codes}, officers.values())
    wanted = [
        Wanted(
            idsubsls=each.idsubsls,
            officer=officers[each.officer].id if each.officer else None,
            note=rules.checked_text(each.note, rules.LONGEST_NOTE, required=False),
        )
        for each in told.assignments
    ]
    return [_said(each) for each in say(session, actor, told.decision_id, wanted, now)]


def say(
    session: Session, actor: Actor, decision_id: UUID, wanted: Sequence[Wanted], now: datetime
) -> list[Receipt]:
    """Append assignments of one regency that were checked, each an entry of its own."""
    receipts: list[Receipt] = []
    for start in range(0, len(wanted), _BATCH):
        batch = [
            (_envelope(decision_id, each, now), _arrival(actor, each.idsubsls, now))
            for each in wanted[start : start + _BATCH]
        ]
        receipts += record(session, batch, batch[0][1].lane)
    return receipts


def assignments(
    session: Session, scope: Scope, area: str, *, after: str = "", limit: int = 200
) -> AssignmentPage:
    """Give who works where within an area, as far as the scope goes, by sub-SLS."""
    found = repository.assignments(session, scope, area, after=after, limit=limit + 1)
    shown = [
        AssignmentOut(
            idsubsls=row["idsubsls"],
            officer=row["user_name"],
            display_name=row["display_name"],
            note=row["note"],
            assigned_at=row["assigned_at"],
        )
        for row in found[:limit]
    ]
    return AssignmentPage(
        items=shown, next_after=shown[-1].idsubsls if len(found) > limit else None
    )


def announce(session: Session, actor: Actor, told: AnnouncementIn, now: datetime) -> Said:
    """Tell something to all who work in an area; the same id again changes nothing.

    Raises Forbidden for an area that is not the actor's, Invalid for texts and days that are none.
    """
    check_directs(actor)
    area = _own(actor, rules.checked_area(told.area))
    rules.check_days(told.valid_from, told.valid_until)
    content: dict[str, object] = {
        "area": area,
        "title": rules.checked_text(told.title, rules.LONGEST_TITLE, required=True),
        "text": rules.checked_text(told.text, rules.LONGEST_TEXT, required=True),
        "valid_from": told.valid_from.isoformat(),
        "valid_until": told.valid_until.isoformat(),
    }
    arrival = _arrival(actor, area, now)
    return _said(append(session, ANNOUNCEMENT, str(told.announcement_id), content, arrival))


def withdraw(
    session: Session, actor: Actor, announcement_id: str, decision_id: UUID, now: datetime
) -> Said:
    """Take an announcement back. Raises NotFound where it is none of the actor's areas."""
    check_directs(actor)
    found = repository.announcement(session, actor.scope, announcement_id)
    if found is None:
        raise NotFound
    content: dict[str, object] = {"withdraws": announcement_id}
    arrival = _arrival(actor, found["area_code"], now)
    return _said(append(session, ANNOUNCEMENT, str(decision_id), content, arrival))


def announcements(
    session: Session, scope: Scope, now: datetime, *, every: bool = False
) -> list[AnnouncementOut]:
    """Give what is told today to those who work in the scope, newest first; or all of it."""
    today = None if every else now.astimezone(JAKARTA).date()
    return [
        _announcement(row)
        for row in repository.announcements(session, scope, today=today, limit=_MOST)
    ]


def enumerators(session: Session, scope: Scope) -> Sequence[Known]:
    """List the open accounts of enumerators who work wholly within the scope."""
    return [
        each
        for each in accounts.accounts(session, scope)
        if each.role == Role.ENUMERATOR and each.is_active
    ]


def accounts_of(session: Session, ids: Collection[UUID]) -> dict[UUID, Known]:
    """Give accounts by id, open or closed."""
    return account_rows.by_ids(session, ids)


def _envelope(decision_id: UUID, wanted: Wanted, now: datetime) -> Envelope:
    content: dict[str, object] = {
        "idsubsls": wanted.idsubsls,
        "officer": None if wanted.officer is None else str(wanted.officer),
        "note": wanted.note,
    }
    return Envelope(
        kind=ASSIGNMENT,
        instance_id=str(named_id(ASSIGNMENT, str(decision_id), wanted.idsubsls)),
        form_id=ASSIGNMENT,
        form_version="1",
        body=canonical(content),
        captured_at=now,
    )


def check_directs(actor: Actor) -> None:
    """Raise Forbidden for who neither assigns work nor announces anything."""
    if actor.role not in DIRECTORS:
        raise Forbidden(
            "Hanya pengawas dan admin yang membagi tugas dan menulis pengumuman.",
            "Only supervisors and admins assign work and write announcements.",
        )


def _own(actor: Actor, area: str) -> str:
    if not actor.scope.includes(area):
        raise Forbidden(
            "Wilayah ini di luar wilayah kerja Anda.", "This area lies outside your own."
        )
    return area


def _check_exist(session: Session, codes: Sequence[str]) -> None:
    held = region.states(session, Scope(tuple(codes)), codes)
    current = {code for code, row in held.items() if row["until_version"] is None}
    unknown = [code for code in codes if code not in current]
    if unknown:
        raise Invalid(
            f"Sub-SLS {', '.join(unknown[:5])} tidak ada: periksa kodenya.",
            f"There is no sub-SLS {', '.join(unknown[:5])}: check the code.",
            code="bad_area",
        )


def _check_one_lane(lanes: Collection[str], officers: Iterable[Known]) -> None:
    """Raise Invalid unless all lies in one regency: an account hands in to one only."""
    if len({*lanes, *(each.places[0][:4] for each in officers)}) > 1:
        raise Invalid(
            "Petugas dan sub-SLS harus berada di satu kabupaten/kota.",
            "Officers and sub-SLS must lie in one regency.",
            code="bad_area",
        )


def _enumerator(session: Session, user_name: str, scope: Scope) -> Known:
    known = accounts.account_named(session, user_name, scope)
    if known.role != Role.ENUMERATOR or not known.is_active:
        raise Invalid(
            "Tugas hanya dapat diberikan kepada petugas lapangan yang akunnya aktif.",
            "Work is assigned to enumerators whose account is open.",
            code="no_enumerator",
        )
    return known


def _arrival(actor: Actor, area: str, now: datetime) -> Arrival:
    # the area lies in the actor's scope, so its lane is the one to write to
    return Arrival(lane=area[:4], actor=str(actor.id), received_at=now, door="office")


def _said(receipt: Receipt) -> Said:
    return Said(outcome=receipt.outcome, lane=receipt.lane, position=receipt.position)


def _announcement(row: sa.RowMapping) -> AnnouncementOut:
    return AnnouncementOut(
        announcement_id=row["announcement_id"],
        title=row["title"],
        text=row["text"],
        area=row["area_code"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        announced_by=row["display_name"] or "",
        announced_at=row["announced_at"],
        is_withdrawn=row["is_withdrawn"],
    )
