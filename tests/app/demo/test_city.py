import math
from collections import Counter

from app.areas.codes import AreaCode, Level
from app.areas.table import read_table
from app.demo.city import InventedArea, areas_csv, invent_areas, leaves
from tests.app.demo.conftest import SEED, City


def test_every_kelurahan_has_sls_and_each_sls_a_sub_sls(city: City) -> None:
    levels = Counter(AreaCode.parse(area.code).level for area in city.areas)
    assert levels[Level.KELURAHAN] == 27
    sls = Counter(area.code[:10] for area in city.areas if len(area.code) == 14)
    assert len(sls) == 27
    assert {4, 8} >= {min(sls.values()), max(sls.values())}
    parts = Counter(area.code[:14] for area in leaves(city.areas))
    assert parts.keys() == {area.code for area in city.areas if len(area.code) == 14}
    assert set(parts.values()) == {1, 2}


def test_an_undivided_sls_has_the_part_00_and_a_divided_one_01_and_02(city: City) -> None:
    parts: dict[str, list[str]] = {}
    for area in leaves(city.areas):
        parts.setdefault(area.code[:14], []).append(area.code[14:])
    assert {tuple(each) for each in parts.values()} == {("00",), ("01", "02")}


def test_the_table_is_one_that_the_importer_reads_whole(city: City) -> None:
    table = read_table(areas_csv(city.areas))
    assert table.errors == []
    assert [row.code for row in table.rows] == [area.code for area in city.areas]
    loads = {row.code: row.fields["expected_load"] for row in table.rows}
    assert all((load is not None) == (len(code) == 16) for code, load in loads.items())


def test_each_area_comes_after_the_one_above_it(city: City) -> None:
    seen: set[str] = set()
    for area in city.areas:
        above = AreaCode.parse(area.code).parent
        assert above is None or above in seen
        seen.add(area.code)


def test_sub_sls_lie_near_their_kelurahan(city: City) -> None:
    middle = {area.code: area for area in city.areas if len(area.code) == 10}
    for area in leaves(city.areas):
        home = middle[area.code[:10]]
        assert home.area_km2 is not None
        assert kilometres(home, area) < home.area_km2**0.5 * 0.55, area.code
        assert area.postal_code == home.postal_code


def test_a_seed_gives_the_same_city_and_another_seed_another() -> None:
    assert invent_areas(SEED) == invent_areas(SEED)
    assert invent_areas(SEED) != invent_areas(SEED + 1)


def kilometres(one: InventedArea, other: InventedArea) -> float:
    spots = [(area.latitude or 0, area.longitude or 0) for area in (one, other)]
    return math.dist(*spots) * 111.2
