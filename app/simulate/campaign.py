"""A simulation from its first hour to its verdict."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.auth.actor import Actor
from app.auth.models import Role
from app.auth.scope import NATION, Scope
from app.auth.service import account_named, deactivate
from app.core.db import writing
from app.core.ids import named_id
from app.core.office import Office
from app.demo import opening
from app.demo.chance import chance
from app.demo.city import InventedArea, invent_areas
from app.demo.firms import InventedFirm, invent_prelist
from app.demo.staff import LANE, Person
from app.fieldwork.schemas import AssignmentIn, AssignmentsIn
from app.fieldwork.service import assign
from app.simulate.fleet import Fleet, staff_of
from app.simulate.mayhem import (
    DISK,
    POSTGRES,
    RESTORE,
    SERVICE,
    WORKER,
    Blow,
    Mayhem,
    head_of,
    settled,
)
from app.simulate.papers import Papers, fill_papers
from app.simulate.plan import Plan
from app.simulate.site import READY_SECONDS, Site, wait_for
from app.simulate.verdict import Verdict, judge

BY = "simulate"
_STANDSTILL = 1.5 * READY_SECONDS  # in which no phone gets rid of anything: then they are stuck
_LULL = 1.0  # seconds between two evenings of which the first brought nothing
_PATIENT = 10 * READY_SECONDS
_SMALLEST_PRELIST = 200  # units; a small fleet does not need a whole city
_REVOKED, _REASSIGNED = 0.05, 0.1  # shares of the officers
_BURNS_AT = (0.4, 0.8)  # of all hours
_UNSHIPPED_HOURS = 2  # before a house burns, the line to its vault is broken

Told = Callable[[str, int, int], None]  # what, how much is done, of how much


@dataclass(frozen=True, slots=True)
class Story:
    """What was invented for a fleet."""

    areas: Sequence[InventedArea]
    firms: Sequence[InventedFirm]
    staff: Sequence[Person]


@dataclass(frozen=True, slots=True)
class Done:
    """What a simulation came to."""

    plan: Plan
    verdict: Verdict
    blows: Sequence[Blow]
    seconds: float
    heard: Mapping[str, Any]
    mishaps: Mapping[str, int]

    @property
    def good(self) -> bool:
        """Tell whether every receipt is accounted for, and every blow was got over in time."""
        return self.verdict.good and all(each.in_time for each in self.blows)

    def as_json(self) -> dict[str, Any]:
        """Give all of it, for a script."""
        return {
            "good": self.good,
            "plan": asdict(self.plan),
            "seconds": round(self.seconds, 1),
            **self.heard,
            "mishaps": self.mishaps,
            "verdict": self.verdict.as_json(),
            "blows": [{**asdict(each), "in_time": each.in_time} for each in self.blows],
        }


def furnish(office: Office, plan: Plan) -> Story:
    """Bring areas, questionnaires, prelist and officers. Raises OpeningFailed at a real office."""
    opening.check_is_demo(office)
    areas = invent_areas(plan.seed)
    firms, staff = invent_prelist(areas, plan.seed), staff_of(plan, areas)
    firms = firms[: max(_SMALLEST_PRELIST, plan.documents)]
    opening.open_areas(office, areas)
    opening.open_questionnaires(office)
    opening.open_prelist(office, firms)
    opening.open_accounts(office, staff)
    return Story(areas, firms, staff)


def strikes_of(plan: Plan, *, campaign: bool, disk_full: bool) -> dict[int, str]:
    """Give what is done to the office, by hour."""
    dice = chance(plan.seed, "strikes")
    kinds = [SERVICE, WORKER, POSTGRES] if campaign else []
    strikes = {}
    for hour in range(plan.hours):
        if kinds:
            strikes[hour] = kinds[hour % 3] if hour < 3 else dice.choice(kinds)  # noqa: PLR2004 - each
        if disk_full and hour % 4 == 1:
            strikes[hour] = DISK
    if campaign:
        strikes |= dict.fromkeys((int(share * plan.hours) for share in _BURNS_AT), RESTORE)
    return strikes


class Campaign:
    """A plan that is carried out, the phones' spools below `phones`."""

    def __init__(self, plan: Plan, story: Story, phones: Path, told: Told) -> None:
        self._plan = plan
        self._story = story
        self._phones = phones
        self._told = told

    def against(self, office: Office, server: str) -> Done:
        """Let the fleet speak to an office that runs, and wait for its worker. Nobody is hurt."""
        begun, since = time.monotonic(), head_of(office, LANE)
        with self._fleet(office, server) as fleet:
            for hour in range(self._plan.hours):
                fleet.work(hour)
                self._change_staff(office, hour)
                self._told("Hours", hour + 1, self._plan.hours)
            self._go_home(fleet)
            wait_for(lambda: settled(office, LANE), "projections", _PATIENT)
            return self._done(fleet, office, [], begun, since)

    def at(self, site: Site, strikes: Mapping[int, str]) -> Done:
        """Let the fleet speak to an office of its own that is struck meanwhile."""
        begun = time.monotonic()
        mayhem = Mayhem(site, LANE, chance(self._plan.seed, "mayhem"))
        with self._fleet(site.office, site.address) as fleet:
            try:
                for hour in range(self._plan.hours):
                    self._work(fleet, site, mayhem, hour, strikes)
                self._go_home(fleet)
                wait_for(lambda: settled(site.office, LANE), "projections", _PATIENT)
            finally:
                mayhem.mend_vault()
            return self._done(fleet, site.office, mayhem.blows, begun)

    def _work(
        self, fleet: Fleet, site: Site, mayhem: Mayhem, hour: int, strikes: Mapping[int, str]
    ) -> None:
        burns = [each for each, what in strikes.items() if what == RESTORE]
        if any(hour < each <= hour + _UNSHIPPED_HOURS for each in burns):
            mayhem.cut_off_vault()
        if hour in burns:
            mayhem.burn(hour)
            fleet.reach_all()
        what = strikes.get(hour)
        with mayhem.striking(None if what == RESTORE else what, hour):
            fleet.work(hour)
        wait_for(lambda: settled(site.office, LANE), "projections", _PATIENT)
        self._change_staff(site.office, hour)
        self._told("Hours", hour + 1, self._plan.hours)

    @contextmanager
    def _fleet(self, office: Office, server: str) -> Iterator[Fleet]:
        papers: Papers = fill_papers(
            office, self._story.firms, self._plan.documents,
            lambda done, total: self._told("Papers", done, total),
        )  # fmt: skip
        staff = self._story.staff
        fleet = Fleet(self._plan, office, staff, papers, server=server, home=self._phones)
        try:
            yield fleet
        finally:
            fleet.close()

    def _go_home(self, fleet: Fleet) -> None:
        """Let all try until nobody has anything left, or nobody has got on for very long."""
        before, turn, moved_at = fleet.waiting(), 0, time.monotonic()
        left = before
        while left and time.monotonic() - moved_at < _STANDSTILL:
            self._told("Stragglers", before - left, before)
            fleet.try_again(turn)
            turn += 1
            if fleet.waiting() < left:
                left, moved_at = fleet.waiting(), time.monotonic()
            else:
                time.sleep(_LULL)
        self._told("Stragglers", before - left, before)

    def _change_staff(self, office: Office, hour: int) -> None:
        """Half-way, some officers get another area and some lose their access."""
        if hour != self._plan.hours // 2:
            return
        for number, person in enumerate(self._story.staff):
            throw = chance(self._plan.seed, "staff", number).random()
            if throw < _REVOKED:
                _revoke(office, person)
            elif throw < _REVOKED + _REASSIGNED:
                other = self._story.staff[(number + 1) % len(self._story.staff)]
                _reassign(office, person, other.areas)

    def _done(
        self, fleet: Fleet, office: Office, blows: Sequence[Blow], begun: float, since: int = 0
    ) -> Done:
        verdict = judge(fleet, office, LANE, since)
        seconds = time.monotonic() - begun
        return Done(self._plan, verdict, blows, seconds, asdict(fleet.heard), fleet.mishaps.told())


def _revoke(office: Office, person: Person) -> None:
    with writing(office.engine) as session:
        known = account_named(session, person.user_name, NATION)
        deactivate(session, known.id, scope=NATION, actor=BY, now=office.clock())


def _reassign(office: Office, person: Person, areas: Sequence[str]) -> None:
    """Assign the areas of another to an officer, as an office does: by entries of the journal."""
    boss = Actor(
        id=named_id(BY, "office"),
        user_name=BY,
        display_name=BY,
        role=Role.REGENCY_ADMIN,
        scope=Scope.of([LANE]),
    )
    said = AssignmentsIn(
        decision_id=named_id(BY, "assigned", person.user_name),
        assignments=[AssignmentIn(idsubsls=code, officer=person.user_name) for code in areas],
    )
    with writing(office.engine) as session:
        assign(session, boss, said, office.clock())
