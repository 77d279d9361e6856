import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from sync.errors import BrokenJournal
from tests.support.faults import FAULTS, Fault, seeded
from tests.support.ingest_machine import IngestMachine

pytestmark = pytest.mark.unmeasured

TestIngestInMemory = IngestMachine.TestCase

# always the same stories, so that a fault is found to-day and to-morrow
HUNT = settings(
    derandomize=True,
    max_examples=300,
    stateful_step_count=20,
    phases=[Phase.generate],
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_machine_finds_every_seeded_fault(fault: Fault) -> None:
    with pytest.raises((AssertionError, BrokenJournal)):
        run_state_machine_as_test(seeded(fault), settings=HUNT)


def test_the_hunt_finds_nothing_in_sound_code() -> None:
    run_state_machine_as_test(IngestMachine, settings=settings(HUNT, max_examples=100))


def test_a_fault_that_no_longer_fits_the_source_is_noticed() -> None:
    gone = Fault("gone", FAULTS[0].module, "no such line", "")
    with pytest.raises(LookupError):
        seeded(gone)
