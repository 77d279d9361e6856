from collections import Counter

from app.auth.models import Role
from app.auth.rules import checked_areas, checked_user_name
from app.demo.city import leaves
from app.demo.staff import invent_staff
from tests.app.demo.conftest import SEED, City


def test_the_office_of_a_city(city: City) -> None:
    assert Counter(person.role for person in city.staff) == {
        Role.REGENCY_ADMIN: 1,
        Role.ANALYST: 1,
        Role.GOVERNMENT: 1,
        Role.COORDINATOR: 4,
        Role.SUPERVISOR: 9,
        Role.ENUMERATOR: 27,
    }
    assert len({person.user_name for person in city.staff}) == 43
    assert len({person.display_name for person in city.staff}) == 43


def test_every_account_could_be_opened(city: City) -> None:
    for person in city.staff:
        assert checked_user_name(person.user_name) == person.user_name
        assert checked_areas(person.role, person.areas) == person.areas


def test_everybody_works_within_the_area_of_their_superior(city: City) -> None:
    by_name = {person.user_name: person for person in city.staff}
    for person in city.staff:
        if person.supervisor is None:
            assert person.areas == ("3375",)
            continue
        above = by_name[person.supervisor].areas
        assert all(area.startswith(above) for area in person.areas), person.user_name


def test_supervisors_share_out_the_kelurahan(city: City) -> None:
    teams = [person.areas for person in city.staff if person.role is Role.SUPERVISOR]
    assert sorted(area for team in teams for area in team) == sorted(
        area.code for area in city.areas if len(area.code) == 10
    )
    assert {len(team) for team in teams} <= {2, 3, 4}


def test_each_enumerator_has_sub_sls_of_one_kelurahan(city: City) -> None:
    known = {area.code for area in leaves(city.areas)}
    homes = [{area[:10] for area in officer.areas} for officer in city.officers]
    assert all(len(home) == 1 for home in homes)
    assert len(set.union(*homes)) == 27
    assert all(set(officer.areas) <= known for officer in city.officers)


def test_a_seed_gives_the_same_people(city: City) -> None:
    assert invent_staff(city.areas, SEED) == city.staff
