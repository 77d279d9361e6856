"""What the review desk shows and asks beside `app.dedup.service`.

- `after`: the question that comes next in somebody's queue
- `decision`: what somebody has just decided, to be taken back
- `sides`: all that the prelist and the field say of units, with who said it, when, and photos
- `neighbours`: other units close by, for the map
- `twins`, `merge_twins`: units that say the same of everything, joined in one go
- `known`: a unit as the business that it is, alone or with others
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from app.areas.scope import Scope
from app.auth.actor import Actor
from app.auth.repository import by_ids
from app.core.ids import named_id
from app.core.markers import marker
from app.core.problems import NotFound, Problem
from app.dedup import desk_repository, group_store, repository, service
from app.dedup.late_files import files_of
from app.dedup.references import matcher_of
from app.dedup.rules import What
from app.dedup.schemas import CaseOut, DecisionOut, MemberOut, Saying
from app.dedup.survival import Source, survivor
from app.intake.repository import entries_at
from sync.envelope import Attachment
from sync.journal import Entry

LOOKED_AT: Final = 10  # questions, for one that does not wait for somebody else
MOST_NEIGHBOURS: Final = 150
MOST_TWINS: Final = 50
SLS_DIGITS: Final = 14


@dataclass(frozen=True, slots=True)
class Told:
    """What one prelist row or one document says of a unit, with who said it and when."""

    source: Source
    said_at: datetime | None = None
    said_by: str = ""
    photos: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Business:
    """A unit as the business that it is: its records, what stands of them, and from where."""

    lane: str
    unit_id: str  # of the oldest record
    members: Sequence[MemberOut]
    told: Mapping[str, Sequence[Told]]  # by unit
    values: Mapping[str, Any]
    provenance: Mapping[str, Mapping[str, Any]]
    history: Sequence[DecisionOut]
    cases: Sequence[CaseOut]


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of one pair of twins; `problem` says why nothing."""

    case: CaseOut
    said: DecisionOut | None = None
    waits: bool = False
    problem: Problem | None = None


def place_of(case: CaseOut) -> str:
    """Give the marker behind which `service.queue` goes on after a question."""
    return marker(repr(case.gain), case.lane, case.case_id)


def after(session: Session, actor: Actor, area: str, cursor: str = "") -> CaseOut | None:
    """Give the next question that the actor may answer and has not yet; None: there is none.

    Of those ahead a few are looked at; where all wait for somebody else, the next of them.
    """
    found = service.queue(session, actor, area, cursor=cursor, limit=LOOKED_AT).items
    waiting = desk_repository.speakers(session, actor.scope, area, {each.case_id for each in found})
    mine = str(actor.id)
    free = (each for each in found if each.may_decide and waiting.get(each.case_id) != mine)
    return next(free, found[0] if found else None)


def decision(session: Session, scope: Scope, lane: str, decision_id: str) -> DecisionOut | None:
    """Give a decision of which at least one unit lies in the scope."""
    row = repository.decision(session, scope, lane, decision_id)
    if row is None:
        return None
    about = service.history(session, scope, lane, {*row["left_ids"], *row["right_ids"]})
    return next((each for each in about if each.decision_id == decision_id), None)


def sides(
    session: Session, scope: Scope, lane: str, unit_ids: Collection[str]
) -> dict[str, list[Told]]:
    """Give all that is said of those of these units that lie in the scope, the best first."""
    visible = repository.areas_in(session, scope, lane, unit_ids)
    found = group_store.sources_of(session, lane, visible)
    positions = {
        each.position for some in found.values() for each in some if each.document_id is not None
    }
    entries = entries_at(session, lane, positions)
    names = _names(session, {entry.actor for entry in entries.values()})
    files = files_of(session, lane, entries)
    return {
        unit_id: [
            _told(each, entries, names, files) for each in sorted(some, key=lambda one: one.rank)
        ]
        for unit_id, some in found.items()
    }


