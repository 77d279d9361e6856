"""What the device side tells from the command line, against a service that answers."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.cli import app
from tests.browser.conftest import serving
from tests.support.office import OpenOffice, instance, password_of


def test_sync_tells_what_the_server_had_once_and_has_no_more(
    office: OpenOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SE2026_PASSWORD", password_of("ppl01"))
    files = [tmp_path / f"{name}.xml" for name in "ab"]
    for file in files:
        file.write_bytes(office.submission(file.stem))
    with serving(office.client.app) as server:
        told = ["sync", "--spool", str(tmp_path / "spool"), "--server", server]
        told += ["--user", "ppl01", "--json"]
        first = CliRunner().invoke(app, [*told, *(f"--add={file}" for file in files)])
        assert (first.exit_code, json.loads(first.stdout)["missing"]) == (0, [])
        with office.engine.begin() as line:
            line.execute(sa.text("ALTER TABLE journal_entry DISABLE TRIGGER USER"))
            line.execute(sa.text("DELETE FROM journal_entry WHERE position = 2"))
        again = CliRunner().invoke(app, told)
        assert again.exit_code == 1
        assert json.loads(again.stdout)["missing"] == [instance("b")]
        healed = CliRunner().invoke(app, told)
        assert (healed.exit_code, json.loads(healed.stdout)["missing"]) == (0, [])
