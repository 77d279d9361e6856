"""An officer says that a listed unit is another one: a question, never a merge."""

import pytest

from app.dedup.models import MatchCase
from app.dedup.rules import What
from tests.app.dedup.conftest import LISTED, Send, Town
from tests.app.dedup.test_decisions import decide, undo
from tests.app.registry.conftest import HERE

UNLIKE = f"12,{HERE},WARUNG MELATI,BUDI CONTOHNO,JL LAIN 9,56103,,"
DUPLICATE = {"presence": "4", "unit_id": "12", "duplicate_of": "11", "idsubsls": HERE}
ASKED = [("11", "12", "claim", "open")]


def asked(town: Town) -> list[tuple[object, ...]]:
    names = ("left_id", "right_id", "kind", "state")
    return [tuple(row[name] for name in names) for row in town.table(MatchCase)]


def replayed(town: Town) -> bool:
    town.settle()
    live = town.matching()
    town.rebuild()
    return town.matching() == live


@pytest.mark.parametrize("first", ["prelist", "claim"])
def test_a_claim_asks_whatever_the_machine_thinks(town: Town, send: Send, first: str) -> None:
    if first == "claim":
        send("uuid:1", **DUPLICATE)
        assert asked(town) == []  # of nobody that is known
    town.bring(LISTED, UNLIKE)
    send("uuid:1" if first == "prelist" else "uuid:2", **DUPLICATE)
    assert (asked(town), town.groups()) == (ASKED, {})
    assert replayed(town)
    assert asked(town) == ASKED


def test_who_answered_is_not_asked_again(town: Town, send: Send) -> None:
    town.bring(LISTED, UNLIKE)
    send("uuid:1", **DUPLICATE)
    assert asked(town) == ASKED
    said = decide(town, What.DEFER, "11", "12")
    assert asked(town) == [("11", "12", "claim", "deferred")]
    undo(town, said)
    said = decide(town, What.UNMERGE, "11", "12")
    assert asked(town) == []
    send("uuid:2", **DUPLICATE)  # said again
    assert asked(town) == []
    assert replayed(town)
    undo(town, said)
    assert asked(town) == ASKED
    decide(town, What.MERGE, "11", "12")
    assert (asked(town), town.groups()) == ([], {"11": "11", "12": "11"})
    assert replayed(town)


def test_a_claim_goes_with_the_word_of_the_officer(town: Town, send: Send) -> None:
    town.bring(LISTED, UNLIKE, f"13,{HERE},TOKO LAIN,ANI CONTOH,JL LAIN 1,47111,,")
    send("uuid:1", **DUPLICATE)
    send("uuid:2", "uuid:1", **{**DUPLICATE, "duplicate_of": "13"})
    assert asked(town) == [("12", "13", "claim", "open")]
    send("uuid:3", **{**DUPLICATE, "presence": "1"})  # somebody else found it all the same
    assert asked(town) == []
    send("uuid:4", **{**DUPLICATE, "unit_id": "11"})  # of itself
    send("uuid:5", **{**DUPLICATE, "unit_id": "13", "duplicate_of": "nobody"})
    assert asked(town) == []
    assert replayed(town)
