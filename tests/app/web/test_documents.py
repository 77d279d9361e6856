import re
from uuid import UUID

import pytest

from tests.support.asgi import Caller
from tests.support.office import SUB_SLS, OpenOffice, instance, password_of

PICTURE = b"\xff\xd8\xff\xe0 of a shop front"


def browser(office: OpenOffice, user_name: str) -> Caller:
    caller = Caller(office.client.app, base_url="http://testserver")
    form = {"user_name": user_name, "password": password_of(user_name)}
    assert caller.post("/masuk", data=form).status_code == 303
    return caller


def page_of(name: str) -> str:
    return f"/dokumen/3375/{instance(name)}"


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', text)
    assert found, name
    return found[1]


def decide(caller: Caller, name: str, verdict: str, note: str = "", **changed: str) -> int:
    text = caller.get(page_of(name)).text
    form = {
        "version_position": hidden(text, "version_position"),
        "decision_id": hidden(text, "decision_id"),
        "verdict": verdict,
        "note": note,
        **changed,
    }
    return caller.post(page_of(name), data=form).status_code


@pytest.fixture
def collected(office: OpenOffice) -> OpenOffice:
    """Two documents: one good, one with an owner of nine years."""
    office.send("ppl01", office.submission("baik"))
    office.send("ppl01", office.submission("muda", {"owner_age": "9", "owner_name": "<i>ANAK"}))
    office.settle()
    return office


def test_a_supervisor_sees_the_documents_of_her_area(collected: OpenOffice) -> None:
    text = browser(collected, "pml01").get("/dokumen").text
    assert text.count("BATIK SEKAR JLAMPRANG") == 2
    assert SUB_SLS in text
    assert "BATIK" not in browser(collected, "pml02").get("/dokumen").text


def test_documents_are_filtered(collected: OpenOffice) -> None:
    caller = browser(collected, "pml01")
    assert "BATIK" in caller.get("/dokumen?status=SUBMITTED").text
    assert "BATIK" not in caller.get("/dokumen?status=APPROVED").text
    assert caller.get("/dokumen?temuan=true").text.count("BATIK SEKAR JLAMPRANG") == 1
    assert "BATIK" not in caller.get("/dokumen?wilayah=3375010").text


def test_findings_stand_beside_their_answers(collected: OpenOffice) -> None:
    text = browser(collected, "pml01").get(page_of("muda")).text
    answer = text.split("<dd>9")[1].split("</dd>")[0]
    assert 'class="remark error"' in answer
    assert "&lt;i&gt;ANAK" in text


def test_answers_are_told_in_the_readers_language(collected: OpenOffice) -> None:
    caller = browser(collected, "pml01")
    assert "Nama usaha" in caller.get(page_of("baik")).text
    caller.get("/bahasa/en")
    text = caller.get(page_of("baik")).text
    assert "Approve" in text
    assert "Nama usaha" not in text


def test_a_document_outside_ones_area_is_not_there(collected: OpenOffice) -> None:
    caller = browser(collected, "pml02")
    assert caller.get(page_of("baik")).status_code == 404
    form = {"version_position": "1", "decision_id": str(UUID(int=1)), "verdict": "approve"}
    assert caller.post(page_of("baik"), data=form).status_code == 404
    assert browser(collected, "pml01").get(page_of("nobody")).status_code == 404


def test_approving_a_document(collected: OpenOffice) -> None:
    caller = browser(collected, "pml01")
    assert decide(caller, "baik", "approve") == 303
    collected.settle()
    text = caller.get(page_of("baik")).text
    assert '<span class="tag APPROVED">' in text
    assert "BATIK" in caller.get("/dokumen?status=APPROVED").text


def test_returning_a_document_needs_a_note(collected: OpenOffice) -> None:
    caller = browser(collected, "pml01")
    assert decide(caller, "muda", "reject") == 422
    assert decide(caller, "muda", "reject", "Periksa <umur> pemilik.") == 303
    collected.settle()
    text = caller.get(page_of("muda")).text
    assert '<span class="tag REJECTED">' in text
    assert "Periksa &lt;umur&gt; pemilik." in text


def test_what_was_typed_is_kept_when_something_is_missing(collected: OpenOffice) -> None:
    caller = browser(collected, "pml01")
    text = caller.get(page_of("baik")).text
    form = {
        "version_position": hidden(text, "version_position"),
        "decision_id": hidden(text, "decision_id"),
        "verdict": "perhaps",
        "note": "sudah ditelepon",
    }
    answer = caller.post(page_of("baik"), data=form)
    assert answer.status_code == 422
    assert "sudah ditelepon</textarea>" in answer.text
    assert hidden(answer.text, "decision_id") == form["decision_id"]


def test_the_same_decision_twice_is_one(collected: OpenOffice) -> None:
    caller = browser(collected, "pml01")
    again = {"decision_id": str(UUID(int=7))}
    assert decide(caller, "baik", "approve", **again) == 303
    assert decide(caller, "baik", "approve", **again) == 303
    collected.settle()
    text = caller.get(page_of("baik")).text
    assert text.split("Riwayat keputusan")[1].count("<strong>Disetujui</strong>") == 1


def test_who_collects_does_not_decide(collected: OpenOffice) -> None:
    caller = browser(collected, "ppl01")
    text = caller.get(page_of("baik")).text
    assert "BATIK SEKAR JLAMPRANG" in text
    assert 'name="verdict"' not in text
    form = {"version_position": "1", "decision_id": str(UUID(int=1)), "verdict": "approve"}
    assert caller.post(page_of("baik"), data=form).status_code == 403


@pytest.mark.parametrize("user", ["analis", "pemkot"])
def test_answers_are_for_the_field_alone(collected: OpenOffice, user: str) -> None:
    caller = browser(collected, user)
    assert "/dokumen" not in caller.get("/").text
    for page in ("/dokumen", page_of("baik"), "/kandidat"):
        assert caller.get(page).status_code == 403
    headers = collected.bearer(user)
    assert collected.client.get("/api/v1/documents", headers=headers).status_code == 403


def test_the_city_sees_what_was_collected(collected: OpenOffice) -> None:
    text = browser(collected, "admin").get("/").text
    assert "Kota Pekalongan" in text
    assert "1 dokumen dengan galat" in text


def test_a_file_that_did_not_come_yet_is_told_and_one_that_came_is_shown(
    office: OpenOffice,
) -> None:
    body = office.submission("a", {"front_photo": "depan.jpg"})
    office.send("ppl01", body)
    office.settle()
    caller = browser(office, "pml01")
    assert "Berkas ini belum diterima" in caller.get(page_of("a")).text
    office.send("ppl01", body, **{"depan.jpg": PICTURE})  # the next part of a form client
    text = caller.get(page_of("a")).text
    assert "Berkas ini belum diterima" not in text
    shown = re.search(r'<img class="small" src="(/foto/[^"]+)"', text)
    assert shown
    assert caller.get(shown[1]).content == PICTURE
