"""A rebuild gives what the live projections gave, row by row, however the journal was cut."""

import itertools
import random
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.core.db import reading, table_of, writing
from app.coverage.models import CoverageTally
from app.coverage.projector import advance_coverage
from app.dedup.keeper import TABLES as MATCHING
from app.dedup.keeper import advance_matching
from app.dedup.models import UnitRecord
from app.intake.models import FeedChange
from app.intake.projector import advance
from app.intake.service import decide
from app.projections import PROJECTORS, Pace, backlog, bring_up, rebuild_all, settle
from app.registry.prelist import import_prelist
from app.review.models import Document
from sync.envelope import Arrival
from tests.conftest import NOON
from tests.support.office import ELSEWHERE, MEDONO, SUB_SLS, OpenOffice, instance

FEED = table_of(FeedChange)
TABLES = [
    *(table_of(model) for projector in PROJECTORS for model in projector.tables),
    *map(table_of, MATCHING),
    table_of(CoverageTally),
]
PRELIST = f"""unit_id,idsubsls,business_name,owner_name,address,kbli
IDSBR0000001,{SUB_SLS},BATIK SEKAR JLAMPRANG,SITI CONTOHWATI,GG CONTOH 3,13134
IDSBR0000002,{SUB_SLS},WARUNG CONTOH,BUDI CONTOHNO,GG CONTOH 5,56103
IDSBR0000009,{ELSEWHERE},TOKO CONTOH,ANI CONTOHWATI,JL CONTOH 1,47111
""".encode()


def state(office: OpenOffice) -> dict[str, list[tuple[object, ...]]]:
    live = sa.select(FEED.c.kind, FEED.c.key, FEED.c.area_code, FEED.c.payload).where(
        FEED.c.payload.is_not(None)
    )
    with reading(office.engine) as session:
        found = {table.name: session.execute(sa.select(table)) for table in TABLES}
        found["feed"] = session.execute(live)
        return {
            name: sorted((tuple(row) for row in rows), key=repr) for name, rows in found.items()
        }


def live(office: OpenOffice, chance: random.Random) -> None:
    """Let projectors run, each as far as it happens to get."""
    for projector in chance.sample(PROJECTORS, len(PROJECTORS)):
        for _ in range(chance.randint(0, 3)):
            advance(office.engine, projector, "3375", batch=chance.randint(1, 4))
    if chance.random() < 0.5:
        advance_matching(office.engine, "3375")
    if chance.random() < 0.5:
        advance_coverage(office.engine, "3375")


def bring_prelist(office: OpenOffice) -> None:
    with writing(office.engine) as session:
        report = import_prelist(session, PRELIST, lane="3375", actor="test", now=NOON)
        assert report.faults == ()


def a_story(office: OpenOffice, chance: random.Random) -> None:
    """Submissions, corrections that come early or late, rivals and decisions, in some order."""
    new = {"presence": "2", "unit_id": "", "new_kind": "1", "business_name": "USAHA BARU"}
    moved = {"kelurahan": MEDONO, "idsubsls": ELSEWHERE, "unit_id": "IDSBR0000009"}
    away = {"kelurahan": MEDONO, "idsubsls": ELSEWHERE, "unit_id": "IDSBR0000002"}
    bodies = [
        office.submission("f", away),
        office.submission("g", {"unit_id": "IDSBR0000002"}),
        office.submission("a"),
        office.submission("a2", {"unit_id": "IDSBR0000002"}, edit_of="a"),
        office.submission("a3", moved, edit_of="a2"),
        office.submission("b", {"workers_paid": "9"}),
        office.submission("b", {"business_name": "NAMA LAIN"}),
        office.submission("c", new),
        office.submission("c2", {**new, "owner_age": "7"}, edit_of="c"),
        office.submission("c3", new, edit_of="c"),
        office.submission("d", {"presence": "3", "closed_year": "2025"}),
        office.submission("e", {"idsubsls": "9999000000000000"}),
        b"<data id='other' version='1'><meta><instanceID>uuid:x</instanceID></meta></data>",
    ]
    steps = [*bodies, "prelist", ("a", 1), ("b", 2), ("c", 5), ("d", 7), ("f", 3), ("nobody", 1)]
    for number, step in enumerate(chance.sample(steps, len(steps))):
        if isinstance(step, bytes):
            assert office.send("ppl01", step).status_code == 201
        elif step == "prelist":
            bring_prelist(office)
        else:
            say(office, number, str(step[0]), chance)
        live(office, chance)


def say(office: OpenOffice, number: int, name: str, chance: random.Random) -> None:
    """Put a decision into the journal, about a version that may or may not be the current one."""
    content: dict[str, object] = {
        "document_id": instance(name),
        "version_position": chance.randint(1, 12),
        "verdict": chance.choice(["approve", "reject"]),
        "note": "Catatan",
    }
    arrival = Arrival(
        lane="3375", actor="pml", received_at=NOON + timedelta(minutes=number), door="office"
    )
    with writing(office.engine) as session:
        decide(session, "review", str(UUID(int=number + 1)), content, arrival)


@pytest.mark.parametrize("seed", range(6))
def test_a_rebuild_equals_what_ran_live(office: OpenOffice, seed: int) -> None:
    a_story(office, random.Random(seed))
    settle(office.engine)
    before = state(office)
    assert before["document"]
    assert before["finding"]
    told: dict[str, int] = {}
    rebuild_all(office.engine, "3375", told.__setitem__)
    settle(office.engine)
    assert state(office) == before
    assert set(told) == {*(each.name for each in PROJECTORS), "matching", "coverage"}


def test_documents_are_the_same_in_whatever_order_versions_came(office: OpenOffice) -> None:
    for body in (
        office.submission("a3", edit_of="a2"),
        office.submission("a2", edit_of="a"),
        office.submission("a"),
    ):
        office.send("ppl01", body)
        office.settle()
    (document,) = state(office)["document"]
    assert instance("a") in document
    assert instance("a3") in document


def test_the_backlog_is_what_the_slowest_projection_still_has_to_read(office: OpenOffice) -> None:
    for name in "abc":
        office.send("ppl01", office.submission(name))
    with reading(office.engine) as session:
        assert backlog(session) == 3
    settle(office.engine)
    with reading(office.engine) as session:
        assert backlog(session) == 0


def test_what_is_dear_waits_for_what_shows_and_is_done_at_rest(office: OpenOffice) -> None:
    def seen() -> tuple[int, int, int]:
        tables = (table_of(Document), table_of(UnitRecord))
        with reading(office.engine) as session:
            documents, matched = (
                session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in tables
            )
            counted = session.execute(sa.select(CoverageTally.submitted)).scalars()
            return documents, matched, sum(counted)

    clock = itertools.count()  # everything takes a second
    pace = Pace(clock.__next__)
    found = []
    for name in "abc":
        new = {"presence": "2", "unit_id": "", "new_kind": "1", "business_name": f"USAHA {name}"}
        assert office.send("ppl01", office.submission(name, new)).status_code == 201
        assert bring_up(office.engine, pace).taken
        found.append(seen())
        if name == "a":
            for _ in range(5):  # a worker's first seconds
                next(clock)
    assert found == [(1, 0, 0), (2, 2, 2), (3, 3, 2)]
    while bring_up(office.engine, pace).taken:
        pass
    assert seen() == (3, 3, 3)
