"""Both engines beside JavaRosa itself, on submissions that no vector holds: short here, `make
conformance` at length."""

import io
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console

from tests.support.conformance import hold
from tests.support.conformance_report import UNEXPLAINED, explained, reasons, report
from tests.support.engines import NodeEngine, PythonEngine
from tests.support.oracle import Oracle, available
from tests.support.own_forms import own_forms
from tests.support.tallies import CRASH

pytestmark = [
    pytest.mark.slow,
    pytest.mark.unmeasured,
    pytest.mark.skipif(not available(), reason="JavaRosa needs Java, and there is none here"),
]

SEEDS = range(70_001, 70_021)


def test_own_questionnaires_are_judged_as_by_javarosa() -> None:
    console = Console(file=io.StringIO())
    with closing(NodeEngine()) as phone:
        tallies = list(hold(list(own_forms()), [PythonEngine(), phone], SEEDS, console))
    known = reasons()
    odd = {
        (one.engine, one.form, *sort)
        for one in tallies
        for sort in one.sorts
        if sort[0] == CRASH or explained(sort, known) == UNEXPLAINED
    }
    assert odd == set()
    assert all(one.submissions >= len(SEEDS) * 0.9 for one in tallies)
    page = report(tallies, len(SEEDS), SEEDS.start)
    assert all(f"| {one.form} | {one.kind} | {one.engine} |" in page for one in tallies)


def test_the_clock_is_pinned_and_chance_is_seeded(tmp_path: Path) -> None:
    form = next(own_forms())
    with Oracle() as one, Oracle() as other:
        for oracle in (one, other):
            oracle.load(form.name, form.xform, form.write(tmp_path))
        assert one.fill(form.name, 5) == other.fill(form.name, 5)
        assert one.fill(form.name, 5) != one.fill(form.name, 6)
        submission = one.fill(form.name, 5)
        told = one.evaluate(form.name, submission, [("/data", "today()"), ("/data", "random()")])
        again = other.evaluate(form.name, submission, [("/data", "today()"), ("/data", "random()")])
        assert told == again
        assert told[0] == {"type": "date", "value": "2026-05-20T00:00:00.000+07:00"}
