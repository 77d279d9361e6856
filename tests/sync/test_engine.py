from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sync.engine import ingest
from sync.envelope import Arrival, Envelope
from sync.errors import BrokenJournal
from sync.journal import GENESIS, Entry, Held
from sync.memory import MemoryJournal
from sync.receipts import Outcome

MORNING = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
STORED, DUPLICATE, RIVAL = Outcome.STORED, Outcome.DUPLICATE, Outcome.RIVAL


def said(
    instance: str, text: str = "", *, prior: str | None = None, kind: str = "submission"
) -> Envelope:
    return Envelope(
        kind=kind,
        instance_id=instance,
        form_id="se2026_l",
        form_version="2026061501",
        body=f"{instance} {text} {prior}".encode(),
        device="tablet-7",
        prior_instance_id=prior,
    )


def arriving(lane: str = "3375") -> Arrival:
    return Arrival(lane=lane, actor="ppl-001", received_at=MORNING, door="batch")


def outcomes(journal: MemoryJournal, *batch: Envelope) -> list[tuple[Outcome, int]]:
    receipts = ingest(batch, journal, arriving())
    return [(receipt.outcome, receipt.position) for receipt in receipts]


def test_a_batch_is_stored_in_its_order() -> None:
    journal = MemoryJournal()
    assert outcomes(journal, said("a"), said("b")) == [(STORED, 1), (STORED, 2)]
    assert [entry.instance_id for entry in journal.entries("3375")] == ["a", "b"]
    assert journal.verify() == ()


def test_a_resend_is_answered_by_the_first_entry() -> None:
    journal = MemoryJournal()
    outcomes(journal, said("a"), said("b"))
    assert outcomes(journal, said("b"), said("a")) == [(DUPLICATE, 2), (DUPLICATE, 1)]
    assert journal.head("3375")[0] == 2


def test_a_receipt_tells_all_that_a_device_must_know() -> None:
    journal = MemoryJournal(epoch=4)
    ingest([said("a")], journal, arriving())
    journal.back_up("3375")
    (receipt,) = ingest([said("b")], journal, arriving())
    assert receipt.instance_id == "b"
    assert receipt.digest == said("b").digest
    assert (receipt.lane, receipt.position, receipt.epoch) == ("3375", 2, 4)
    assert receipt.backed_up_through == 1


def test_the_same_envelope_twice_in_a_batch_is_held_once() -> None:
    journal = MemoryJournal()
    assert outcomes(journal, said("a"), said("a")) == [(STORED, 1), (DUPLICATE, 1)]
    assert len(journal.entries("3375")) == 1


def test_other_content_under_the_same_id_becomes_a_rival() -> None:
    journal = MemoryJournal()
    outcomes(journal, said("a", "one"))
    assert outcomes(journal, said("a", "two")) == [(RIVAL, 2)]
    assert [entry.body for entry in journal.entries("3375")] == [
        said("a", "one").body,
        said("a", "two").body,
    ]


def test_a_rival_sent_again_is_a_duplicate_of_itself() -> None:
    journal = MemoryJournal()
    outcomes(journal, said("a", "one"), said("a", "two"))
    assert outcomes(journal, said("a", "two"), said("a", "one")) == [(DUPLICATE, 2), (DUPLICATE, 1)]


def test_the_first_successor_becomes_current_and_later_ones_are_rivals() -> None:
    journal = MemoryJournal()
    outcomes(journal, said("a"))
    assert outcomes(journal, said("b", prior="a"), said("c", prior="a")) == [
        (STORED, 2),
        (RIVAL, 3),
    ]
    assert outcomes(journal, said("d", prior="a")) == [(RIVAL, 4)]


def test_a_successor_may_arrive_before_its_prior() -> None:
    journal = MemoryJournal()
    assert outcomes(journal, said("b", prior="a"), said("a")) == [(STORED, 1), (STORED, 2)]


