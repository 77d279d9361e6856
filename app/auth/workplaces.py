"""Where enumerators work, as assignments say it: one of them answers for a sub-SLS, no other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.areas import repository as region
from app.areas.codes import LENGTHS, Level
from app.auth import repository
from app.auth.models import AuditEntry, Role
from app.auth.repository import Known, Whereabouts
from app.auth.scope import Scope

_LEAF = LENGTHS[Level.SUB_SLS]


@dataclass(frozen=True, slots=True)
class Workplace:
    """Who answers for a sub-SLS from now on, None for nobody, and who said so."""

    idsubsls: str
    officer: UUID | None
    actor: str
    at: datetime


def let_work(session: Session, told: Sequence[Workplace]) -> None:
    """Let one enumerator, or nobody, answer for each sub-SLS; who did before does no longer.

    Who had it as part of a wider area keeps the other sub-SLS of that. Doing it again changes
    nothing. Supervisors and others who see the area are not touched. However many are told of,
    PostgreSQL is asked a fixed number of times, and once for each wider area that falls apart.
    """
    if not told:
        return
    wanted = {each.officer for each in told if each.officer is not None}
    over = repository.in_role_over(session, Role.ENUMERATOR, {each.idsubsls for each in told})
    named = repository.by_ids(session, wanted).values()
    staff = _Staff(session, [*over, *(each for each in named if each.role == Role.ENUMERATOR)])
    for each in told:
        staff.hear(each)
    staff.write()


class _Staff:
    """The areas of enumerators while words about them are heard, in order."""

    def __init__(self, session: Session, known: Iterable[Known]) -> None:
        self._session = session
        self._places = {each.id: Whereabouts(set(each.areas), each.home) for each in known}
        self._holders: defaultdict[str, set[UUID]] = defaultdict(set)
        self._moved: dict[UUID, Workplace] = {}  # with the last word that moved them
        for officer, place in self._places.items():
            for area in place.areas:
                self._holders[area].add(officer)

    def hear(self, told: Workplace) -> None:
        """Take the sub-SLS from whoever else has it, and give it to whom it is said to belong."""
        above = [told.idsubsls[:digits] for digits in (0, *LENGTHS.values())]
        holders = {officer for area in above for officer in self._holders.get(area, ())}
        for officer in holders - {told.officer}:
            self._part(officer, [a for a in above if officer in self._holders.get(a, ())], told)
        if told.officer in self._places and told.officer not in holders:
            self._change(told.officer, gone=(), come=[told.idsubsls], told=told)

    def write(self) -> None:
        """Write where everybody who moved works now, and note each in the audit log."""
        repository.set_areas(
            self._session, {officer: self._places[officer] for officer in self._moved}
        )
        for officer, last in self._moved.items():
            entry = AuditEntry(
                at=last.at,
                actor=last.actor,
                action="account.areas",
                subject=str(officer),
                detail={"areas": sorted(self._places[officer].areas)},
            )
            repository.add_audit(self._session, entry)

    def _part(self, officer: UUID, areas: Sequence[str], told: Workplace) -> None:
        """Take a sub-SLS out of all areas of an officer that hold it."""
        wider = [area for area in areas if area != told.idsubsls]
        rest = {leaf for area in wider for leaf in self._leaves(area)} - {told.idsubsls}
        self._change(officer, gone=areas, come=rest, told=told)

    def _leaves(self, area: str) -> list[str]:
        lines = region.of_level(self._session, Scope((area,)), area, _LEAF)
        return [each.code for each in lines]

    def _change(
        self, officer: UUID, *, gone: Iterable[str], come: Iterable[str], told: Workplace
    ) -> None:
        place = self._places[officer]
        first = min(place.areas, default=place.home)
        for area in gone:
            place.areas.discard(area)
            self._holders[area].discard(officer)
        for area in come:
            place.areas.add(area)
            self._holders[area].add(officer)
        place.home = "" if place.areas else first
        self._moved[officer] = told
