"""An entry that a projector cannot take in holds up nobody, and is told."""

import json
import threading
from uuid import UUID

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs
from typer.testing import CliRunner

from app.cli import app as cli
from app.core import settings as configured
from app.core.db import advisory_lock, reading, table_of, writing
from app.intake.models import SkippedEntry
from app.intake.projector import CURSOR, advance, rebuild, skipped
from app.intake.repository import heads, lanes
from app.intake.service import decide
from app.projections import Advance, Trouble, backlog, bring_up, settle
from app.review.models import Decision, Document, DocumentVersion
from app.review.projectors import DocumentsProjector
from app.worker import run
from sync.envelope import Arrival
from tests.app.intake.test_chains import bring
from tests.conftest import NOON
from tests.support.office import OpenOffice, instance

DOCUMENTS = DocumentsProjector()


def say(engine: sa.Engine, number: int, content: dict[str, object], lane: str = "3375") -> None:
    """Put a decision into the journal past the door that would refuse it."""
    arrival = Arrival(lane=lane, actor="pml", received_at=NOON, door="office")
    with writing(engine) as session:
        decide(session, "review", str(UUID(int=number)), content, arrival)


def a_decision(name: str, **changes: object) -> dict[str, object]:
    about = {"document_id": instance(name), "version_position": 1}
    return {**about, "verdict": "approve", "note": "", **changes}


def poisoned(office: OpenOffice) -> None:
    """Bring documents, and between them decisions that no projector can read or write."""
    office.send("ppl01", office.submission("a"))
    say(office.engine, 1, {"nonsense": True})
    say(office.engine, 2, a_decision("a", note="a\x00b"))
    say(office.engine, 3, a_decision("a", version_position=10**30))
    say(office.engine, 4, a_decision("a"))
    office.send("ppl01", office.submission("b"))


def statuses(office: OpenOffice) -> dict[str, str]:
    with reading(office.engine) as session:
        found = session.execute(sa.select(Document)).scalars()
        return {each.document_id: each.status for each in found}


AFTER = {instance("a"): "APPROVED", instance("b"): "SUBMITTED"}


@pytest.mark.parametrize("batch", [1, 2, 200])
def test_what_comes_behind_a_poisoned_entry_is_taken_in(office: OpenOffice, batch: int) -> None:
    poisoned(office)
    while advance(office.engine, DOCUMENTS, "3375", batch=batch):
        pass
    assert statuses(office) == AFTER
    with reading(office.engine) as session:
        told = [(each.projector, each.lane, each.position) for each in skipped(session)]
    assert told == [("documents", "3375", position) for position in (2, 3, 4)]


def test_a_rebuild_with_poisoned_entries_equals_what_ran_live(office: OpenOffice) -> None:
    poisoned(office)
    while advance(office.engine, DOCUMENTS, "3375", batch=1):
        pass
    before = everything(office.engine)
    rebuild(office.engine, DOCUMENTS, "3375")
    assert everything(office.engine) == before


def everything(engine: sa.Engine) -> list[list[tuple[object, ...]]]:
    tables = [table_of(each) for each in (Document, DocumentVersion, Decision, SkippedEntry)]
    with reading(engine) as session:
        return [sorted(map(tuple, session.execute(sa.select(each))), key=repr) for each in tables]


def test_a_rebuild_forgets_what_it_could_take_in(office: OpenOffice) -> None:
    office.send("ppl01", office.submission("a"))
    office.settle()
    healed = {"projector": "documents", "lane": "3375", "position": 1, "error": "KeyError"}
    with writing(office.engine) as session:
        session.execute(sa.insert(table_of(SkippedEntry)), healed)
    rebuild(office.engine, DOCUMENTS, "3375")
    with reading(office.engine) as session:
        assert skipped(session) == []


def test_the_log_names_the_entry_and_none_of_its_content(office: OpenOffice) -> None:
    office.send("ppl01", office.submission("a"))
    say(office.engine, 1, a_decision("a", note="\x00RAHASIA"))
    with capture_logs() as logs:
        settle(office.engine)
    (told,) = [each for each in logs if each["log_level"] == "error"]
    assert (told["projector"], told["lane"], told["position"]) == ("documents", "3375", 2)
    assert "RAHASIA" not in repr(told)


