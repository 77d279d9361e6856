"""A small fleet, an office that is hurt, and a verdict that is not flattered."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def simulate(*options: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "app.cli", "simulate", "--json", *options]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.stdout, done.stderr.decode()
    told: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, told


@pytest.mark.slow
def test_a_fleet_loses_nothing_while_its_office_is_killed_and_burnt(tmp_path: Path) -> None:
    report = tmp_path / "figures.md"
    options = ("--devices", "20", "--documents", "80", "--days", "1", "--report", str(report))
    _, told = simulate(*options, "--campaign")
    verdict = told["verdict"]
    assert verdict["good"], verdict
    assert verdict["acknowledged"] >= verdict["collected"] == verdict["in_journal"] >= 80
    assert {each["what"] for each in told["blows"]} == {
        "service killed", "worker killed", "PostgreSQL killed", "house burnt, restored"
    }  # fmt: skip
    burnt = [each for each in told["blows"] if each["epoch"]]
    assert [each["epoch"] for each in burnt] == [2, 3]
    assert sum(each["lost"] for each in burnt) > 0  # what the phones brought again
    assert "**Acknowledged and missing** | 0 |" in report.read_text()


def test_an_office_that_runs_is_not_hurt() -> None:
    command = [sys.executable, "-m", "app.cli", "simulate", "--campaign", "--server", "http://x"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 2
