"""Verdicts on devices: with a task for each question, until a new version has arrived."""

from typing import Any
from uuid import UUID

from app.core.db import writing
from app.questionnaires.service import close
from tests.conftest import NOON
from tests.support.office import OpenOffice
from tests.support.pulling import Puller


def decide(office: OpenOffice, verdict: str, number: int = 1) -> None:
    office.settle()
    listed = office.client.get("/api/v1/documents", headers=office.bearer("pml01")).json()
    row: dict[str, Any] = listed["rows"][0]
    said = {
        "decision_id": str(UUID(int=number)),
        "version_position": row["current_position"],
        "verdict": verdict,
        "note": "Tanyakan lagi.",
    }
    path = f"/api/v1/documents/3375/{row['document_id']}/decisions"
    assert office.client.post(path, json=said, headers=office.bearer("pml01")).status_code == 201
    office.settle()


def test_a_returned_document_brings_its_tasks_and_a_new_version_ends_them(
    office: OpenOffice,
) -> None:
    office.send("ppl01", office.submission("a", {"owner_age": "7"}))
    decide(office, "reject")
    device, stranger = Puller(office, "ppl01"), Puller(office, "ppl02")
    device.pull()
    stranger.pull()
    (told,) = device.payloads("verdict")
    assert (told["status"], told["note"]) == ("REJECTED", "Tanyakan lagi.")
    tasks: Any = told["tasks"]
    assert tasks[0]["path"] == ""
    assert "/data/owner/owner_age" in {each["path"] for each in tasks}
    assert stranger.payloads("verdict") == []

    office.send("ppl01", office.submission("a2", edit_of="a"))
    office.settle()
    device.pull()
    assert device.payloads("verdict") == []

    decide(office, "approve", 2)
    device.pull()
    (told,) = device.payloads("verdict")
    assert (told["status"], told["tasks"]) == ("APPROVED", [])


def test_questionnaires_and_lists_are_told_and_can_be_fetched(office: OpenOffice) -> None:
    office.settle()
    device = Puller(office, "ppl01")
    device.pull()
    (form,) = device.payloads("questionnaire")
    assert (form["form_id"], form["state"]) == ("se2026_l", "published")
    for each in (form, *device.payloads("list")):
        answer = office.client.get(str(each["path"]), headers=device.login)
        assert answer.status_code == 200
        name = answer.headers["ETag"].removeprefix("W/")
        assert name == f'"{each["sha256"]}"'
        held = {**device.login, "If-None-Match": answer.headers["ETag"]}
        assert office.client.get(str(each["path"]), headers=held).status_code == 304
    assert office.client.get(str(form["path"])).status_code == 401
    missing = f"{form['path']}".replace("form.xml", "lists/none.csv")
    assert office.client.get(missing, headers=device.login).status_code == 404

    with writing(office.engine) as session:
        close(session, "se2026_l", str(form["version"]), actor="test", now=NOON)
    office.settle()
    device.pull()
    assert [(each.kind, (each.payload or {}).get("state")) for each in device.heard] == [
        ("questionnaire", "closed")
    ]