def _told(
    source: Source,
    entries: Mapping[int, Entry],
    names: Mapping[str, str],
    files: Mapping[int, tuple[Attachment, ...]],
) -> Told:
    entry = entries.get(source.position) if source.document_id is not None else None
    if entry is None:
        return Told(source)
    said_by = names.get(entry.actor, "")
    return Told(source, entry.received_at, said_by, files[entry.position])


def _names(session: Session, actors: Collection[str]) -> dict[str, str]:
    ids = {UUID(each) for each in actors if service.is_account(each)}
    return {str(each): known.display_name for each, known in by_ids(session, ids).items()}


def neighbours(
    session: Session, scope: Scope, lane: str, area_codes: Collection[str]
) -> dict[str, tuple[float, float]]:
    """Give latitude and longitude of units in the same SLS as these, within the scope."""
    sls = {code[:SLS_DIGITS] for code in area_codes if len(code) >= SLS_DIGITS}
    if not sls:
        return {}
    rows = desk_repository.located(session, scope, lane, sls, MOST_NEIGHBOURS)
    return {row["unit_id"]: (row["latitude"], row["longitude"]) for row in rows}


def twins(
    session: Session, actor: Actor, area: str = "", *, case_ids: Collection[str] | None = None
) -> list[CaseOut]:
    """Give questions of two units that say the same of everything; raises NotFound as `queue`."""
    if not actor.scope.touches(area):
        raise NotFound
    rows = desk_repository.twins(session, actor.scope, area, case_ids=case_ids, limit=MOST_TWINS)
    matchers = {lane: matcher_of(session, lane) for lane in {row["lane"] for row in rows}}
    return [service.case_out(row, actor, matchers[row["lane"]]) for row in rows]


def merge_twins(
    session: Session, actor: Actor, case_ids: Collection[str], batch: UUID, now: datetime
) -> list[Merged]:
    """Say of these pairs that they are one, as far as they are twins still; the same again: once.

    Every pair is a decision of its own, to be undone by itself.
    """
    return [
        _merged(session, actor, each, named_id("twins", str(batch), each.case_id), now)
        for each in twins(session, actor, case_ids=case_ids)
    ]


def _merged(
    session: Session, actor: Actor, case: CaseOut, decision_id: UUID, now: datetime
) -> Merged:
    assert case.left.unit_id is not None, "of twins both are in the scope"
    assert case.right.unit_id is not None, "of twins both are in the scope"
    said = Saying(
        decision_id=decision_id,
        what=What.MERGE,
        left=[case.left.unit_id],
        right=[case.right.unit_id],
        evidence={"case_id": case.case_id, "bits": case.bits, "twins": True},
    )
    try:
        done = service.decide(session, actor, case.lane, said, now)
    except Problem as problem:
        return Merged(case, problem=problem)
    kept = decision(session, actor.scope, case.lane, done.decision_id)
    return Merged(case, kept, waits=done.waits)


def known(session: Session, actor: Actor, lane: str, unit_id: str) -> Business:
    """Give a unit as the business that it is; raises NotFound where it is not in the scope."""
    scope = actor.scope
    group_id = repository.group_of(session, scope, lane, unit_id)
    if group_id is None:
        raise NotFound
    members = [MemberOut.of(row) for row in repository.members(session, scope, lane, {group_id})]
    ids = {each.unit_id for each in members if each.unit_id is not None}
    told = sides(session, scope, lane, ids)
    stands = survivor([one.source for some in told.values() for one in some])
    rows = desk_repository.cases_about(session, scope, lane, ids, LOOKED_AT)
    matcher = matcher_of(session, lane)
    return Business(
        lane=lane,
        unit_id=group_id,
        members=members,
        told=told,
        values=dict(stands.values) | {"presence": stands.presence},
        provenance=stands.provenance,
        history=service.history(session, scope, lane, ids),
        cases=[service.case_out(row, actor, matcher) for row in rows],
    )