def test_a_fault_of_the_database_skips_nothing(office: OpenOffice) -> None:
    office.send("ppl01", office.submission("a"))
    with office.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE document RENAME TO document_away"))
    done = bring_up(office.engine)
    assert Trouble("documents", "3375", "ProgrammingError") in done.troubles
    with office.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE document_away RENAME TO document"))
    settle(office.engine)
    assert statuses(office) == {instance("a"): "SUBMITTED"}
    with reading(office.engine) as session:
        assert skipped(session) == []


def test_one_projection_that_fails_holds_up_no_other_and_no_other_lane(office: OpenOffice) -> None:
    """The first projector breaks on the first lane alone; the rest goes on."""
    office.send("ppl01", office.submission("a"))
    say(office.engine, 1, a_decision("a"), lane="9999")
    refuse = sa.text(
        "ALTER TABLE projector_cursor ADD CONSTRAINT stuck "
        "CHECK (NOT (projector = 'units' AND lane = '3375'))"
    )
    with office.engine.begin() as connection:
        connection.execute(refuse)
    stop = threading.Event()
    worker = threading.Thread(target=run, args=(office.engine, stop))
    with capture_logs() as logs:
        worker.start()
        try:
            wait_for_lag(office)
        finally:
            stop.set()
            worker.join(20)
    assert statuses(office) == {instance("a"): "SUBMITTED"}
    assert any("units of 3375" in str(each.get("what")) for each in logs)


def wait_for_lag(office: OpenOffice) -> None:
    """Wait until everything but the units of 3375 has arrived at the end."""
    wanted = {("documents", "3375"), ("findings", "3375"), ("units", "9999"), ("documents", "9999")}
    for _ in range(400):
        with reading(office.engine) as session:
            there = {(name, lane) for name, lane, _ in session.execute(sa.select(CURSOR))}
        if wanted <= there:
            return
        threading.Event().wait(0.05)
    raise AssertionError(f"only {there} advanced")


def test_the_worker_comes_to_rest_at_the_end(office: OpenOffice) -> None:
    bring(office.engine, ("a", None))
    settle(office.engine)
    assert bring_up(office.engine) == Advance(0, ())
    with reading(office.engine) as session:
        assert backlog(session) == 0


def test_the_command_lists_what_was_skipped(
    office: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned(office)
    settle(office.engine)
    url = office.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("SE2026_DATABASE_URL", url)
    monkeypatch.setenv("SE2026_DATA_DIR", str(office.settings.data_dir))
    configured.settings.cache_clear()
    done = CliRunner().invoke(cli, ["journal", "skipped", "--json"])
    configured.settings.cache_clear()
    assert done.exit_code == 1
    told = {(each["projector"], each["position"]) for each in json.loads(done.stdout)}
    assert told == {
        ("documents", 2), ("documents", 3), ("documents", 4), ("matches", 2), ("matches", 4),
    }  # fmt: skip


def test_lanes_are_found_each_with_its_head(engine: sa.Engine) -> None:
    with reading(engine) as session:
        assert (lanes(session), heads(session)) == ([], {})
    for number, lane in enumerate(("3375", "1101", "9999", "3375"), start=1):
        say(engine, number, a_decision("a"), lane)
    with reading(engine) as session:
        assert lanes(session) == ["1101", "3375", "9999"]
        assert heads(session) == {"1101": 1, "3375": 2, "9999": 1}


def test_what_somebody_else_is_at_is_left_to_him(office: OpenOffice) -> None:
    office.send("ppl01", office.submission("a"))
    with writing(office.engine) as session:
        advisory_lock(session, "projector:documents", "3375")
        done = bring_up(office.engine)
        assert done.taken
        assert not done.troubles
    assert statuses(office) == {}
    while bring_up(office.engine).taken:
        pass
    assert statuses(office) == {instance("a"): "SUBMITTED"}
