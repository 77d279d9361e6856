"""A file arrives in pieces, over breaks, and is kept only when it is whole and right."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import anyio
import pytest

from app.intake import tus
from app.intake.blobs import ObjectBlobs
from app.intake.uploads import Busy, Upload, Uploads
from tests.support.office import OpenOffice

HOME = "/api/v1/sync/files"
PHOTO = bytes(range(256)) * 40
DIGEST = sha256(PHOTO).hexdigest()
TUS = {"Tus-Resumable": "1.0.0"}


def ask(office: OpenOffice, method: str, path: str = "", user: str = "ppl01", **more: Any) -> Any:
    headers = {**office.bearer(user), **TUS, **more.pop("headers", {})}
    return office.client.request(method, HOME + path, headers=headers, **more)


def announce(office: OpenOffice, digest: str = DIGEST, length: int = len(PHOTO)) -> Any:
    told = b64encode(digest.encode()).decode()
    headers = {"Upload-Length": str(length), "Upload-Metadata": f"filename Zm90bw==, sha256 {told}"}
    return ask(office, "POST", headers=headers)


def go_on(office: OpenOffice, offset: int, body: bytes, digest: str = DIGEST) -> Any:
    headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return ask(office, "PATCH", f"/{digest}", headers=headers, content=body)


def offset(office: OpenOffice) -> str:
    return str(ask(office, "HEAD", f"/{DIGEST}").headers["Upload-Offset"])


def test_a_file_in_three_pieces(office: OpenOffice) -> None:
    made = announce(office)
    assert (made.status_code, made.headers["Location"]) == (201, f"{HOME}/{DIGEST}")
    for start in range(0, len(PHOTO), 4000):
        assert offset(office) == str(start)
        done = go_on(office, start, PHOTO[start : start + 4000])
        assert done.status_code == 204
    assert done.headers["Upload-Offset"] == str(len(PHOTO))
    assert ObjectBlobs.of(office.settings).get(DIGEST) == PHOTO
    assert offset(office) == str(len(PHOTO))
    again = announce(office)
    assert again.headers["Upload-Offset"] == str(len(PHOTO))
    assert go_on(office, len(PHOTO), b"").headers["Upload-Offset"] == str(len(PHOTO))
    assert list((office.settings.data_dir / "uploads").rglob("*.part")) == []


def test_pieces_go_on_only_where_the_upload_stands(office: OpenOffice) -> None:
    announce(office)
    go_on(office, 0, PHOTO[:100])
    refused = go_on(office, 50, PHOTO[50:])
    assert refused.status_code == 409
    assert "100" in refused.json()["detail"]
    assert offset(office) == "100"


def test_a_wrong_file_is_let_go_and_may_begin_again(office: OpenOffice) -> None:
    announce(office)
    wrong = go_on(office, 0, PHOTO[::-1])
    assert wrong.status_code == 460
    assert ObjectBlobs.of(office.settings).get(DIGEST) is None
    assert ask(office, "HEAD", f"/{DIGEST}").status_code == 404


def test_what_is_too_long_is_cut_at_the_announced_length(office: OpenOffice) -> None:
    announce(office)
    assert go_on(office, 0, PHOTO + b"more").status_code == 204
    assert ObjectBlobs.of(office.settings).get(DIGEST) == PHOTO


def test_uploads_of_others_are_not_to_be_seen(office: OpenOffice) -> None:
    announce(office)
    assert ask(office, "HEAD", f"/{DIGEST}", user="ppl02").status_code == 404
    assert ask(office, "DELETE", f"/{DIGEST}", user="ppl02").status_code == 404
    assert ask(office, "DELETE", f"/{DIGEST}").status_code == 204
    assert ask(office, "HEAD", f"/{DIGEST}").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Upload-Length": "x", "Upload-Metadata": ""},
        {"Upload-Length": "5"},
        {"Upload-Length": "5", "Upload-Metadata": "sha256 %%%"},
        {"Upload-Length": "5", "Upload-Metadata": "sha256 " + b64encode(b"../x").decode()},
        {"Upload-Length": "5", "Tus-Resumable": "0.2"},
    ],
    ids=range(5),
)
def test_rubbish_is_told_so(office: OpenOffice, headers: dict[str, str]) -> None:
    assert ask(office, "POST", headers=headers).status_code == 422


def test_a_file_beyond_the_limit_is_refused_with_the_limit(office: OpenOffice) -> None:
    answer = announce(office, length=10**12)
    assert answer.status_code == 413
    assert "100,000,000" in answer.json()["detail"]


def test_the_door_tells_what_it_speaks(office: OpenOffice) -> None:
    told = office.client.request("OPTIONS", HOME).headers
    assert (told["Tus-Version"], told["Tus-Extension"]) == ("1.0.0", "creation,termination")


def test_two_requests_do_not_write_at_once(office: OpenOffice) -> None:
    mine = Uploads(office.settings, "somebody")
    upload = mine.begin(DIGEST, len(PHOTO))
    with mine.writing(upload, 0), pytest.raises(Busy), mine.writing(upload, 0):
        pass
    assert mine.find(DIGEST) == Upload(DIGEST, len(PHOTO), 0)


def patched(office: OpenOffice, coming: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give what is answered to a piece that comes as told; a line without an end is silent."""
    headers = {
        **office.bearer("ppl01"),
        **TUS,
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "Host": "testserver",
    }
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PATCH",
        "scheme": "http",
        "path": f"{HOME}/{DIGEST}",
        "raw_path": f"{HOME}/{DIGEST}".encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("10.0.0.1", 5000),
        "server": ("testserver", 80),
    }
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return next(coming, None) or await anyio.sleep_forever()

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    anyio.run(office.client.app, scope, receive, send)
    return told


