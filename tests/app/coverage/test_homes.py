"""Where documents count: with their unit, which counts where the prelist has it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.auth.scope import NATION
from app.core.db import reading, table_of, writing
from app.coverage.models import CoverageTally
from app.coverage.projector import advance_coverage, rebuild_coverage
from app.coverage.rules import Level
from app.coverage.schemas import CoverageRow
from app.coverage.service import coverage
from app.intake.projector import Projector, advance
from app.intake.service import decide
from app.projections import PROJECTORS
from app.registry.prelist import import_prelist
from app.review.models import Document
from sync.envelope import Arrival
from tests.conftest import NOON
from tests.support.office import ELSEWHERE, MEDONO, SUB_SLS, OpenOffice, instance

LANE = "3375"
COLUMNS = "unit_id,idsubsls,business_name"
AWAY = {"kelurahan": MEDONO, "idsubsls": ELSEWHERE}


def listed(office: OpenOffice, *units: str) -> None:
    lines = "\n".join((COLUMNS, *(f"{unit},{SUB_SLS},CONTOH {unit}" for unit in units)))
    with writing(office.engine) as session:
        report = import_prelist(session, lines.encode(), lane=LANE, actor="test", now=NOON)
    assert report.faults == ()


def approve(office: OpenOffice, name: str) -> None:
    document = table_of(Document)
    mine = document.c.document_id == instance(name)
    with writing(office.engine) as session:
        version = session.execute(sa.select(document.c.current_position).where(mine)).scalar_one()
        said = {
            "document_id": instance(name),
            "version_position": version,
            "verdict": "approve",
            "note": "",
        }
        arrival = Arrival(
            lane=LANE, actor="pml", received_at=NOON + timedelta(hours=1), door="office"
        )
        decide(session, "review", instance(f"decision on {name}"), said, arrival)
    office.settle()


def leaf(office: OpenOffice, code: str) -> CoverageRow:
    with reading(office.engine) as session:
        rows = coverage(session, NATION, code, Level.SUB_SLS)
    return rows[0]


def tallies(office: OpenOffice) -> list[tuple[object, ...]]:
    table = table_of(CoverageTally)
    with reading(office.engine) as session:
        return [tuple(row) for row in session.execute(sa.select(table).order_by(table.c.area_code))]


def test_a_unit_found_elsewhere_finishes_the_leaf_that_lists_it(office: OpenOffice) -> None:
    listed(office, "IDSBR1")
    office.send("ppl02", office.submission("a", {**AWAY, "unit_id": "IDSBR1"}))
    office.settle()
    assert (leaf(office, SUB_SLS).submitted, leaf(office, SUB_SLS).done) == (1, False)
    approve(office, "a")
    home, away = leaf(office, SUB_SLS), leaf(office, ELSEWHERE)
    assert (home.target, home.approved, home.done) == (1, 1, True)
    assert (away.target, away.approved, away.submitted) == (0, 0, 0)


def test_a_second_document_about_a_unit_is_no_second_approval(office: OpenOffice) -> None:
    listed(office, "IDSBR1", "IDSBR2")
    office.send("ppl01", office.submission("a", {"unit_id": "IDSBR1"}))
    office.send("ppl01", office.submission("b", {"unit_id": "IDSBR1"}))
    office.send("ppl01", office.submission("c", {"unit_id": "IDSBR2"}))
    office.settle()
    approve(office, "a")
    approve(office, "b")
    twice = leaf(office, SUB_SLS)
    assert (twice.target, twice.approved, twice.submitted) == (2, 1, 1)
    assert not twice.done
    approve(office, "c")
    assert (leaf(office, SUB_SLS).approved, leaf(office, SUB_SLS).done) == (2, True)


def test_a_document_that_tells_of_no_unit_approves_nothing(office: OpenOffice) -> None:
    listed(office, "IDSBR1")
    other = (
        f"<data id='other' version='1'><idsubsls>{SUB_SLS}</idsubsls>"
        f"<meta><instanceID>{instance('o')}</instanceID></meta></data>"
    )
    office.send("ppl01", other.encode())
    office.settle()
    assert leaf(office, SUB_SLS).submitted == 1
    approve(office, "o")
    row = leaf(office, SUB_SLS)
    assert (row.target, row.approved, row.submitted) == (1, 0, 0)


ORDERS = [  # each comes first and last, and each before and after every other
    way[start:] + way[:start]
    for way in (PROJECTORS, PROJECTORS[::-1])
    for start in range(len(PROJECTORS))
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: "-".join(each.name for each in order))
def test_counts_are_right_whichever_projector_comes_last(
    office: OpenOffice, order: tuple[Projector, ...]
) -> None:
    """The units move between areas, documents between units, and coverage counts in between."""
    wrong = {"workers_paid": "9"}
    story = [
        [office.submission("a", {**AWAY, "unit_id": "IDSBR1", **wrong})],
        [office.submission("b", {**AWAY, "unit_id": "IDSBR2", **wrong}), None],
        [office.submission("a2", {**AWAY, "unit_id": "IDSBR2"}, edit_of="a")],
        [office.submission("b2", {"unit_id": "IDSBR1", **wrong}, edit_of="b")],
    ]
    for step in story:
        for body in step:
            if body is None:
                listed(office, "IDSBR1", "IDSBR2")
            else:
                office.send("ppl01", body)
        for projector in order:
            while advance(office.engine, projector, LANE, batch=1):
                advance_coverage(office.engine, LANE)
    live = tallies(office)
    rebuild_coverage(office.engine, LANE)
    assert live == tallies(office)
    assert leaf(office, SUB_SLS).submitted == 2
    assert leaf(office, SUB_SLS).with_errors == 1


def test_a_document_leaves_the_area_it_names_once_its_unit_is_known(office: OpenOffice) -> None:
    """Two documents about one unit; the area of the older one is no area of the unit."""
    named = {each.name: each for each in PROJECTORS}
    units, documents, findings = (named[name] for name in ("units", "documents", "findings"))
    listed(office, "IDSBR1")
    office.send("ppl01", office.submission("a", {**AWAY, "unit_id": "IDSBR1"}))
    office.send("ppl01", office.submission("b", {"unit_id": "IDSBR1"}))
    submitted = []
    for projector in (documents, findings, units):
        advance(office.engine, projector, LANE)
        advance_coverage(office.engine, LANE)
        submitted.append((leaf(office, SUB_SLS).submitted, leaf(office, ELSEWHERE).submitted))
    assert submitted == [(1, 1), (1, 1), (2, 0)]
