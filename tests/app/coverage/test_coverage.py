from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from app.auth.models import Role
from app.auth.scope import NATION, Scope
from app.core.db import reading, table_of, writing
from app.core.outbox import AREA_TOUCHED, leave
from app.core.problems import Forbidden, Invalid, NotFound
from app.coverage.models import CoverageTally
from app.coverage.projector import advance_coverage, rebuild_coverage
from app.coverage.rules import Level
from app.coverage.service import coverage, coverage_of, home_of
from app.review.models import Document, Status
from tests.support.town import (
    EAST,
    KAUMAN,
    KAUMAN_A,
    LANE,
    MEDONO,
    MEDONO_A,
    MEDONO_B,
    TIRTO,
    TIRTO_A,
    WEST,
    build,
    settle,
)

CITY = Scope((LANE,))


@pytest.fixture
def town(engine: sa.Engine) -> sa.Engine:
    """Two leaves of Medono at work, Tirto finished, Kauman untouched, one record without area."""
    with writing(engine) as session:
        build(session)
        settle(session, MEDONO_A, None, None)
        settle(session, MEDONO_A, "1", "00", "2", status=Status.SUBMITTED, errors=1)
        settle(session, MEDONO_A, "3", status=Status.REJECTED)
        settle(session, MEDONO_B, "1", listed=MEDONO_A, status=Status.APPROVED)
        settle(session, TIRTO_A, "1", "2", "4", "9", status=Status.APPROVED)
        settle(session, LANE, "2", status=Status.SUBMITTED)
    rebuild_coverage(engine, LANE)
    return engine


