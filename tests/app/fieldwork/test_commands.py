"""`se2026 fieldwork` and `se2026 users qr`, from outside."""

import base64
import json
import zlib
from pathlib import Path

import pytest

from tests.app.test_cli import here, run
from tests.support.office import ELSEWHERE, JENGGOT, SUB_SLS, OpenOffice
from tests.support.pulling import Puller

__all__ = ["here"]


def test_work_is_assigned_on_behalf_of_somebody(
    office: OpenOffice,
    here: dict[str, str],
) -> None:
    said = run("fieldwork", "assign", SUB_SLS, "--officer", "ppl01", "--by", "pml01", **here)
    assert said.returncode == 0, said.stderr
    refused = run("fieldwork", "assign", ELSEWHERE, "--officer", "ppl01", "--by", "pml01", **here)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "di luar wilayah kerja" in refused.stderr
    office.settle()
    (told,) = json.loads(run("fieldwork", "list", JENGGOT, "--json", **here).stdout)
    assert (told["idsubsls"], told["officer"]) == (SUB_SLS, "ppl01")


def test_an_announcement_reaches_the_devices(
    office: OpenOffice,
    here: dict[str, str],
) -> None:
    said = run("fieldwork", "announce", "3375", "Rapat", "Besok.", "--by", "admin", **here)
    assert said.returncode == 0, said.stderr
    office.settle()
    device = Puller(office, "ppl01")
    device.pull()
    assert [each["title"] for each in device.payloads("announcement")] == ["Rapat"]


@pytest.mark.parametrize("wish", ["text", "png", "terminal"])
def test_a_phone_is_set_up_from_the_command_line(
    office: OpenOffice,
    here: dict[str, str],
    tmp_path: Path,
    wish: str,
) -> None:
    file = tmp_path / "code.png"
    wishes = {"text": ["--text"], "png": ["--png", str(file)], "terminal": []}
    said = run("users", "qr", "ppl01", *wishes[wish], **here)
    assert said.returncode == 0, said.stderr
    if wish == "png":
        assert file.read_bytes().startswith(b"\x89PNG")
    elif wish == "terminal":
        assert len(said.stdout.splitlines()) > 20
    else:
        told = json.loads(zlib.decompress(base64.b64decode(said.stdout)))
        server = told["general"]["server_url"]
        path = server.removeprefix(office.settings.public_url).removeprefix("http://127.0.0.1:8026")
        assert office.client.get(f"{path}/formList").status_code == 200
