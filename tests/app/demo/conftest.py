"""The invented day of a few seeds, each made once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pytest

from app.auth.models import Role
from app.demo.city import InventedArea, invent_areas
from app.demo.firms import InventedFirm, invent_prelist
from app.demo.persona import Visit, visits_of
from app.demo.staff import Person, invent_staff

SEED = 3375


@dataclass(frozen=True)
class City:
    areas: Sequence[InventedArea]
    firms: Sequence[InventedFirm]
    staff: Sequence[Person]
    days: Mapping[str, Sequence[Visit]]

    @property
    def visits(self) -> list[Visit]:
        return [visit for day in self.days.values() for visit in day]

    @property
    def officers(self) -> list[Person]:
        return [person for person in self.staff if person.role is Role.ENUMERATOR]


@cache
def invent(seed: int) -> City:
    areas = invent_areas(seed)
    firms = invent_prelist(areas, seed)
    staff = invent_staff(areas, seed)
    officers = [person for person in staff if person.role is Role.ENUMERATOR]
    days = {officer.user_name: visits_of(officer, firms, seed) for officer in officers}
    return City(areas, firms, staff, days)


@pytest.fixture(scope="session")
def city() -> City:
    return invent(SEED)


@pytest.fixture(scope="session", params=[SEED, 2026])
def any_city(request: pytest.FixtureRequest) -> City:
    return invent(request.param)
