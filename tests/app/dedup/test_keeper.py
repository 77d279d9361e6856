"""What the registry holds becomes records, keys, edges, groups and questions."""

from datetime import timedelta

import pytest

from app.dedup.keeper import OUTDATED, advance_matching
from app.dedup.models import (
    Edge,
    GoldenRecord,
    MatchCase,
    MatchReference,
    UnitMembership,
    UnitRecord,
)
from app.dedup.renewal import Age, advance_references, is_due, renew_matching
from app.dedup.store import Crowding
from tests.app.dedup.conftest import LISTED, SEKAR, Send, Town
from tests.app.registry.conftest import HERE, THERE
from tests.conftest import NOON


def test_a_listed_unit_and_what_the_field_found_become_one(town: Town, send: Send) -> None:
    town.bring(LISTED, f"12,{HERE},WARUNG MELATI,BUDI CONTOHNO,JL LAIN 9,56103,,")
    send("uuid:1", **SEKAR)
    assert town.groups() == {"11": "11", "uuid:1": "11"}
    (golden,) = town.rows(GoldenRecord)
    assert golden["presence"] == "2"
    assert golden["member_count"] == 2
    assert golden["document_id"] == "uuid:1"
    assert town.rows(MatchCase) == []


def test_two_field_documents_are_a_question_for_a_person(town: Town, send: Send) -> None:
    send("uuid:1", **SEKAR)
    send("uuid:2", **SEKAR)
    assert town.groups() == {}
    (case,) = town.rows(MatchCase)
    assert (case["left_id"], case["right_id"], case["state"]) == ("uuid:1", "uuid:2", "open")


def test_a_rebuild_gives_what_was_live(town: Town, send: Send) -> None:
    town.bring(LISTED, f"12,{HERE},WARUNG MELATI,BUDI CONTOHNO,JL LAIN 9,56103,,")
    send("uuid:1", **SEKAR)
    town.settle()
    send("uuid:2", **SEKAR)
    town.settle()
    send("uuid:3", **{**SEKAR, "idsubsls": THERE})
    send("uuid:4", "uuid:2", **{**SEKAR, "presence": "3"})
    town.settle()
    live = town.matching()
    assert [len(table) for table in live[:4]] != [0, 0, 0, 0]
    town.rebuild()
    assert town.matching() == live
    assert town.rows(Edge)
    assert town.rows(UnitMembership)


def test_a_key_that_becomes_crowded_pairs_nobody_until_it_ceases_to_be(town: Town) -> None:
    town.most = 3
    for number in range(11, 15):
        town.bring(f"{number},{HERE},BATIK SEKAR JLAMPRANG,SITI CONTOHWATI,,,,")
        town.settle()
        expected = 3 if number == 13 else 1 if number == 12 else 0
        assert len(town.rows(Edge)) == expected
    live = town.matching()
    town.rebuild()
    assert town.matching() == live
    town.bring(f"14,{HERE},TAHU PONG,BUDI CONTOHNO,,,,")
    town.settle()
    assert len(town.rows(Edge)) == 3
    live = town.matching()
    town.rebuild()
    assert town.matching() == live


def test_any_number_of_identical_units_stays_bounded(town: Town) -> None:
    town.bring(*(f"{number},{HERE},BATIK,SITI,,,," for number in range(1000, 1400)))
    town.settle()
    assert town.rows(Edge) == []
    assert town.rows(MatchCase) == []
    town.bring(f"1,{HERE},WARUNG MELATI,BUDI CONTOHNO,JL LAIN 9,56103,,")
    cut = renew_matching(town.engine, town.lane, NOON).cut
    assert cut == Crowding(keys=2, units=400, apart=400)  # sound of the owner; word in the SLS


def test_what_is_frequent_tells_less_once_it_is_known(town: Town) -> None:
    """A phone of seven is a call centre's: nobody is one with others for its sake."""
    town.bring(*(
        f"{number},{HERE},{name},,,,081325550142,"
        for number, name in enumerate(
            ["TAHU PONG", "SATE AYAM", "ES DAWET", "BAKSO URAT", "SOTO KUDUS", "MIE JAWA", "GULAI"],
            start=11,
        )
    ))  # fmt: skip
    town.settle()
    before = max((float(str(row["bits"])) for row in town.rows(Edge)), default=-99.0)
    assert renew_matching(town.engine, town.lane, NOON).units == 7
    after = max((float(str(row["bits"])) for row in town.rows(Edge)), default=-99.0)
    assert after < before
    live = town.matching()
    town.rebuild()
    assert town.matching() == live


def test_a_renewed_reference_is_followed_in_small_steps(town: Town) -> None:
    town.bring(*(
        f"{number},{HERE},{name},SITI CONTOHWATI,,,081325550142,"
        for number, name in enumerate(["TAHU PONG", "TAHU PONG", "TAHU", "BAKSO"] * 120, start=1000)
    ))  # fmt: skip
    town.settle()
    assert advance_references(town.engine, NOON) == 1
    versions = {row["version"] for row in town.rows(MatchReference)}
    assert advance_references(town.engine, NOON + timedelta(days=2)) == 0  # still under way
    assert advance_matching(town.engine, town.lane) == OUTDATED < 480
    assert len({row["normaliser"] for row in town.rows(UnitRecord)}) == 2
    town.bring(f"1,{HERE},WARUNG MELATI,BUDI CONTOHNO,JL LAIN 9,56103,,")
    town.settle()
    assert {str(row["normaliser"]).rpartition(".")[2] for row in town.rows(UnitRecord)} == versions
    live = town.matching()
    town.rebuild()
    assert town.matching() == live
    assert advance_references(town.engine, NOON) == 0


@pytest.mark.parametrize(
    ("age", "due"),
    [
        (Age(299, 0, None), False),
        (Age(300, 0, None), True),
        (Age(1100, 1000, NOON), False),
        (Age(1200, 1000, NOON), True),
        (Age(100, 10, NOON), False),
        (Age(1000, 1000, NOON - timedelta(days=1)), True),
    ],
)
def test_a_reference_is_due_by_growth_and_by_age(age: Age, *, due: bool) -> None:
    assert is_due(age, NOON) is due
