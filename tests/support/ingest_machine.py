"""The rules of ingest as a state machine, for any engine over any journal.

Override `open_journal`, `transaction`, `entries`, `back_up` and `close_journal` to run the same
story on another journal. The model below is the promise written a second time, as plainly as
possible: a list of what each lane holds, searched from the front.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sync.engine import ingest
from sync.envelope import Arrival, Envelope
from sync.journal import Entry, Journal, breaks
from sync.memory import MemoryJournal
from sync.receipts import Outcome, Receipt

Ingest = Callable[[Sequence[Envelope], Journal, Arrival], list[Receipt]]
Mark = tuple[str, str, str]

NOON = datetime(2026, 6, 15, 5, 0, tzinfo=UTC)
LANES = ("3375", "3376")

# few names, so that they meet often
_INSTANCES = st.sampled_from(["a", "b", "c", "d", "e"])
_PRIORS = st.none() | _INSTANCES
_TEXTS = st.sampled_from(["one", "two"])
_KINDS = st.sampled_from(["submission", "submission", "review"])


def _envelope(kind: str, instance: str, prior: str | None, text: str) -> Envelope:
    return Envelope(
        kind=kind,
        instance_id=instance,
        form_id="se2026_l",
        form_version="1",
        body=f"{instance}|{prior}|{text}".encode(),
        device="tablet",
        captured_at=NOON,
        prior_instance_id=prior,
    )


ENVELOPES = st.builds(_envelope, _KINDS, _INSTANCES, _PRIORS, _TEXTS)
BATCHES = st.lists(ENVELOPES, min_size=1, max_size=6)


@dataclass
class Record:
    """What the model remembers of one entry."""

    mark: Mark
    prior: str | None
    outcome: Outcome


class Power(Exception):  # noqa: N818 - it is what went away
    """The power went before the commit."""


class IngestMachine(RuleBasedStateMachine):
    """Pushes, resends, rivals, successors in any order, crashes and backups over several lanes."""

    take: ClassVar[Ingest] = staticmethod(ingest)

    # --- hooks -----------------------------------------------------------------------------

    def open_journal(self) -> Journal | None:
        """Give the journal of one story, empty; None where each transaction makes its own."""
        return MemoryJournal()

    @contextmanager
    def transaction(self) -> Iterator[Journal]:
        """Give the journal inside a transaction that commits unless the block raises."""
        assert isinstance(self.journal, MemoryJournal)
        with self.journal.transaction():
            yield self.journal

    def entries(self, lane: str) -> Sequence[Entry]:
        """Give all committed entries of `lane`, ordered by position."""
        assert isinstance(self.journal, MemoryJournal)
        return self.journal.entries(lane)

    def back_up(self, lane: str) -> int:
        """Take a backup of `lane`; give the position that receipts tell from now on."""
        assert isinstance(self.journal, MemoryJournal)
        return self.journal.back_up(lane)

    def close_journal(self) -> None:
        """Put away what `open_journal` opened."""

    # --- the story -------------------------------------------------------------------------

    def __init__(self) -> None:
        super().__init__()
        self.journal = self.open_journal()
        self.model: dict[str, list[Record]] = {lane: [] for lane in LANES}
        self.sent: list[tuple[str, Envelope]] = []
        self.first_answers: dict[tuple[str, Mark], int] = {}
        self.backed_up = dict.fromkeys(LANES, 0)

    def teardown(self) -> None:
        self.close_journal()

    @rule(lane=st.sampled_from(LANES), batch=BATCHES)
    def push(self, lane: str, batch: list[Envelope]) -> None:
        self.send(lane, batch)

    @rule(data=st.data())
    def resend(self, data: st.DataObject) -> None:
        """Some of what was sent is sent again, in any order, twice if it so happens."""
        lane = data.draw(st.sampled_from(LANES))
        mine = [envelope for where, envelope in self.sent if where == lane]
        if mine:
            self.send(lane, data.draw(st.lists(st.sampled_from(mine), min_size=1, max_size=6)))

    @rule(data=st.data(), text=st.text(max_size=3))
    def tamper(self, data: st.DataObject, text: str) -> None:
        """Other content comes under a known name."""
        if self.sent:
            lane, known = data.draw(st.sampled_from(self.sent))
            prior = known.prior_instance_id
            self.send(lane, [_envelope(known.kind, known.instance_id, prior, f"tampered {text}")])

    @rule(data=st.data(), heirs=st.lists(_INSTANCES, min_size=1, max_size=3))
    def succeed(self, data: st.DataObject, heirs: list[str]) -> None:
        """One version is replaced by several."""
        if self.sent:
            lane, known = data.draw(st.sampled_from(self.sent))
            named = [f"{heir}+" for heir in heirs]
            self.send(lane, [_envelope(known.kind, n, known.instance_id, "new") for n in named])

    @rule(lane=st.sampled_from(LANES), batch=BATCHES)
    def crash(self, lane: str, batch: list[Envelope]) -> None:
        """The power goes after ingest and before the commit: as if nothing had come."""
        with suppress(Power), self.transaction() as journal:
            type(self).take(batch, journal, self.arrival(lane))
            raise Power

    @rule(lane=st.sampled_from(LANES))
    def save(self, lane: str) -> None:
        self.backed_up[lane] = self.back_up(lane)

    def arrival(self, lane: str) -> Arrival:
        return Arrival(lane=lane, actor="ppl-001", received_at=NOON, door="batch")

    def send(self, lane: str, batch: list[Envelope]) -> None:
        with self.transaction() as journal:
            receipts = type(self).take(batch, journal, self.arrival(lane))
        assert len(receipts) == len(batch)
        for envelope, receipt in zip(batch, receipts, strict=True):
            self.judge(lane, envelope, receipt)
            self.sent.append((lane, envelope))

    def judge(self, lane: str, envelope: Envelope, receipt: Receipt) -> None:
        expected = self.expect(lane, envelope)
        assert (receipt.outcome, receipt.position) == expected, (receipt, expected)
        assert receipt.instance_id == envelope.instance_id
        assert receipt.digest == envelope.digest
        assert receipt.lane == lane
        assert receipt.backed_up_through == self.backed_up[lane]
        first = self.first_answers.setdefault((lane, _mark(envelope)), receipt.position)
        assert receipt.position == first, "a receipt must always tell the same position"

    def expect(self, lane: str, envelope: Envelope) -> tuple[Outcome, int]:
        """Give outcome and position as DESIGN promises them, and remember."""
        held = self.model[lane]
        mark = _mark(envelope)
        for position, record in enumerate(held, 1):
            if record.mark == mark:
                return Outcome.DUPLICATE, position
        outcome = Outcome.RIVAL if _is_rival(held, envelope) else Outcome.STORED
        held.append(Record(mark, envelope.prior_instance_id, outcome))
        return outcome, len(held)

    # --- what always holds -----------------------------------------------------------------

    @invariant()
    def every_lane_is_sound(self) -> None:
        for lane in LANES:
            entries = self.entries(lane)
            assert [entry.position for entry in entries] == list(range(1, len(entries) + 1))
            assert list(breaks(entries)) == []
            told = [(_mark(entry), entry.outcome) for entry in entries]
            assert told == [(record.mark, record.outcome) for record in self.model[lane]]

    @invariant()
    def what_was_acknowledged_is_held_once(self) -> None:
        held = {lane: [_mark(entry) for entry in self.entries(lane)] for lane in LANES}
        for (lane, mark), position in self.first_answers.items():
            assert held[lane].count(mark) == 1
            assert held[lane][position - 1] == mark

    @invariant()
    def bodies_are_what_was_sent(self) -> None:
        sent = {(lane, *_mark(envelope)): envelope for lane, envelope in self.sent}
        for lane in LANES:
            for entry in self.entries(lane):
                envelope = sent.get((lane, *_mark(entry)))
                assert envelope is not None, "an entry that nobody was told of"
                assert entry.body == envelope.body
                assert entry.prior_instance_id == envelope.prior_instance_id
                assert (entry.captured_at, entry.received_at) == (NOON, NOON)


def _mark(held: Envelope | Entry) -> Mark:
    return held.kind, held.instance_id, held.digest


def _is_rival(held: list[Record], envelope: Envelope) -> bool:
    kind, instance, _ = _mark(envelope)
    same_name = any(record.mark[:2] == (kind, instance) for record in held)
    prior = envelope.prior_instance_id
    other_heir = any(
        record.mark[0] == kind and record.prior == prior and record.outcome is Outcome.STORED
        for record in held
    )
    return same_name or (prior is not None and other_heir)
