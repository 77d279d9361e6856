import pytest
import sqlalchemy as sa

from app.core.db import writing
from app.core.outbox import AREA_TOUCHED, take
from app.intake.models import FeedChange
from app.registry.models import PrelistUnit, UnitReport
from sync.envelope import Envelope, canonical
from tests.app.registry.conftest import HERE, LANE, THERE, Send, Town, submission

NIK = "3375034107800001"


def touched(town: Town) -> set[str]:
    with writing(town.engine) as session:
        return take(session, AREA_TOUCHED, LANE)


def feed(town: Town) -> dict[str, object]:
    return {str(row["key"]): row["payload"] for row in town.rows(FeedChange)}


def test_a_prelist_unit_waits_for_its_visit(town: Town) -> None:
    town.bring(f"11,{HERE},BATIK SARI,SITI,JL CONTOH 1,13134,0812,")
    unit = town.units()["11"]
    assert (unit.origin, unit.presence, unit.report_count) == ("prelist", None, 0)
    assert (unit.area_code, unit.prelist_area_code) == (HERE, HERE)
    assert (unit.business_name, unit.address, unit.kbli) == ("BATIK SARI", "JL CONTOH 1", "13134")


def test_a_report_overlays_what_the_prelist_says(town: Town, send: Send) -> None:
    town.bring(f"11,{HERE},BATIK SARI,SITI,JL CONTOH 1,13134,,")
    send(
        "uuid:1", unit_id="11", presence="1", idsubsls=THERE, business_name="BATIK SARI BARU",
        street="GG CONTOH", block_no="-", rt="001", rw="002", geotag="-6.9 109.6 12 4.5",
    )  # fmt: skip
    unit = town.units()["11"]
    assert (unit.origin, unit.presence, unit.document_id) == ("prelist", "1", "uuid:1")
    assert (unit.area_code, unit.prelist_area_code) == (THERE, HERE)
    assert (unit.business_name, unit.owner_name) == ("BATIK SARI BARU", "SITI")
    assert unit.address == "GG CONTOH RT 001/RW 002"
    assert (unit.latitude, unit.longitude) == (-6.9, 109.6)


@pytest.mark.parametrize("where", ["3375020001000100", "3375010009000100"])
def test_who_names_a_unit_of_another_kelurahan_is_not_shown_it(
    town: Town, send: Send, where: str
) -> None:
    town.bring(f"11,{HERE},BATIK SARI,SITI,JL CONTOH 1,13134,,")
    send("uuid:1", unit_id="11", presence="3", idsubsls=where)
    unit = town.units()["11"]
    assert (unit.area_code, unit.prelist_area_code) == (where, HERE)
    assert (unit.business_name, unit.owner_name, unit.address, unit.kbli) == ("", "", "", "")
    assert "SITI" not in str(feed(town)[f"11@{where}"])


def test_a_prelist_that_arrives_after_the_submission_gives_the_same_unit(
    town: Town, send: Send
) -> None:
    send("uuid:1", unit_id="11", presence="1", idsubsls=THERE)
    assert town.units()["11"].origin == "field"
    town.bring(f"11,{HERE},BATIK SARI,,,,,")
    unit = town.units()["11"]
    assert (unit.origin, unit.presence, unit.area_code) == ("prelist", "1", THERE)
    assert (unit.prelist_area_code, unit.business_name) == (HERE, "BATIK SARI")


@pytest.mark.parametrize(
    ("answers", "unit_id"),
    [
        ({"presence": "2"}, "uuid:1"),
        ({"presence": "2", "unit_id": "11"}, "uuid:1"),  # a stale answer of an irrelevant question
        ({"presence": "1"}, "uuid:1"),
        ({"presence": "1", "unit_id": ""}, "uuid:1"),
        ({"presence": "1", "unit_id": "1 1"}, "uuid:1"),
        ({"presence": "1", "unit_id": "9" * 4000}, "uuid:1"),
        ({"presence": "1", "unit_id": "404"}, "404"),
        ({}, "uuid:1"),
    ],
)
def test_a_unit_that_no_prelist_names_comes_from_the_field(
    town: Town, answers: dict[str, str], unit_id: str
) -> None:
    town.receive(submission("uuid:1", idsubsls=HERE, **answers))
    (unit,) = town.units().values()
    assert (unit.unit_id, unit.origin, unit.document_id) == (unit_id, "field", "uuid:1")