def test_a_rival_that_declares_a_prior_does_not_become_its_successor() -> None:
    journal = MemoryJournal()
    outcomes(journal, said("a"), said("x", "one"), said("x", "two", prior="a"))
    assert outcomes(journal, said("b", prior="a")) == [(STORED, 4)]


def test_a_chain_of_successors_is_stored_all_along() -> None:
    journal = MemoryJournal()
    chain = [said("a"), said("b", prior="a"), said("c", prior="b")]
    assert outcomes(journal, *chain) == [(STORED, 1), (STORED, 2), (STORED, 3)]


def test_kinds_are_strangers_to_each_other() -> None:
    journal = MemoryJournal()
    batch = [said("a"), said("a", kind="review"), said("b", prior="a")]
    batch.append(said("c", prior="a", kind="review"))
    assert {outcome for outcome, _ in outcomes(journal, *batch)} == {STORED}


def test_lanes_number_and_chain_apart() -> None:
    journal = MemoryJournal()
    ingest([said("a")], journal, arriving("3375"))
    (receipt,) = ingest([said("b")], journal, arriving("3376"))
    assert receipt.position == 1
    assert journal.entries("3376")[0].previous_hash == GENESIS
    assert journal.lanes() == ("3375", "3376")


def test_nothing_arriving_leaves_the_journal_alone() -> None:
    class Untouchable(MemoryJournal):
        def lock(self, lane: str) -> None:
            raise AssertionError(lane)

    assert ingest([], Untouchable(), arriving()) == []


class Counting(MemoryJournal):
    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def lock(self, lane: str) -> None:
        self.calls.append("lock")
        super().lock(lane)

    def head(self, lane: str) -> tuple[int, str]:
        self.calls.append("head")
        return super().head(lane)

    def find_many(self, lane: str, instance_ids: list[str]) -> dict[str, list[Held]]:
        self.calls.append("find_many")
        return dict(super().find_many(lane, instance_ids))

    def heirs_of(self, lane: str, prior_ids: list[str]) -> dict[str, list[Held]]:
        self.calls.append("heirs_of")
        return dict(super().heirs_of(lane, prior_ids))


def test_a_batch_locks_first_and_asks_once() -> None:
    journal = Counting()
    ingest([said(f"u{n}", prior=f"p{n}") for n in range(200)], journal, arriving())
    assert journal.calls[:4] == ["lock", "head", "find_many", "heirs_of"]
    assert journal.calls.count("find_many") == journal.calls.count("heirs_of") == 1


def test_a_failed_transaction_leaves_nothing() -> None:
    journal = MemoryJournal()
    outcomes(journal, said("a"))

    def crash() -> None:
        with journal.transaction():
            outcomes(journal, said("b"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        crash()
    assert len(journal.entries("3375")) == 1
    assert outcomes(journal, said("b")) == [(STORED, 2)]


def test_the_reference_journal_refuses_what_a_database_would() -> None:
    journal = MemoryJournal()
    ingest([said("a")], journal, arriving())
    (entry,) = journal.entries("3375")

    def appended(**changes: object) -> Entry:
        return replace(entry, **changes)

    for wrong in (
        appended(position=1, instance_id="b"),
        appended(position=3, instance_id="b"),
        appended(position=2),
        appended(lane="3376"),
    ):
        with pytest.raises(BrokenJournal):
            journal.append_many([wrong])
    assert journal.entries("3375") == (entry,)


def test_a_restore_forgets_what_no_backup_holds_and_changes_the_epoch() -> None:
    journal = MemoryJournal()
    outcomes(journal, said("a"))
    journal.back_up("3375")
    outcomes(journal, said("b"))
    again = journal.restored()
    assert again.epoch == journal.epoch + 1
    assert [entry.instance_id for entry in again.entries("3375")] == ["a"]
    assert outcomes(again, said("b"), said("a")) == [(STORED, 2), (DUPLICATE, 1)]


def test_an_arrival_needs_a_time_with_its_offset() -> None:
    with pytest.raises(ValueError, match="aware"):
        Arrival(lane="3375", actor="x", received_at=MORNING.replace(tzinfo=None), door="batch")
