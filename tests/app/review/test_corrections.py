"""Returned documents as tasks that stock ODK Collect receives."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core.db import writing
from app.core.ids import new_id
from app.questionnaires.service import publish
from app.review.repository import FINDING
from tests.conftest import NOON
from tests.support.collect import Phone, compiled_by_pyxform
from tests.support.office import SUB_SLS, OpenOffice, instance

TASKS = """
| survey |
| | type | name | label |
| | select_one_from_file perbaikan.csv | tugas | Tugas |
| | note | isi | ${tugas} |
| settings |
| | form_id | version | form_title |
| | perbaikan | 1 | Perbaikan |
"""


@pytest.fixture
def returned(office: OpenOffice) -> OpenOffice:
    with writing(office.engine) as session:
        publish(session, compiled_by_pyxform(TASKS), actor="test", now=NOON - timedelta(days=1))
    wrong = {"owner_age": "7", "presence": "2", "unit_id": "", "new_kind": "1"}
    assert office.send("ppl01", office.submission("a", wrong)).status_code == 201
    office.settle()
    assert tasks(office, "ppl01") == []
    verdict(office, "reject", "Umur pemilik keliru")
    return office


def verdict(office: OpenOffice, said: str, note: str) -> None:
    path = f"/api/v1/documents/3375/{instance('a')}"
    bearer = office.bearer("pml01")
    shown = office.client.get(path, headers=bearer).json()
    told = {"version_position": shown["current_position"], "verdict": said, "note": note}
    told["decision_id"] = str(new_id())
    answer = office.client.post(f"{path}/decisions", json=told, headers=bearer)
    assert answer.status_code in {200, 201}, answer.text
    office.settle()


def tasks(office: OpenOffice, user: str) -> list[dict[str, str]]:
    phone = Phone(office.client, office.openrosa(user))
    phone.update()
    body = phone.media["perbaikan"]["perbaikan.csv"]
    return list(csv.DictReader(io.StringIO(body.decode())))


def test_a_returned_document_is_a_task_for_each_question(returned: OpenOffice) -> None:
    whole, *questions = tasks(returned, "ppl01")
    assert (whole["document"], whole["note"], whole["path"]) == (
        instance("a"), "Umur pemilik keliru", "",
    )  # fmt: skip
    assert whole["__version"] == "1000001"
    assert whole["idsubsls"] == SUB_SLS
    (age,) = [task for task in questions if task["path"].endswith("/owner_age")]
    assert age["question"]
    assert age["question"] in age["label"]
    assert age["note"] in age["label"]
    assert len({task["name"] for task in (whole, *questions)}) == 1 + len(questions)


def test_an_officer_of_another_area_gets_none(returned: OpenOffice) -> None:
    assert tasks(returned, "ppl02") == []


def test_a_corrected_document_takes_its_tasks_away(returned: OpenOffice) -> None:
    ids = [task["name"] for task in tasks(returned, "ppl01")]
    url = f"{returned.openrosa('ppl01')}/entities/perbaikan/integrity?id={ids[0]}"
    assert "<deleted>false" in returned.client.get(url).text
    returned.send("ppl01", returned.submission("b", edit_of="a"))
    returned.settle()
    assert tasks(returned, "ppl01") == []
    assert "<deleted>true" in returned.client.get(url).text


def test_a_phone_learns_that_a_task_says_something_else_now(returned: OpenOffice) -> None:
    phone = Phone(returned.client, returned.openrosa("ppl01"))
    phone.update()
    with writing(returned.engine) as session:  # as after a new version of the rules
        session.execute(sa.update(FINDING).values(message="Kalimat baru"))
    phone.update()
    labels = [task.label for task in phone.entities["perbaikan"].values()]
    assert len(labels) > 1
    assert sum("Kalimat baru" in label for label in labels) == len(labels) - 1
