"""The prelist from the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.core import settings as configured
from app.registry.commands import app
from tests.app.registry.conftest import HEADER, HERE


@pytest.fixture(autouse=True)
def office(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What an office sets in its environment."""
    monkeypatch.setenv("SE2026_DATABASE_URL", database_url)
    monkeypatch.setenv("SE2026_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SE2026_LANGUAGE", "en")
    configured.settings.cache_clear()
    yield
    configured.settings.cache_clear()


def run(folder: Path, *lines: str) -> Result:
    file = folder / "prelist.csv"
    file.write_text("\n".join((HEADER, *lines, "")), encoding="utf-8")
    return CliRunner().invoke(app, ["import", str(file), "--json"])


def test_a_file_with_faults_ends_with_one_and_names_them(tmp_path: Path) -> None:
    done = run(tmp_path, f",{HERE},WARUNG CONTOH,,,,,")
    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (told["imported"], [each["line"] for each in told["faults"]]) == (False, [2])


def test_without_a_database_the_command_ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SE2026_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    configured.settings.cache_clear()
    done = run(tmp_path, f"IDSBR1,{HERE},WARUNG CONTOH,,,,,")
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert "database cannot be reached" in done.stderr


def test_a_wrong_setting_ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SE2026_SESSION_HOURS", "many")
    configured.settings.cache_clear()
    done = run(tmp_path, f"IDSBR1,{HERE},WARUNG CONTOH,,,,,")
    assert done.exit_code == 2
    assert "SE2026_SESSION_HOURS" in done.stderr
