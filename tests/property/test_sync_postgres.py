"""The same story as in memory, on the real journal in a real PostgreSQL."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app.core.db import make_engine, reading, writing
from app.intake.journal import SqlJournal
from app.intake.repository import walk
from app.intake.service import take_in
from sync.envelope import Arrival, Envelope
from sync.journal import Entry, Held, Journal
from tests.conftest import NOON, cloned
from tests.support.ingest_machine import IngestMachine

STORY = settings(
    max_examples=15,
    stateful_step_count=15,
    deadline=None,
    phases=[Phase.generate],
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class ForgetsHeirs(SqlJournal):
    """Does not see who replaced a version already."""

    def heirs_of(self, lane: str, prior_ids: Sequence[str]) -> Mapping[str, Sequence[Held]]:
        del lane, prior_ids
        return {}


class KeepsHalf(SqlJournal):
    """Loses the last entry of a batch."""

    def append_many(self, entries: Sequence[Entry]) -> None:
        super().append_many(entries[: max(1, len(entries) - 1)])


def machine(server: str, template: str, kind: type[SqlJournal] = SqlJournal) -> type[IngestMachine]:
    class OnPostgres(IngestMachine):
        """Every story has a database of its own."""

        def open_journal(self) -> Journal | None:
            self._stack = ExitStack()
            url = self._stack.enter_context(cloned(server, template))
            self._engine = make_engine(url)
            self._stack.callback(self._engine.dispose)
            return None

        @contextmanager
        def transaction(self) -> Iterator[Journal]:
            with writing(self._engine) as session:
                yield kind(session)

        def entries(self, lane: str) -> Sequence[Entry]:
            with reading(self._engine) as session:
                return list(walk(session, lane, page=3))

        def back_up(self, lane: str) -> int:
            with reading(self._engine) as session:
                return SqlJournal(session).backed_up_through(lane)

        def close_journal(self) -> None:
            self._stack.close()

    return OnPostgres


@pytest.mark.unmeasured
def test_the_journal_in_postgresql_keeps_the_same_promises(server: str, template: str) -> None:
    run_state_machine_as_test(machine(server, template), settings=STORY)


@pytest.mark.unmeasured
@pytest.mark.parametrize("fault", [ForgetsHeirs, KeepsHalf])
def test_the_story_finds_faults_seeded_into_the_sql_journal(
    server: str, template: str, fault: type[SqlJournal]
) -> None:
    with pytest.raises((AssertionError, sa.exc.IntegrityError)):
        run_state_machine_as_test(
            machine(server, template, fault), settings=settings(STORY, max_examples=100)
        )


def envelope(name: str) -> Envelope:
    return Envelope(instance_id=name, form_id="f", form_version="1", body=name.encode())


def at_once(engine: sa.Engine, batches: Sequence[Sequence[Envelope]]) -> list[list[str]]:
    """Push batches at the same time, and give the outcomes of each."""
    arrival = Arrival(lane="3375", actor="test", received_at=NOON, door="batch")
    push: Callable[[Sequence[Envelope]], list[str]] = lambda batch: [  # noqa: E731
        str(receipt.outcome) for receipt in take_in(engine, batch, arrival)
    ]
    with ThreadPoolExecutor(len(batches)) as pool:
        return list(pool.map(push, batches))


def test_eight_identical_pushes_at_once_store_once(engine: sa.Engine) -> None:
    outcomes = at_once(engine, [[envelope("a")]] * 8)
    assert sorted(outcome for (outcome,) in outcomes) == ["duplicate"] * 7 + ["stored"]


def test_pushes_at_once_never_skip_or_repeat_a_position(engine: sa.Engine) -> None:
    at_once(engine, [[envelope(f"{n}.{k}") for k in range(5)] for n in range(8)])
    with reading(engine) as session:
        assert [entry.position for entry in walk(session, "3375")] == list(range(1, 41))


def test_lanes_do_not_wait_for_each_other(engine: sa.Engine) -> None:
    arrival = Arrival(lane="3376", actor="test", received_at=NOON, door="batch")
    with writing(engine) as holder:
        SqlJournal(holder).lock("3375")
        (receipt,) = take_in(engine, [envelope("a")], arrival)
    assert (receipt.lane, receipt.position) == ("3376", 1)
