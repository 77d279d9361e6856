"""The same thread for programs."""

from tests.app.questionnaires.test_drafts import market
from tests.support.office import OpenOffice

HOME = "/api/v1/questionnaires"


def test_a_program_uploads_publishes_and_closes(office: OpenOffice) -> None:
    admin = office.bearer("admin")
    files = {"source": ("pasar.xlsx", market(), "application/octet-stream")}
    made = office.client.post(f"{HOME}/drafts", files=files, headers=admin)
    assert made.status_code == 201
    told = made.json()
    assert (told["form_id"], told["compiles"], told["is_published"]) == ("pasar", True, False)
    draft = f"{HOME}/drafts/{told['id']}"
    done = office.client.post(f"{draft}/publish", json={"note": "uji"}, headers=admin)
    assert done.json()["new"] is True
    assert office.client.get(draft, headers=admin).json()["is_published"] is True
    listed = office.client.get(HOME, headers=office.bearer("ppl01")).json()
    assert ("pasar", "published") in {(each["form_id"], each["state"]) for each in listed}
    closed = office.client.post(f"{HOME}/pasar/2026070101/close", headers=admin)
    assert closed.status_code == 204
    again = office.client.post(f"{HOME}/pasar/2026070101/close", headers=admin)
    assert again.status_code == 404


def test_faults_come_as_data(office: OpenOffice) -> None:
    admin = office.bearer("admin")
    files = {"source": ("pasar.xlsx", market(constraint="(("), "application/octet-stream")}
    told = office.client.post(f"{HOME}/drafts", files=files, headers=admin).json()
    assert told["compiles"] is False
    assert told["remarks"][0]["place"]["en"].startswith("survey, row 3")
    draft = f"{HOME}/drafts/{told['id']}"
    refused = office.client.post(f"{draft}/publish", json={}, headers=admin)
    assert refused.status_code == 422
    assert refused.json()["code"] == "invalid"
    assert office.client.request("DELETE", draft, headers=admin).status_code == 204
    assert office.client.get(draft, headers=admin).status_code == 404


def test_officers_do_not_upload(office: OpenOffice) -> None:
    files = {"source": ("pasar.xlsx", market(), "application/octet-stream")}
    answer = office.client.post(f"{HOME}/drafts", files=files, headers=office.bearer("ppl01"))
    assert answer.status_code == 403