@pytest.mark.parametrize(
    ("idsubsls", "area"),
    [
        (THERE, THERE),
        ("3326010001000100", LANE),  # another regency
        ("337501000400", HERE),  # no sub-SLS: as the prelist has it
        ("", HERE),
        ("٣" * 16, HERE),
    ],
)
def test_a_unit_lies_where_it_was_found(town: Town, send: Send, idsubsls: str, area: str) -> None:
    town.bring(f"11,{HERE},BATIK SARI,,,,,")
    send("uuid:1", unit_id="11", presence="1", idsubsls=idsubsls)
    assert town.units()["11"].area_code == area


def test_without_any_area_a_unit_lies_in_its_regency(town: Town, send: Send) -> None:
    send("uuid:1", presence="2", idsubsls="Medono")
    assert town.units()["uuid:1"].area_code == LANE


def test_only_the_current_version_speaks(town: Town, send: Send) -> None:
    send("uuid:1", unit_id="11", presence="3", business_name="LAMA")
    send("uuid:2", "uuid:1", unit_id="11", presence="1", business_name="BARU")
    unit = town.units()["11"]
    assert (unit.presence, unit.business_name, unit.report_count) == ("1", "BARU", 1)
    assert unit.document_id == "uuid:1"


def test_rivals_never_speak(town: Town, send: Send) -> None:
    send("uuid:1", unit_id="11", presence="1")
    send("uuid:2", "uuid:1", unit_id="11", presence="1", business_name="BARU")
    send("uuid:3", "uuid:1", unit_id="11", presence="3")  # a second successor
    send("uuid:2", "uuid:1", unit_id="11", presence="4")  # the same instance, other content
    unit = town.units()["11"]
    assert (unit.presence, unit.business_name, unit.report_count) == ("1", "BARU", 1)


def test_a_version_that_names_another_unit_leaves_the_first_unvisited(
    town: Town, send: Send
) -> None:
    town.bring(f"11,{HERE},BATIK SARI,,,,,", f"12,{HERE},BATIK SEKAR,,,,,")
    send("uuid:1", unit_id="11", presence="3", idsubsls=THERE)
    assert town.units()["11"].presence == "3"
    send("uuid:2", "uuid:1", unit_id="12", presence="1")
    units = town.units()
    assert (units["11"].presence, units["11"].area_code) == (None, HERE)
    assert (units["11"].document_id, units["11"].report_count) == (None, 0)
    assert units["12"].presence == "1"


def test_a_new_unit_that_turns_out_to_be_listed_is_no_more(town: Town, send: Send) -> None:
    town.bring(f"11,{HERE},BATIK SARI,,,,,")
    send("uuid:1", presence="2", idsubsls=HERE)
    assert set(town.units()) == {"11", "uuid:1"}
    send("uuid:2", "uuid:1", presence="1", unit_id="11", idsubsls=HERE)
    assert set(town.units()) == {"11"}
    assert feed(town)[f"uuid:1@{HERE}"] is None


def test_a_new_unit_is_named_by_its_first_version_however_late_that_comes(
    town: Town, send: Send
) -> None:
    send("uuid:3", "uuid:2", presence="2", business_name="BATIK SARI")
    assert set(town.units()) == {"uuid:2"}
    send("uuid:2", "uuid:1", presence="2")
    assert set(town.units()) == {"uuid:1"}
    send("uuid:1", presence="2")
    (unit,) = town.units().values()
    assert (unit.unit_id, unit.business_name) == ("uuid:1", "BATIK SARI")


def test_of_two_documents_the_later_speaks_and_both_are_counted(town: Town, send: Send) -> None:
    send("uuid:1", unit_id="11", presence="9")
    send("uuid:2", unit_id="11", presence="1")
    unit = town.units()["11"]
    assert (unit.presence, unit.document_id, unit.report_count) == ("1", "uuid:2", 2)
    send("uuid:3", "uuid:1", unit_id="11", presence="3")  # the first document, corrected last
    assert town.units()["11"].presence == "3"


def test_an_unknown_presence_is_no_visit(town: Town, send: Send) -> None:
    send("uuid:1", unit_id="11", presence="8")
    assert town.units()["11"].presence is None