def tallies(engine: sa.Engine) -> list[tuple[object, ...]]:
    with reading(engine) as session:
        table = table_of(CoverageTally)
        return [tuple(row) for row in session.execute(sa.select(table).order_by(table.c.area_code))]


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    """Count the statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)


def test_every_unit_stands_in_one_class_and_the_sums_agree(town: sa.Engine) -> None:
    with reading(town) as session:
        row = coverage(session, NATION, MEDONO, Level.KELURAHAN)[0]
    assert (row.prelist, row.new, row.target, row.visited) == (6, 1, 7, 5)
    classes = (row.not_visited, row.not_found, row.found, row.closed, row.duplicate)
    assert (*classes, row.non_response) == (2, 1, 2, 1, 0, 0)
    assert sum(classes) == row.prelist
    assert (row.submitted, row.approved, row.rejected, row.with_errors) == (3, 1, 1, 3)
    assert row.found_of_prelist == pytest.approx(2 / 6)
    assert row.share_visited == pytest.approx(5 / 7)


def test_a_unit_of_the_prelist_counts_where_the_prelist_has_it(town: sa.Engine) -> None:
    with reading(town) as session:
        leaves = {r.area_code: r for r in coverage(session, NATION, MEDONO, Level.SUB_SLS)}
    assert leaves[MEDONO_A].found == 2
    assert leaves[MEDONO_B].found == 0
    assert (leaves[MEDONO_A].approved, leaves[MEDONO_B].approved) == (1, 0)


def test_areas_with_nothing_show_too(town: sa.Engine) -> None:
    with reading(town) as session:
        rows = coverage(session, NATION, LANE, Level.KELURAHAN)
    assert [row.area_code for row in rows] == [MEDONO, TIRTO, KAUMAN, LANE]
    kauman = rows[2]
    assert (kauman.name, kauman.target, kauman.share_visited, kauman.done) == (
        "Kauman", 0, None, False,
    )  # fmt: skip


def test_records_without_a_known_area_have_their_own_line(town: sa.Engine) -> None:
    with writing(town) as session:
        settle(session, f"{MEDONO}999900", "2", status=Status.SUBMITTED)
    rebuild_coverage(town, LANE)
    with reading(town) as session:
        city = coverage(session, NATION, LANE, Level.KELURAHAN)[-1]
        medono = coverage(session, NATION, MEDONO, Level.SUB_SLS)[-1]
    assert (city.without_area, city.new, city.submitted) == (True, 1, 1)
    assert (medono.without_area, medono.area_code, medono.new) == (True, MEDONO, 1)


def test_totals_agree_at_every_level(town: sa.Engine) -> None:
    with reading(town) as session:
        totals = {
            level: coverage_of(
                session, NATION, Role.REGENCY_ADMIN, under=LANE, level=level
            ).total.model_dump()
            for level in Level
        }
    assert totals[Level.CITY]["target"] == 12
    assert len({tuple(sorted(total.items())) for total in totals.values()}) == 1


def test_a_leaf_is_finished_when_all_its_target_is_approved(town: sa.Engine) -> None:
    with reading(town) as session:
        rows = {row.area_code: row for row in coverage(session, NATION, LANE, Level.KELURAHAN)}
    assert rows[TIRTO].done
    assert (rows[TIRTO].leaves, rows[TIRTO].leaves_done) == (1, 1)
    assert not rows[MEDONO].done
    assert (rows[MEDONO].leaves, rows[MEDONO].expected_load) == (2, 10)


def test_one_unit_nobody_visited_keeps_a_leaf_open(town: sa.Engine) -> None:
    with writing(town) as session:
        settle(session, TIRTO_A, None)
        settle(session, TIRTO_A, status=Status.APPROVED)
    rebuild_coverage(town, LANE)
    with reading(town) as session:
        row = coverage(session, NATION, TIRTO, Level.KELURAHAN)[0]
    assert not row.done


def test_only_touched_areas_are_recounted(town: sa.Engine) -> None:
    with writing(town) as session:
        settle(session, KAUMAN_A, "1", status=Status.SUBMITTED)
        settle(session, TIRTO_A, "1", status=Status.SUBMITTED)
        leave(session, AREA_TOUCHED, LANE, {KAUMAN_A})
    assert advance_coverage(town, LANE) == 1
    assert advance_coverage(town, LANE) == 0
    with reading(town) as session:
        rows = {row.area_code: row for row in coverage(session, NATION, LANE, Level.KELURAHAN)}
    assert (rows[KAUMAN].found, rows[KAUMAN].submitted) == (1, 1)
    assert rows[TIRTO].submitted == 0  # nobody left a note


def test_recounting_ends_where_a_rebuild_ends(town: sa.Engine) -> None:
    document = table_of(Document)
    with writing(town) as session:  # a document moves away from an area and leaves it empty
        session.execute(
            sa.update(document).where(document.c.area_code == MEDONO_B).values(area_code=TIRTO_A)
        )
        leave(session, AREA_TOUCHED, LANE, {MEDONO_B, TIRTO_A})
    advance_coverage(town, LANE)
    live = tallies(town)
    assert MEDONO_B not in {row[1] for row in live}
    assert rebuild_coverage(town, LANE) == len(live)
    assert tallies(town) == live


def test_a_rebuild_takes_the_old_notes_away(town: sa.Engine) -> None:
    with writing(town) as session:
        leave(session, AREA_TOUCHED, LANE, {MEDONO_A})
    rebuild_coverage(town, LANE)
    assert advance_coverage(town, LANE) == 0


def test_an_enumerator_sees_his_own_leaves_only(town: sa.Engine) -> None:
    mine = Scope((MEDONO_A,))
    with reading(town) as session:
        rows = coverage(session, mine, LANE, Level.KELURAHAN)
        assert [(row.area_code, row.prelist, row.approved) for row in rows] == [(MEDONO, 6, 1)]
        with pytest.raises(NotFound):
            coverage(session, mine, EAST, Level.KELURAHAN)


def test_an_area_that_is_not_there_is_not_found(town: sa.Engine) -> None:
    with reading(town) as session, pytest.raises(NotFound):
        coverage_of(session, NATION, Role.ANALYST, under="3375090", level=Level.KELURAHAN)


def test_a_level_above_the_area_is_refused(town: sa.Engine) -> None:
    with reading(town) as session, pytest.raises(Invalid):
        coverage(session, NATION, MEDONO, Level.KECAMATAN)


@pytest.mark.parametrize("level", list(Level))
def test_a_page_costs_two_statements(town: sa.Engine, level: Level) -> None:
    with reading(town) as session:
        session.execute(sa.text("SELECT 1"))
        with counted(town) as sent:
            coverage_of(session, NATION, Role.REGENCY_ADMIN, under=LANE, level=level)
    assert len(sent) == 2


def test_a_government_viewer_is_told_no_small_cell(town: sa.Engine) -> None:
    with reading(town) as session:
        session.execute(sa.text("SELECT 1"))
        with counted(town) as sent:
            page = coverage_of(session, CITY, Role.GOVERNMENT, under=LANE, level=Level.KELURAHAN)
    assert len(sent) == 4
    rows = {row.area_code: row for row in page.rows}
    assert rows[MEDONO].new is None
    assert rows[MEDONO].closed is None
    told = [
        getattr(row, name)
        for row in (*page.rows, page.total)
        for name in ("new", "found", "closed", "duplicate", "approved", "submitted")
    ]
    assert not {1, 2} & set(told)


def test_a_withheld_cell_is_withheld_on_every_page(town: sa.Engine) -> None:
    with reading(town) as session:
        pages = [
            coverage_of(session, CITY, Role.GOVERNMENT, under=under, level=level)
            for under, level in (
                (LANE, Level.KECAMATAN),
                (LANE, Level.KELURAHAN),
                (WEST, Level.KELURAHAN),
                (WEST, Level.KECAMATAN),
                (MEDONO, Level.KELURAHAN),
            )
        ]
    seen: dict[tuple[str, bool], set[str]] = {}
    for page in pages:
        for row in (*page.rows, page.total):
            if not row.without_area:
                seen.setdefault((row.area_code, False), set()).add(
                    row.model_dump_json(exclude={"name"})
                )
    assert all(len(lines) == 1 for lines in seen.values())
    assert {code for code, _ in seen} == {LANE, WEST, EAST, MEDONO, TIRTO, KAUMAN}


def test_a_government_viewer_sees_no_area_below_the_kelurahan(town: sa.Engine) -> None:
    with reading(town) as session:
        for under, level in ((MEDONO, Level.SLS), (LANE, Level.SUB_SLS)):
            with pytest.raises(Forbidden):
                coverage_of(session, CITY, Role.GOVERNMENT, under=under, level=level)
        with pytest.raises(NotFound):
            coverage_of(session, Scope((WEST,)), Role.GOVERNMENT, under=LANE, level=Level.KELURAHAN)


@pytest.mark.parametrize(
    ("areas", "home"),
    [
        (("",), "3375"),
        (("33",), "3375"),
        (("3375",), "3375"),
        (("3375010",), "3375010"),
        (("3375010", "3375020"), "3375"),
        (("3376", "3375010"), "3375010"),
        (("3376010", "3376020"), "3376"),
        ((), "3375"),
    ],
)
def test_a_viewers_pages_begin_at_home(areas: tuple[str, ...], home: str) -> None:
    assert home_of(Scope(areas), "3375") == home