def test_what_came_before_the_line_broke_stays(office: OpenOffice) -> None:
    announce(office)
    begun = {"type": "http.request", "body": PHOTO[:300], "more_body": True}
    patched(office, iter([begun, {"type": "http.disconnect"}]))
    assert offset(office) == "300"


def test_a_line_that_is_silent_holds_the_upload_no_longer(
    office: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tus, "SILENCE_SECONDS", 0.05)
    announce(office)
    told = patched(office, iter([{"type": "http.request", "body": PHOTO[:300], "more_body": True}]))
    assert told[0]["status"] == 408
    assert go_on(office, 300, PHOTO[300:]).status_code == 204


def test_a_file_whose_last_byte_came_before_a_kill_is_kept_when_it_is_asked_for(
    office: OpenOffice,
) -> None:
    for again in ("HEAD", "PATCH", "POST"):
        announce(office)
        folder = next((office.settings.data_dir / "uploads").iterdir())
        (folder / f"{DIGEST}.part").write_bytes(PHOTO)  # and then it died
        told = {
            "HEAD": lambda: ask(office, "HEAD", f"/{DIGEST}"),
            "PATCH": lambda: go_on(office, len(PHOTO), b""),
            "POST": lambda: announce(office),
        }[again]()
        assert told.headers["Upload-Offset"] == str(len(PHOTO))
        assert ObjectBlobs.of(office.settings).get(DIGEST) == PHOTO, again
        (office.settings.data_dir / "blobs" / DIGEST[:2] / DIGEST).unlink()


def test_an_unfinished_file_of_which_the_note_or_the_bytes_are_bad_begins_again(
    office: OpenOffice,
) -> None:
    announce(office)
    folder = next((office.settings.data_dir / "uploads").iterdir())
    (folder / f"{DIGEST}.length").write_text("")  # the machine died when it was noted
    assert ask(office, "HEAD", f"/{DIGEST}").status_code == 404
    assert announce(office).headers["Upload-Offset"] == "0"
    (folder / f"{DIGEST}.part").write_bytes(PHOTO[::-1])
    assert ask(office, "HEAD", f"/{DIGEST}").status_code == 404
    assert announce(office).headers["Upload-Offset"] == "0"


def test_an_empty_file_is_whole_when_it_is_announced(office: OpenOffice) -> None:
    nothing = sha256(b"").hexdigest()
    assert announce(office, nothing, 0).headers["Upload-Offset"] == "0"
    assert ObjectBlobs.of(office.settings).get(nothing) == b""
    wrong = announce(office, DIGEST, 0)
    assert (wrong.status_code, wrong.json()["code"]) == (460, "checksum_mismatch")
