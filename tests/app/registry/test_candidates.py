import pytest
import sqlalchemy as sa
import structlog

from app.areas.scope import NATION, Scope
from app.core.db import reading
from app.core.problems import Invalid, NotFound
from app.registry import service
from app.registry.models import Candidate, UnitKey
from app.registry.projector import UnitsProjector
from tests.app.registry.conftest import HERE, THERE, Send, Town

NIB = "1234567890123"
NIK = "3375034107800001"


def pairs(town: Town) -> dict[tuple[object, object], object]:
    town.settle()
    return {(row["left_id"], row["right_id"]): row["reasons"] for row in town.rows(Candidate)}


def row(unit_id: str, area: str = HERE, name: str = "", nib: str = "", phone: str = "") -> str:
    return f"{unit_id},{area},{name or 'USAHA ' + unit_id},,,,{phone},{nib}"


def test_units_that_share_a_key_are_a_pair_with_its_reasons(town: Town) -> None:
    town.bring(row("11", nib=NIB, name="BATIK SEKAR"), row("12", nib=NIB, name="Tk Batik Sekar"))
    assert pairs(town) == {("11", "12"): "name+sls nib"}


def test_a_pair_stays_two_units(town: Town) -> None:
    town.bring(row("11", nib=NIB), row("12", nib=NIB))
    assert set(town.units()) == {"11", "12"}


def test_a_name_pairs_only_within_its_sls(town: Town) -> None:
    town.bring(row("11", HERE, "BATIK SEKAR"), row("12", THERE, "BATIK SEKAR"))
    assert pairs(town) == {}


def test_owner_and_mobile_pair_across_areas_where_the_name_agrees(town: Town, send: Send) -> None:
    facts = {"presence": "2", "owner_nik": NIK, "mobile": "081212345678"}
    send("uuid:1", idsubsls=HERE, business_name="Batik Sekar", **facts)
    send("uuid:2", idsubsls=THERE, business_name="TOKO BATIK SEKAR", **facts)
    send("uuid:3", idsubsls=HERE, business_name="Warung Melati", **facts)  # the owner's other one
    assert pairs(town) == {("uuid:1", "uuid:2"): "mobile+name nik+name"}


def test_a_new_unit_that_names_a_listed_one_is_its_candidate(town: Town, send: Send) -> None:
    town.bring(row("11"))
    send("uuid:1", presence="2", unit_id="11")
    assert pairs(town) == {("11", "uuid:1"): "idsbr"}


@pytest.mark.parametrize("presence", ["00", "3", "4", "9"])
def test_what_is_not_there_is_nobodys_candidate(town: Town, send: Send, presence: str) -> None:
    town.bring(row("11", nib=NIB), row("12", nib=NIB))
    assert pairs(town) == {("11", "12"): "nib"}
    send("uuid:1", unit_id="11", presence=presence)
    assert pairs(town) == {}
    send("uuid:2", "uuid:1", unit_id="11", presence="1")
    assert pairs(town) == {("11", "12"): "nib"}


def test_a_pair_ends_when_its_reason_does(town: Town) -> None:
    town.bring(row("11", nib=NIB), row("12", nib=NIB))
    town.bring(row("11", nib=NIB), row("12"))
    assert pairs(town) == {}


def test_a_key_of_twenty_units_pairs_them_and_of_twenty_one_nobody(town: Town) -> None:
    town.bring(*(row(str(10 + number), nib=NIB) for number in range(20)))
    assert len(pairs(town)) == 190
    town.bring(row("99", nib=NIB))
    with structlog.testing.capture_logs() as logs:
        assert pairs(town) == {}
    assert [(entry["lane"], entry["keys"]) for entry in logs] == [("3375", {"nib": 1})]
    assert NIB not in repr(logs)
    town.bring(row("10"))  # one of the others turns out to have none
    assert len(pairs(town)) == 190


def test_a_key_that_ceases_to_be_crowded_does_not_revive_others(engine: sa.Engine) -> None:
    town = Town(engine)
    town.projector = UnitsProjector(crowd=2)
    other = "3210987654321"
    town.bring(
        row("11", name="BATIK SEKAR", nib=NIB),
        row("12", name="BATIK SEKAR", nib=NIB),
        row("13", name="BATIK SEKAR", nib=other),
        row("14", nib=NIB),
    )
    assert pairs(town) == {}
    town.bring(row("14"))
    assert pairs(town) == {("11", "12"): "nib"}  # the name is still the name of three


def test_keys_are_kept_as_digests(town: Town, send: Send) -> None:
    send("uuid:1", presence="2", nib=NIB, owner_nik=NIK, business_name="BATIK SEKAR")
    town.settle()
    assert {key["kind"] for key in town.rows(UnitKey)} == {"nib", "nik+name"}
    assert all(len(str(key["digest"])) == 64 for key in town.rows(UnitKey))


def test_a_pair_shows_to_whoever_sees_one_end_and_of_the_other_little(town: Town) -> None:
    town.bring(row("11", HERE, nib=NIB), row("12", THERE, nib=NIB), row("13", HERE))
    town.settle()
    with reading(town.engine) as session:
        page = service.candidates(session, Scope((HERE,)), "", cursor="", limit=10)
        assert page.total == 1
        (pair,) = page.items
        assert (pair.left.unit_id, pair.left.name, pair.reasons) == ("11", "USAHA 11", ["nib"])
        assert pair.right.model_dump(exclude_none=True) == {
            "name": "USAHA 12",
            "area_code": THERE[:10],
        }
        nobody = service.candidates(session, Scope(("3375020",)), "", cursor="", limit=10)
        assert (nobody.items, nobody.total) == ([], 0)
        assert service.candidate_count(session, NATION, THERE) == 1
        with pytest.raises(NotFound):
            service.candidates(session, Scope((HERE,)), THERE, cursor="", limit=10)


def test_candidates_come_in_pages_each_once(town: Town) -> None:
    town.bring(*(row(str(number), nib=NIB) for number in range(11, 16)))
    expected = sorted(pairs(town))
    seen: list[tuple[object, object]] = []
    cursor = ""
    with reading(town.engine) as session:
        while True:
            page = service.candidates(session, NATION, "", cursor=cursor, limit=3)
            seen += [(pair.left.unit_id, pair.right.unit_id) for pair in page.items]
            if page.next_cursor is None:
                break
            cursor = page.next_cursor
    assert seen == expected
    assert len(seen) == 10


@pytest.mark.parametrize("cursor", ["?", "bm8=", "WzFd", "WyJhIl0=", "WyJhIiwiXHUwMDAwIl0="])
def test_a_cursor_of_others_is_refused(town: Town, cursor: str) -> None:
    with reading(town.engine) as session, pytest.raises(Invalid):
        service.units(session, NATION, "", cursor=cursor, limit=3)
