import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from app.areas.commands import app
from app.areas.reference import kota_pekalongan
from app.core import settings as configured
from tests.app.areas.conftest import SLS
from tests.app.areas.test_boundaries import collection, feature


@pytest.fixture(autouse=True)
def office(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What an office sets in its environment."""
    monkeypatch.setenv("SE2026_DATABASE_URL", database_url)
    monkeypatch.setenv("SE2026_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SE2026_LANGUAGE", "en")
    configured.settings.cache_clear()
    yield
    configured.settings.cache_clear()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "kota.csv"
    path.write_bytes(kota_pekalongan())
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["import", *map(str, arguments)], catch_exceptions=False)


def count(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM area")).scalar_one())


def test_an_office_imports_its_areas(engine: sa.Engine, table: Path) -> None:
    first = run(table)
    assert (first.exit_code, first.stdout) == (
        0,
        "areas: 33 added, 0 changed, 0 retired (version 1)\n",
    )
    assert run(table).stdout == "areas: nothing new\n"
    assert count(engine) == 33


def test_a_script_reads_json(table: Path) -> None:
    done = run(table, "--json", "--label", "2026/1")
    report = json.loads(done.stdout)["areas"]
    assert (report["outcome"], report["added"], report["errors"]) == ("imported", 33, [])


def test_errors_name_their_lines(engine: sa.Engine, tmp_path: Path) -> None:
    bad = tmp_path / "sls.csv"
    bad.write_text(SLS)
    done = run(bad)
    assert done.exit_code == 1
    assert done.stdout == ""
    told = done.stderr.splitlines()
    assert [line.split(":")[0] for line in told] == ["line 2", "line 4", "areas"]
    assert told[-1] == "areas: 2 errors, nothing was changed"
    assert count(engine) == 0


def test_areas_and_outlines_come_together_or_not_at_all(
    engine: sa.Engine, table: Path, tmp_path: Path
) -> None:
    outlines = tmp_path / "kelurahan.geojson"
    outlines.write_bytes(collection(feature("3375010004"), feature("9999999999")))
    refused = run(table, "--boundaries", outlines)
    assert refused.exit_code == 1
    assert "feature 2: the area 9999999999 does not exist" in refused.stderr
    assert "added" not in refused.stdout
    assert count(engine) == 0
    outlines.write_bytes(collection(feature("3375010004")))
    done = run(table, "--boundaries", outlines)
    assert [line.split(" (")[0] for line in done.stdout.splitlines()] == [
        "areas: 33 added, 0 changed, 0 retired",
        "boundaries: 1 added, 0 changed, 0 retired",
    ]
    assert run("--boundaries", outlines).stdout == "boundaries: nothing new\n"


def test_retiring_is_asked_for(table: Path) -> None:
    run(table)
    table.write_bytes(kota_pekalongan().replace(b"3375010010,Tirto", b"3375010099,Tirto Baru"))
    without = run(table)
    assert without.exit_code == 1  # the Kemendagri code would belong to two areas
    rows = kota_pekalongan().splitlines(keepends=True)
    table.write_bytes(b"".join(row for row in rows if b"Tirto" not in row))
    assert run(table).stdout == "areas: nothing new\n"
    assert "1 retired" in run(table, "--retire-missing").stdout


def test_it_speaks_indonesian_by_default(monkeypatch: pytest.MonkeyPatch, table: Path) -> None:
    monkeypatch.setenv("SE2026_LANGUAGE", "id")
    configured.settings.cache_clear()
    assert run(table).stdout == "wilayah: 33 baru, 0 berubah, 0 dihapus (versi 1)\n"


def test_nothing_to_import_shows_the_help() -> None:
    assert "Usage" in run().output
