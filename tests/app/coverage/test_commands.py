import json
from collections.abc import Iterator
from io import StringIO

import pytest
import sqlalchemy as sa
import typer
from rich.console import Console
from typer.testing import CliRunner

from app.core.db import writing
from app.core.settings import settings
from app.coverage.commands import print_rows, show
from app.coverage.projector import rebuild_coverage
from app.coverage.rules import CELLS
from app.coverage.schemas import CoverageRow, summed
from app.review.models import Status
from tests.support.town import LANE, MEDONO, MEDONO_A, TIRTO, WEST, build, settle

NUMBERS = (*(name for name in CELLS if name != "not_visited"), "leaves", "leaves_done")


def counts(number: int) -> dict[str, int]:
    """Give counts as a large city has them, each different from every other."""
    return {name: 10_000 * number + place for place, name in enumerate(NUMBERS)}


@pytest.fixture
def commands(
    engine: sa.Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[typer.Typer]:
    with writing(engine) as session:
        build(session)
        settle(session, MEDONO_A, None, "1", status=Status.SUBMITTED)
        settle(session, LANE, "2")
    rebuild_coverage(engine, LANE)
    monkeypatch.setenv("SE2026_DATABASE_URL", database_url.replace("+psycopg", ""))
    settings.cache_clear()
    made = typer.Typer()
    made.command("coverage")(show)
    yield made
    settings.cache_clear()


def test_coverage_as_a_table(commands: typer.Typer) -> None:
    shown = CliRunner().invoke(commands, [], env={"COLUMNS": "240"})
    assert shown.exit_code == 0, shown.output
    assert "Kota Pekalongan (3375)" in shown.output
    assert "Medono" in shown.output
    assert "(no known area)" in shown.output


def test_coverage_as_json(commands: typer.Typer) -> None:
    shown = CliRunner().invoke(commands, ["--under", WEST, "--level", "kelurahan", "--json"])
    found = json.loads(shown.stdout)
    assert [row["area_code"] for row in found["rows"]] == [MEDONO, TIRTO]
    assert (found["total"]["target"], found["total"]["visited"]) == (2, 1)
    assert found["total"]["share_visited"] == 0.5


@pytest.mark.parametrize("width", [40, 60, 80, 100, 240])
def test_no_number_is_cut_however_narrow_the_terminal(width: int) -> None:
    rows = [
        CoverageRow(area_code=f"{MEDONO}0001{n:02}", name="Kuripan Kertoharjo", **counts(n))
        for n in range(1, 4)
    ]
    total = summed(rows)
    shown = StringIO()
    print_rows(Console(file=shown, width=width), "Kota Pekalongan (3375)", rows, total)
    words = shown.getvalue().replace("/", " ").split()
    assert "…" not in shown.getvalue()
    assert max(len(line) for line in shown.getvalue().splitlines()) <= width
    for row in (*rows, total):
        assert {str(getattr(row, name)) for name in NUMBERS} <= set(words)
    for row in rows:
        assert row.area_code in words


@pytest.mark.parametrize(("width", "tables"), [(80, 2), (240, 1)])
def test_a_wider_terminal_needs_fewer_tables(width: int, tables: int) -> None:
    shown = StringIO()
    row = CoverageRow(area_code=MEDONO, name="Kuripan Kertoharjo", **counts(1))
    print_rows(Console(file=shown, width=width), "Kota Pekalongan (3375)", [row], summed([row]))
    assert shown.getvalue().count("Kuripan") == tables


@pytest.mark.parametrize("asked", [["--under", "9999"], ["--under", MEDONO, "--level", "city"]])
def test_what_cannot_be_shown_ends_in_a_sentence(commands: typer.Typer, asked: list[str]) -> None:
    shown = CliRunner().invoke(commands, asked)
    assert shown.exit_code == 1
    assert isinstance(shown.exception, SystemExit)
    assert shown.stdout == ""
    assert shown.stderr.strip()
