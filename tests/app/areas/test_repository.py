import pytest
from sqlmodel import Session

from app.areas import repository, service
from app.areas.codes import AreaCode
from app.areas.scope import NATION, Scope
from app.core.problems import NotFound
from tests.app.areas.conftest import Import

BARAT = Scope(("3375010",))


def codes(found: object) -> list[str]:
    return [area.code for area in found]  # type: ignore[attr-defined]


def test_children_come_in_order(city: Import, view: Session) -> None:
    assert codes(repository.children(view, NATION, "3375")) == [
        "3375010",
        "3375020",
        "3375030",
        "3375040",
    ]
    assert len(repository.children(view, NATION, "3375010")) == 7


def test_a_scope_begins_where_it_begins(city: Import, view: Session) -> None:
    assert codes(repository.children(view, NATION, None)) == ["33"]
    assert codes(repository.children(view, BARAT, None)) == ["3375010"]
    two = Scope(("3375010004", "3375020007"))
    assert codes(repository.children(view, two, None)) == ["3375010004", "3375020007"]
    assert repository.children(view, Scope(()), None) == []


def test_nothing_outside_the_scope_is_seen(city: Import, view: Session) -> None:
    assert repository.area(view, BARAT, "3375010004") is not None
    for outside in ("3375020007", "3375020", "3375", "33"):
        assert repository.area(view, BARAT, outside) is None
        assert repository.path_to(view, BARAT, AreaCode(outside)) == []
    assert codes(repository.children(view, BARAT, "3375")) == ["3375010"]
    assert repository.children(view, BARAT, "3375020") == []
    assert repository.leaves(view, BARAT, "3375020") == []
    assert repository.of_level(view, BARAT, "3375", 7) == repository.children(view, BARAT, None)
    assert repository.area(view, Scope(()), "3375010") is None


def test_the_service_answers_404_outside(city: Import, view: Session) -> None:
    for code in ("3375020007", "9999999999", "rubbish", "", "\x00", "3.38E+15"):
        with pytest.raises(NotFound):
            service.one_area(view, BARAT, code)
        with pytest.raises(NotFound):
            service.areas_below(view, BARAT, code)


def test_a_leaf_has_nothing_below(city: Import, view: Session) -> None:
    assert codes(repository.leaves(view, NATION, "3375010004")) == [
        "3375010004000100",
        "3375010004000201",
        "3375010004000202",
    ]
    everywhere = codes(repository.leaves(view, NATION, "3375"))
    assert len(everywhere) == 26 + 3
    assert "3375010004" not in everywhere
    assert "3375010007" in everywhere


def test_the_way_down_is_named(city: Import, view: Session) -> None:
    path = repository.path_to(view, BARAT, AreaCode("3375010004000201"))
    assert [step.name for step in path] == [
        "Jawa Tengah",
        "Kota Pekalongan",
        "Pekalongan Barat",
        "Medono",
        "RT 002 RW 001",
        "RT 002 RW 001 bagian 1",
    ]


def test_lists_for_questionnaires(city: Import, view: Session) -> None:
    assert service.wilayah_csv(view, "3375").decode() == (
        "name,label,kelurahan,kecamatan\n"
        "3375010004000100,0001-00 RT 001 RW 001,3375010004,3375010\n"
        "3375010004000201,0002-01 RT 002 RW 001 bagian 1,3375010004,3375010\n"
        "3375010004000202,0002-02 RT 002 RW 001 bagian 2,3375010004,3375010\n"
    )
    kelurahan = service.kelurahan_csv(view, "3375").decode().splitlines()
    assert kelurahan[:2] == ["name,label,kecamatan", "3375010004,Medono,3375010"]
    assert len(kelurahan) == 28
    assert service.wilayah_csv(view, "3326") == b"name,label,kelurahan,kecamatan\n"


def test_a_retired_area_is_on_no_list(city: Import, view: Session) -> None:
    city("code,name\n3375010004000201,RT 002 RW 001 bagian 1\n", retire_missing=True)
    assert b"3375010004000202" not in service.wilayah_csv(view, "3375")
    assert b"3375010004000201" in service.wilayah_csv(view, "3375")