@pytest.mark.parametrize(
    ("kind", "form_id", "body"),
    [
        ("submission", "se2026_l", b"<data id="),
        ("submission", "p", b'<d id="p"><a/></d>'),
        ("prelist", "prelist", b"{"),
        ("prelist", "prelist", b"[1]"),
        ("prelist", "prelist", b"[" * 9999),
        ("prelist", "prelist", b'{"unit_id":1}'),
        ("review", "review", b'{"unit_id":"1"}'),
    ],
)
def test_what_says_nothing_of_a_unit_is_passed_over(
    town: Town, send: Send, kind: str, form_id: str, body: bytes
) -> None:
    town.receive(
        Envelope(kind=kind, instance_id="uuid:1", form_id=form_id, form_version="1", body=body)
    )
    assert town.units() == {}
    send("uuid:9", unit_id="11", presence="1")
    assert set(town.units()) == {"11"}


def test_another_form_that_tells_the_presence_of_a_unit_counts(town: Town) -> None:
    body = b'<d id="p"><place><unit_id>11</unit_id></place><presence>3</presence></d>'
    town.receive(Envelope(instance_id="uuid:1", form_id="p", form_version="1", body=body))
    assert town.units()["11"].presence == "3"


def test_strange_characters_in_a_prelist_entry_do_not_stop_the_registry(town: Town) -> None:
    body = canonical({"unit_id": "11", "business_name": "A\x00B", "kbli": 5, "idsubsls": HERE})
    town.receive(
        Envelope(kind="prelist", instance_id="1", form_id="prelist", form_version="1", body=body)
    )
    assert (town.units()["11"].business_name, town.units()["11"].kbli) == ("A B", "")


@pytest.mark.parametrize("told", ["", "here", "-6.9", "nan 109.6", "-96.9 109.6 0 0", "1e999 0"])
def test_a_place_that_cannot_be_is_no_place(town: Town, send: Send, told: str) -> None:
    send("uuid:1", unit_id="11", presence="1", geotag=told)
    assert (town.units()["11"].latitude, town.units()["11"].longitude) == (None, None)


def test_a_nik_is_stored_nowhere(town: Town, send: Send) -> None:
    send("uuid:1", unit_id="11", presence="1", owner_nik=NIK, business_name="BATIK SARI")
    town.settle()
    assert town.rows(UnitReport)[0]["owner_key"]
    assert NIK not in repr(town.state())


def test_areas_whose_counts_may_change_are_told_once_they_change(town: Town, send: Send) -> None:
    town.bring(f"11,{HERE},BATIK SARI,,,,,")
    town.settle()
    assert touched(town) == {HERE}
    send("uuid:1", unit_id="11", presence="1", idsubsls=THERE)
    town.settle()
    assert touched(town) == {HERE, THERE}
    send("uuid:2", "uuid:1", unit_id="12", presence="1", idsubsls=THERE)
    town.settle()
    assert touched(town) == {HERE, THERE}
    send("uuid:1", unit_id="11", presence="4")  # a rival changes nothing
    town.settle()
    assert touched(town) == set()


def test_devices_learn_of_units_in_their_area_and_of_those_that_left_it(
    town: Town, send: Send
) -> None:
    town.bring(f"11,{HERE},BATIK SARI,SITI,JL CONTOH 1,13134,,")
    town.settle()
    told = {
        "unit_id": "11", "name": "BATIK SARI", "address": "JL CONTOH 1", "idsubsls": HERE,
        "presence": None, "origin": "prelist",
    }  # fmt: skip
    assert feed(town) == {f"11@{HERE}": told}
    send("uuid:1", unit_id="11", presence="1", idsubsls=THERE)
    town.settle()
    moved = told | {"idsubsls": THERE, "presence": "1"}
    assert feed(town) == {f"11@{HERE}": None, f"11@{THERE}": moved}


def test_the_newest_prelist_entry_counts(town: Town) -> None:
    for name in ("SATU", "DUA", "SATU", "DUA"):
        town.bring(f"11,{HERE},{name},,,,,")
    town.settle()
    assert [row["business_name"] for row in town.rows(PrelistUnit)] == ["DUA"]
    assert town.units()["11"].updated_position == 4


def test_lanes_are_strangers(town: Town, engine: sa.Engine) -> None:
    other = Town(engine, "3326")
    for each in (town, other):
        each.receive(submission("uuid:1", unit_id="11", presence="1", nib="1234567890123"))
        each.receive(submission("uuid:2", unit_id="12", presence="1", nib="1234567890123"))
    before = town.units()
    other.settle()
    other.rebuild()
    assert town.units() == before
    assert set(other.units()) == {"11", "12"}
