import re
from collections import Counter
from datetime import date

from app.demo.city import leaves
from app.demo.firms import HEAD, InventedFirm, invent_prelist, prelist_csv
from app.demo.kinds import kinds
from app.demo.spelling import sound_of
from app.registry.prelist_file import read_prelist
from matching.normalise.numbers import phone_number
from tests.app.demo.conftest import SEED, City


def test_some_three_thousand_units_live_in_every_sub_sls(city: City) -> None:
    assert 2700 <= len(city.firms) <= 3400
    assert {firm.idsubsls for firm in city.firms} == {area.code for area in leaves(city.areas)}
    assert len({firm.unit_id for firm in city.firms}) == len(city.firms)


def test_a_sub_sls_holds_no_more_than_its_expected_load(city: City) -> None:
    held = Counter(firm.idsubsls for firm in city.firms)
    loads = {area.code: area.expected_load or 0 for area in leaves(city.areas)}
    assert all(held[code] <= load for code, load in loads.items())
    assert sum(held.values()) > sum(loads.values()) * 0.9


def test_the_prelist_is_a_file_that_the_registry_takes(city: City) -> None:
    found = read_prelist(prelist_csv(city.firms), "3375")
    assert (found.faults, found.ignored) == ([], ())
    assert list(found.rows) == [firm.unit_id for firm in city.firms]
    for firm in city.firms:
        assert found.rows[firm.unit_id] == firm.listed


def test_the_register_does_not_know_everything(city: City) -> None:
    rows = [firm.listed for firm in city.firms if firm.listed]
    for name, least, most in (("phone", 0.3, 0.6), ("nib", 0.2, 0.6), ("kbli", 0.8, 0.97)):
        share = sum(bool(row[name]) for row in rows) / len(rows)
        assert least < share < most, name
    outdated = [
        firm
        for firm in city.firms
        if firm.listed and firm.listed["kbli"] not in ("", kinds()[firm.kind].kbli)
    ]
    assert 0 < len(outdated) < len(city.firms) * 0.1


def test_numbers_are_such_as_nobody_is_given(city: City) -> None:
    for firm in city.firms:
        owner = firm.owner
        assert re.fullmatch(r"084[0-9]{9}", owner.mobile)
        assert phone_number(owner.mobile)
        assert re.fullmatch(r"(02850[0-9]{5})?", firm.landline)
        assert re.fullmatch(r"(99[0-9]{11})?", firm.nib)
        assert owner.nik[12] == "9"


def test_a_nik_tells_the_birth_and_the_sex_of_its_owner(city: City) -> None:
    for owner in (firm.owner for firm in city.firms):
        day = int(owner.nik[6:8]) - 40 * (owner.sex == "2")
        assert (day, int(owner.nik[8:10])) == (owner.born.day, owner.born.month)
        assert owner.born.year % 100 == int(owner.nik[10:12])
        birthday = date(2026, owner.born.month, min(owner.born.day, 28))
        assert owner.age in {2026 - owner.born.year, 2025 - owner.born.year}
        assert owner.age == 2026 - owner.born.year or birthday >= date(2026, 6, 28)


def test_only_twins_share_a_name_within_an_sls(city: City) -> None:
    names = Counter(_heard(firm) for firm in city.firms if not firm.twin_of)
    assert [name for name, times in names.items() if times > 1] == []


def test_a_twin_is_another_unit_of_the_same_owner_and_place(city: City) -> None:
    by_id = {firm.unit_id: firm for firm in city.firms}
    twins = [firm for firm in city.firms if firm.twin_of]
    assert 0.01 < len(twins) / len(city.firms) < 0.04
    for twin in twins:
        first = by_id[twin.twin_of or ""]
        assert (first.owner, first.idsubsls) == (twin.owner, twin.idsubsls)
        assert first.business_name != twin.business_name
    alike = [twin for twin in twins if _heard(twin) == _heard(by_id[twin.twin_of or ""])]
    assert 0 < len(alike) < len(twins) / 3


def test_one_enterprise_has_a_head_office_and_two_branches_with_one_nib(city: City) -> None:
    (head,) = [firm for firm in city.firms if firm.network == HEAD]
    branches = [firm for firm in city.firms if firm.nib == head.nib and firm is not head]
    assert len(branches) == 2
    assert {branch.network for branch in branches} == {"3"}


def test_a_seed_gives_the_same_firms(city: City) -> None:
    assert invent_prelist(city.areas, SEED) == city.firms
    assert invent_prelist(city.areas, SEED + 1) != city.firms


def test_a_town_without_a_chain_is_a_town() -> None:
    assert invent_prelist([], SEED) == []


def _heard(firm: InventedFirm) -> tuple[str, str]:
    return firm.idsubsls[:14], sound_of(firm.business_name)
