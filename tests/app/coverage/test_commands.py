import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner

from app.core.db import writing
from app.core.settings import settings
from app.coverage.commands import show
from app.coverage.projector import rebuild_coverage
from app.review.models import Status
from tests.support.town import LANE, MEDONO, MEDONO_A, TIRTO, WEST, build, settle


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
