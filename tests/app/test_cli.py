"""The command from outside: what it prints, and the exit codes that mean something."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from app.cli import app
from sync.codecs.openrosa import read_envelope
from tests.support.office import OpenOffice


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
        timeout=600,
    )


@pytest.fixture
def here(office: OpenOffice) -> dict[str, str]:
    """The environment of commands in the test's office."""
    url = office.engine.url.render_as_string(hide_password=False)
    return {
        "SE2026_DATABASE_URL": url.replace("+psycopg", ""),
        "SE2026_DATA_DIR": str(office.settings.data_dir),
    }


def test_help_names_every_command_and_each_gives_an_example() -> None:
    told = run("--help").stdout
    whole = get_command(app)
    assert isinstance(whole, TyperGroup)
    context = whole.make_context("se2026", ["migrate"])
    for name in whole.list_commands(context):
        assert f" {name} " in told
        one = whole.get_command(context, name)
        assert one is not None
        inner = one.commands.values() if isinstance(one, TyperGroup) else [one]
        assert all("Example:" in str(each.help) for each in inner), name


def test_a_sound_journal_verifies_and_rebuilds(office: OpenOffice, here: dict[str, str]) -> None:
    for name in "ab":
        office.send("ppl01", office.submission(name))
    told = json.loads(run("journal", "verify", "--json", **here).stdout)
    assert told == [{"lane": "3375", "entries": 2, "head": 2, "breaks": []}]
    rebuilt = json.loads(run("journal", "rebuild", "--json", **here).stdout)
    assert rebuilt["3375"]["documents"] == 2


def test_a_changed_entry_ends_verify_with_one(office: OpenOffice, here: dict[str, str]) -> None:
    office.send("ppl01", office.submission("a"))
    with office.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE journal_entry SET body = 'forged'")
    done = run("journal", "verify", "--json", **here)
    assert done.returncode == 1
    assert json.loads(done.stdout)[0]["breaks"] == [{"position": 1, "what": "body"}]


def test_coverage_and_release_read_the_whole_journal(
    office: OpenOffice, here: dict[str, str]
) -> None:
    office.send("ppl01", office.submission("a"))
    told = json.loads(run("coverage", "--json", **here).stdout)
    assert told["total"]["found"] + told["total"]["new"] == 1
    made = json.loads(run("release", "--json", **here).stdout)
    assert Path(made["path"]).is_dir()
    assert run("release", **{**here, "SE2026_REGENCY": "9999"}).returncode == 1


def test_the_questionnaire_checks_and_publishes_again_unchanged(here: dict[str, str]) -> None:
    told = json.loads(run("forms", "check", "se2026_l", "--json").stdout)
    assert (told["form_id"], told["languages"]) == ("se2026_l", ["id", "en"])
    assert told["odk_validate"] in (None, [])
    again = json.loads(run("forms", "publish", "se2026_l", "--json", **here).stdout)
    assert (again["new"], again["renewed_lists"]) == (False, [])


def test_a_wrong_questionnaire_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = run("forms", "check", str(tmp_path))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


@pytest.mark.parametrize(
    ("environment", "code", "told"),
    [
        ({"SE2026_SECRET_KEY": "tooshort"}, 2, "SE2026_SECRET_KEY"),
        ({"SE2026_MAX_REQUEST_MB": "many"}, 2, "SE2026_MAX_REQUEST_MB"),
        ({"SE2026_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"}, 1, "cannot be reached"),
    ],
)
def test_a_wrong_setting_is_told_in_a_sentence(
    tmp_path: Path, environment: dict[str, str], code: int, told: str
) -> None:
    done = run("migrate", **{"SE2026_DATA_DIR": str(tmp_path), **environment})
    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert "tooshort" not in done.stderr


def test_sync_needs_one_way_to_the_server(tmp_path: Path) -> None:
    assert run("sync", "--spool", str(tmp_path)).returncode == 2


def test_sync_keeps_what_it_cannot_send(office: OpenOffice, tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_bytes(office.submission("a"))
    assert read_envelope(file.read_bytes())
    spool = str(tmp_path / "spool")
    done = run(
        "sync", "--spool", spool, "--add", str(file), "--server", "http://127.0.0.1:1", "--user",
        "x", SE2026_PASSWORD="y",
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert any((tmp_path / "spool" / "out").iterdir())


def demo(folder: Path) -> dict[str, Any]:
    done = run("demo", "--no-serve", "--json", "--visits", "4", SE2026_DATA_DIR=str(folder))
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.slow
def test_the_whole_day_twice_changes_only_the_number_of_duplicates(tmp_path: Path) -> None:
    first, again = demo(tmp_path), demo(tmp_path)
    assert first["documents"] > 80
    assert len(first["coverage"]) == 27
    assert first["receipts"]["stored"] >= first["documents"]
    assert again["receipts"].pop("duplicate") > first["receipts"].pop("duplicate", 0)
    assert again == first


def test_the_demo_keeps_out_of_an_office_at_work(here: dict[str, str]) -> None:
    done = run("demo", "--no-serve", **here)
    assert done.returncode == 1
    assert "belongs to an office" in done.stderr
