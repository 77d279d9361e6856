"""Lanes are independent: a slow transaction in one holds up no other."""

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from threading import Barrier

import pytest
import sqlalchemy as sa

from app.core.db import advisory_lock, reading, writing
from app.core.ids import named_id
from app.core.problems import Forbidden
from app.intake.batch import Batches
from app.intake.lanes import LaneQueues
from app.intake.repository import walk
from app.intake.service import Brought
from app.intake.submissions import Handed, take_submissions
from app.intake.together import Together
from sync.codecs.openrosa import read_envelope
from sync.envelope import Arrival
from sync.journal import breaks
from sync.receipts import Receipt
from tests.conftest import NOON
from tests.support.office import OpenOffice


def handed(office: OpenOffice, user_name: str, name: str) -> Handed:
    return Handed(f"token-{user_name}", read_envelope(office.submission(name)), NOON)


def move(office: OpenOffice, user_name: str, lane: str) -> None:
    """Let an account belong to another regency."""
    with writing(office.engine) as session:
        session.execute(
            sa.text(
                "UPDATE account_area SET area_code = :lane WHERE account_id ="
                " (SELECT id FROM account WHERE user_name = :name)"
            ),
            {"lane": lane, "name": user_name},
        )


def lane_of(answer: Future[Receipt | None]) -> str:
    receipt = answer.result(30)
    assert receipt is not None
    return receipt.lane


def test_a_slow_lane_holds_up_no_other(office: OpenOffice) -> None:
    move(office, "ppl02", "3326")
    queues = LaneQueues(office.engine, take_submissions)
    try:
        with writing(office.engine) as session:
            advisory_lock(session, "journal", "3375")
            slow = [queues.ask(handed(office, "ppl01", name)) for name in "ab"]
            quick = [queues.ask(handed(office, "ppl02", name)) for name in "cd"]
            assert [lane_of(each) for each in quick] == ["3326", "3326"]
            quick = [queues.ask(handed(office, "ppl02", name)) for name in "ef"]
            assert [lane_of(each) for each in quick] == ["3326", "3326"]
            with pytest.raises(StillWaiting):
                slow[0].result(0)
        assert [lane_of(each) for each in slow] == ["3375", "3375"]
    finally:
        queues.close()


def test_who_moved_is_stored_where_they_now_belong_and_strangers_are_told(
    office: OpenOffice,
) -> None:
    queues = LaneQueues(office.engine, take_submissions)
    try:
        assert lane_of(queues.ask(handed(office, "ppl01", "a"))) == "3375"
        move(office, "ppl01", "3326")
        assert lane_of(queues.ask(handed(office, "ppl01", "b"))) == "3326"
        with pytest.raises(Forbidden):
            queues.ask(handed(office, "nobody", "c")).result(30)
    finally:
        queues.close()


def test_many_queues_on_one_database_give_every_position_once(office: OpenOffice) -> None:
    """Several services, each with queues of its own, and every submission sent by two of them."""
    names = [f"n{number}" for number in range(24)]
    said = {name: handed(office, "ppl01", name) for name in names}
    services = [LaneQueues(office.engine, take_submissions) for _ in range(3)]
    together = Barrier(len(services))

    def send(at: int) -> list[Receipt | None]:
        together.wait()
        mine = [name for number, name in enumerate(names) if number % 3 != at]
        return [each.result(60) for each in [services[at].ask(said[name]) for name in mine]]

    with ThreadPoolExecutor(len(services)) as pool:
        receipts = [each for some in pool.map(send, range(len(services))) for each in some]
    for service in services:
        service.close()
    told = [(each.outcome, each.position) for each in receipts if each is not None]
    stored = sorted(position for outcome, position in told if outcome == "stored")
    assert stored == list(range(1, len(names) + 1))
    assert sorted(position for outcome, position in told if outcome == "duplicate") == stored
    with reading(office.engine) as session:
        assert list(breaks(walk(session, "3375"))) == []


def test_who_withdraws_spoils_nothing_for_the_others(office: OpenOffice) -> None:
    one = Together(office.engine, take_submissions)
    with writing(office.engine) as session:
        advisory_lock(session, "journal", "3375")
        first = one.ask(handed(office, "ppl01", "a"))
        gone, last = (one.ask(handed(office, "ppl01", name)) for name in "bc")
        while not first.running():
            pass
        assert gone.cancel() or gone.running()
    assert lane_of(first) == lane_of(last) == "3375"
    one.close()


def test_batches_that_wait_together_are_one_commit_with_a_receipt_each(office: OpenOffice) -> None:
    actor = str(named_id("officer", "ppl01"))
    arrival = Arrival(lane="3375", actor=actor, received_at=NOON, door="batch")
    batches = Batches(office.engine)
    try:
        with writing(office.engine) as session:
            advisory_lock(session, "journal", "3375")
            told = [
                batches.of("3375").ask(
                    Brought(arrival, [read_envelope(office.submission(name)) for name in names])
                )
                for names in ("a", "bc", "", "cd", "ee")
            ]
        receipts = [[str(each.outcome) for each in answer.result(30)] for answer in told]
    finally:
        batches.close()
    assert receipts == [
        ["stored"], ["stored", "stored"], [], ["duplicate", "stored"], ["stored", "duplicate"],
    ]  # fmt: skip
    with reading(office.engine) as session:
        assert list(breaks(walk(session, "3375"))) == []
        commits = session.scalar(
            sa.text("SELECT count(DISTINCT xmin::text) FROM journal_entry WHERE kind='submission'")
        )
    assert commits <= 2  # the first may have left before the others came
