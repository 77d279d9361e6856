"""A small fleet, an office that is hurt, and a verdict that is not flattered."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.simulate.site import Site


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


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Site]:
    """An office that serves already."""
    site = Site(tmp_path)
    site.furnish(lambda _office: None)
    site.start()
    yield site
    site.close()


@pytest.mark.slow
def test_a_fleet_tries_an_office_that_serves_already(
    served: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in served.environment().items():
        monkeypatch.setenv(name, value)
    options = ("--devices", "6", "--documents", "20", "--days", "1", "--server", served.address)
    first, again = simulate(*options), simulate(*options)
    for code, told in (first, again):
        assert (code, told["verdict"]["good"]) == (0, True), told
        assert told["verdict"]["collected"] >= 20
    # it finds its own names, with other answers, beside those that nobody of it collected
    assert again[1]["verdict"]["rivals"] >= 20
    assert again[1]["verdict"]["in_journal"] == 2 * first[1]["verdict"]["in_journal"]


def test_an_office_that_runs_is_not_hurt() -> None:
    command = [sys.executable, "-m", "app.cli", "simulate", "--campaign", "--server", "http://x"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 2
