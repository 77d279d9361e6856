"""The verdict finds what is wrong: each fault is made by hand, and told under its name."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.office import Office
from app.intake.service import take_in
from app.simulate.fleet import Fleet
from app.simulate.papers import Papers
from app.simulate.plan import Plan
from app.simulate.verdict import FAULTS, Verdict, judge
from sync.client import Spool
from sync.codecs.openrosa import read_envelope
from sync.envelope import Arrival, Attachment
from sync.receipts import Receipt
from tests.conftest import NOON
from tests.support.office import OpenOffice

LANE = "3375"
ARRIVAL = Arrival(lane=LANE, actor="test", received_at=NOON, door="batch")
PLAN = Plan(seed=1, devices=2, documents=0, days=1, faults=0, officers=1)


def fleet(office: OpenOffice, home: Path) -> Fleet:
    papers = Papers({}, {})
    here = Office(office.settings, office.engine, lambda: NOON)
    return Fleet(PLAN, here, [], papers, server="http://nowhere", home=home)


def judged(office: OpenOffice, made: Fleet) -> Verdict:
    return judge(made, Office(office.settings, office.engine, lambda: NOON), LANE)


def hand_in(office: OpenOffice, spool: Spool, name: str) -> Receipt:
    """Collect, send and acknowledge one document."""
    envelope = read_envelope(office.submission(name))
    number = spool.put(envelope)
    receipt = take_in(office.engine, [envelope], ARRIVAL)[0]
    spool.acknowledge({number: receipt})
    return receipt


def a_lost_one(office: OpenOffice, spool: Spool) -> None:
    envelope = read_envelope(office.submission("lost"))
    receipt = hand_in(office, spool, "other")
    told = replace(receipt, instance_id=envelope.instance_id, digest=envelope.digest)
    spool.acknowledge({spool.put(envelope): told})


def one_waiting(office: OpenOffice, spool: Spool) -> None:
    spool.put(read_envelope(office.submission("late")))


def one_set_aside(office: OpenOffice, spool: Spool) -> None:
    name = spool.put(read_envelope(office.submission("odd")))
    spool.set_aside(name, {"code": "odd"})


def a_wrong_position(office: OpenOffice, spool: Spool) -> None:
    receipt = hand_in(office, spool, "b")
    name = next(iter(spool.receipts()))
    spool.acknowledge({name: replace(receipt, position=receipt.position + 7)})


def a_stranger(office: OpenOffice, _spool: Spool) -> None:
    take_in(office.engine, [read_envelope(office.submission("nobody"))], ARRIVAL)


def a_file_that_never_came(office: OpenOffice, spool: Spool) -> None:
    photo = Attachment("a.png", "0" * 64, 3)
    envelope = read_envelope(office.submission("c"))
    spool.acknowledge(
        {
            spool.put(envelope): take_in(
                office.engine, [replace(envelope, attachments=(photo,))], ARRIVAL
            )[0]
        }
    )


def a_forged_entry(office: OpenOffice, spool: Spool) -> None:
    hand_in(office, spool, "d")
    with office.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE journal_entry SET device = 'forged'")


FOUND: dict[str, Callable[[OpenOffice, Spool], None]] = {
    "missing": a_lost_one,
    "stuck": one_waiting,
    "untrue": a_wrong_position,
    "unasked": a_stranger,
    "files_missing": a_file_that_never_came,
    "broken": a_forged_entry,
}


def test_a_sound_office_is_good(office: OpenOffice, tmp_path: Path) -> None:
    made = fleet(office, tmp_path)
    with made.spool(0) as spool:
        hand_in(office, spool, "a")
    assert judged(office, made).unseen == 1
    assert judged(office, made).behind == 1
    office.settle()
    told = judged(office, made)
    assert told.good, told
    assert (told.collected, told.acknowledged, told.in_journal) == (1, 1, 1)


@pytest.mark.parametrize("name", FOUND)
def test_what_is_wrong_is_found(office: OpenOffice, tmp_path: Path, name: str) -> None:
    made = fleet(office, tmp_path)
    with made.spool(0) as spool:
        hand_in(office, spool, "a")
        FOUND[name](office, spool)
    office.settle()
    told = judged(office, made)
    assert not told.good
    assert [each for each in FAULTS if getattr(told, each)] == [name]


def test_what_was_set_aside_is_stuck(office: OpenOffice, tmp_path: Path) -> None:
    made = fleet(office, tmp_path)
    with made.spool(1) as spool:
        one_set_aside(office, spool)
    assert judged(office, made).stuck == 1
