"""The review desk in a browser without scripts: what is shown, what an answer does, who may."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.app.web.test_documents import browser, decide, hidden, instance, page_of
from tests.support.asgi import Caller
from tests.support.office import ELSEWHERE, OpenOffice

PICTURE = b"\x89PNG\r\n\x1a\n invented"


@pytest.fixture
def desk(office: OpenOffice) -> OpenOffice:
    """Two documents of one officer, with two unit numbers, that say the same of everything."""
    body = office.submission("baik", {"front_photo": "depan.png"})
    office.send("ppl01", body, **{"depan.png": PICTURE})
    office.send("ppl01", office.submission("lagi", {"unit_id": "IDSBR0000002"}))
    office.settle()
    return office


@pytest.fixture
def unlike(office: OpenOffice) -> OpenOffice:
    """Two documents that differ in a letter of the name, in the number and in the phone."""
    office.send("ppl01", office.submission("baik"))
    told = {
        "unit_id": "IDSBR0000002",
        "business_name": "BATIK SEKAR JLAMPANG",
        "block_no": "",
        "geotag": "-6.917289 109.667401 12.0 9.0",
    }
    office.send("ppl01", office.submission("lagi", told))
    office.settle()
    return office


def case_of(caller: Caller) -> str:
    """Give the address of the first question in the queue."""
    found = re.search(r'href="(/kandidat/[0-9a-f]{32})"', caller.get("/kandidat").text)
    assert found
    return found[1]


def answer(caller: Caller, address: str, jawaban: str, **more: str) -> Caller:
    form = {"decision_id": hidden(caller.get(address).text, "decision_id"), "jawaban": jawaban}
    response = caller.post(address, data=form | more)
    assert response.status_code == 303, response.text
    return caller.get(unescape(response.headers["location"]))


def undo(caller: Caller, text: str) -> str:
    toast = text.split("data-toast")[1]
    names = ("lane", "decision", "decision_id")
    form = {name: hidden(toast, name) for name in names}
    form["kasus"] = re.search(r'name="kasus" value="([^"]*)"', toast)[1]  # type: ignore[index]
    response = caller.post("/kandidat/batal", data=form)
    assert response.status_code == 303
    return caller.get(response.headers["location"]).text


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)


def test_two_records_stand_side_by_side(unlike: OpenOffice) -> None:
    caller = browser(unlike, "pml01")
    text = caller.get(case_of(caller)).text
    assert "BATIK SEKAR JLAMP<mark>R</mark>ANG" in text
    assert '<span class="verdict">sama</span>' in text  # the owner
    assert '<span class="verdict">berbeda</span>' in text
    assert "Jarak 12 m" in text
    assert text.count('class="reach') == 2
    assert "nama berbeda satu huruf" in text
    assert "Contoh ppl01" in text
    assert "1 tersisa" in text
    caller.get("/bahasa/en")
    text = caller.get(case_of(caller)).text
    assert "One business or two?" in text
    assert "names differ in one letter" in text
    assert "Apakah" not in text


def test_who_may_not_see_or_decide(desk: OpenOffice) -> None:
    address = case_of(browser(desk, "pml01"))
    form = {"decision_id": str(UUID(int=1)), "jawaban": "same"}
    for user, seen, said in (("pml02", 404, 404), ("pemkot", 403, 403), ("analis", 403, 403)):
        caller = browser(desk, user)
        assert caller.get(address).status_code == seen
        assert caller.post(address, data=form).status_code == said
        assert caller.get("/usaha/3375/IDSBR0000001").status_code == seen
    officer = browser(desk, "ppl01")
    assert 'name="jawaban"' not in officer.get(address).text
    assert officer.post(address, data=form).status_code == 403
    assert officer.get("/kandidat/kembar").status_code == 403


def test_of_a_unit_elsewhere_only_the_name_is_told(office: OpenOffice) -> None:
    office.send("ppl01", office.submission("baik"))
    told = {"unit_id": "IDSBR0000002", "idsubsls": ELSEWHERE, "kelurahan": ELSEWHERE[:10]}
    office.send("ppl02", office.submission("lagi", told | {"owner_age": "47"}))
    office.settle()
    address = case_of(browser(office, "admin"))
    assert "Contoh ppl02" in browser(office, "admin").get(address).text
    caller = browser(office, "pml01")
    text = caller.get(address).text
    assert "Di luar wilayah kerja Anda." in text
    assert text.count("081200000001") == 1
    assert "Contoh ppl02" not in text
    assert "IDSBR0000002" not in text
    assert 'name="jawaban"' not in text
    form = {"decision_id": str(UUID(int=1)), "jawaban": "same"}
    assert caller.post(address, data=form).status_code == 404
    assert caller.get("/usaha/3375/IDSBR0000002").status_code == 404


def test_the_same_is_undone_and_said_again(desk: OpenOffice) -> None:
    caller = browser(desk, "pml01")
    address = case_of(caller)
    done = answer(caller, address, "same")
    assert "Usaha yang sama" in done.text.split("data-toast")[1].split("</p>")[0]
    assert caller.get(address).status_code == 404
    business = caller.get("/usaha/3375/IDSBR0000002").text
    assert "catatan: 2" in business or "2 catatan" in business
    assert "SITI CONTOHWATI" in business
    back = undo(caller, done.text)
    assert "Satu usaha atau dua?" in back
    assert "dibatalkan" in back
    answer(caller, address, "different")
    assert caller.get(address).status_code == 404
    assert "0 pertanyaan" in caller.get("/kandidat").text


def test_a_record_is_parted_from_its_business(desk: OpenOffice) -> None:
    caller = browser(desk, "pml01")
    answer(caller, case_of(caller), "same")
    page = "/usaha/3375/IDSBR0000001"
    form = {"decision_id": hidden(caller.get(page).text, "decision_id"), "pisah": "IDSBR0000002"}
    response = caller.post(page, data=form)
    assert response.status_code == 303
    assert "1 catatan" in caller.get(response.headers["location"]).text
    assert caller.post(page, data=form | {"decision_id": str(UUID(int=4))}).status_code == 404


def test_the_field_is_asked(desk: OpenOffice) -> None:
    caller = browser(desk, "pml01")
    address = case_of(caller)
    text = caller.get(address).text
    form = {
        "decision_id": hidden(text, "decision_id"),
        "left_position": hidden(text, "left_position"),
        "right_position": hidden(text, "right_position"),
        "jawaban": "ask",
        "dokumen": "right",
    }
    assert caller.post(address, data=form | {"alasan": " "}).status_code == 422
    assert caller.post(address, data=form | {"alasan": "Satu <toko>?"}).status_code == 303
    desk.settle()
    rejected = caller.get("/dokumen?status=REJECTED").text
    assert rejected.count("BATIK SEKAR JLAMPRANG") == 1
    assert address in caller.get("/kandidat?keadaan=deferred").text
    assert "0 pertanyaan" in caller.get("/kandidat").text
    assert "Satu &lt;toko&gt;?" in caller.get(address).text


def test_twins_are_joined_at_once(desk: OpenOffice) -> None:
    caller = browser(desk, "pml01")
    text = caller.get("/kandidat/kembar").text
    form = {"batch": hidden(text, "batch"), "kasus": [hidden(text, "kasus"), "0" * 32]}
    told = caller.post("/kandidat/kembar", data=form).text
    assert "1 pasangan diputuskan" in told
    assert "1 pasangan tidak lagi kembar" in told
    assert "Tidak ada kembar persis" in told
    assert "0 pasangan diputuskan" in caller.post("/kandidat/kembar", data=form).text
    assert "2 catatan" in caller.get("/usaha/3375/IDSBR0000001").text


def test_who_differs_in_anything_is_no_twin(unlike: OpenOffice) -> None:
    assert "Tidak ada kembar persis" in browser(unlike, "pml01").get("/kandidat/kembar").text


def test_four_eyes_see_an_approved_document(desk: OpenOffice) -> None:
    caller, admin = browser(desk, "pml01"), browser(desk, "admin")
    assert decide(caller, "baik", "approve") == 303
    desk.settle()
    address = case_of(caller)
    assert "dua orang harus memutuskan sama" in caller.get(address).text
    answer(caller, address, "same")
    mine, theirs = caller.get(address).text, admin.get(address).text
    assert "Contoh pml01 telah memutuskan: Usaha yang sama" in theirs
    assert mine.count(' disabled aria-describedby="pertama"') == 2
    assert " disabled" not in theirs
    answer(admin, address, "same")
    assert admin.get(address).status_code == 404


def test_photos_are_for_those_who_may_see_the_document(desk: OpenOffice) -> None:
    caller = browser(desk, "pml01")
    found = re.search(r'<img src="(/foto/[^"]+)"', caller.get(case_of(caller)).text)
    assert found
    picture = caller.get(found[1])
    assert picture.content == PICTURE
    assert picture.headers["content-type"] == "image/png"
    assert browser(desk, "pml02").get(found[1]).status_code == 404
    assert browser(desk, "pemkot").get(found[1]).status_code == 403
    assert 'href="/usaha/3375/IDSBR0000001"' in caller.get(page_of("baik")).text
    other = f"/foto/3375/{'0' * 64}/{instance('baik')}"
    assert caller.get(other).status_code == 404


def test_a_photo_that_came_with_a_later_part_is_shown_as_well(desk: OpenOffice) -> None:
    body = desk.submission("baik", {"front_photo": "depan.png"})
    desk.send("ppl01", body, **{"samping.png": PICTURE + b" later"})
    desk.send("ppl01", desk.submission("lain"), **{"lain.png": PICTURE + b" of another"})
    caller = browser(desk, "pml01")
    for path in (case_of(caller), "/usaha/3375/IDSBR0000001"):
        found = re.findall(r'<img[^>]* src="(/foto/[^"]+)"', caller.get(path).text)
        pictures = [caller.get(each).content for each in found]
        assert pictures == [PICTURE, PICTURE + b" later"], path


def test_a_page_costs_a_fixed_number_of_statements(desk: OpenOffice) -> None:
    caller = browser(desk, "pml01")
    desk.send("ppl01", desk.submission("tiga", {"unit_id": "IDSBR0000003"}))
    desk.settle()
    sent = []
    for path in ("/kandidat", "/kandidat/kembar", case_of(caller), "/usaha/3375/IDSBR0000001"):
        with counted(desk.engine) as statements:
            assert caller.get(path).status_code == 200
        sent.append(len([text for text in statements if "FROM account" not in text]))
    assert sent == [4, 2, 15, 10]


def test_skipping_leads_through_the_queue_to_its_end(desk: OpenOffice) -> None:
    desk.send("ppl01", desk.submission("tiga", {"unit_id": "IDSBR0000003"}))
    desk.settle()
    caller = browser(desk, "pml01")
    seen, goal = [], "/kandidat/berikut"
    while goal != "/kandidat":
        goal = caller.get(goal).headers["location"]
        if goal == "/kandidat":
            break
        seen.append(goal)
        skip = re.search(r'href="([^"]+)" data-key="l"', caller.get(goal).text)
        assert skip
        goal = unescape(skip[1])
    assert len(seen) == len(set(seen)) >= 2


def test_words_that_contradict_one_another_are_shown(desk: OpenOffice) -> None:
    desk.send("ppl01", desk.submission("tiga", {"unit_id": "IDSBR0000003"}))
    desk.settle()
    first, second, third = (f"IDSBR000000{number}" for number in (1, 2, 3))
    said = (("merge", first, second), ("merge", second, third), ("unmerge", first, third))
    for number, (what, left, right) in enumerate(said, 1):
        told = {
            "decision_id": str(UUID(int=number)),
            "what": what,
            "left": [left],
            "right": [right],
        }
        headers = desk.bearer("pml01" if what == "merge" else "admin")
        answered = desk.client.post(
            "/api/v1/matches/3375/decisions", json=told | {"reason": "kata"}, headers=headers
        )
        assert answered.status_code == 201, answered.text
    caller = browser(desk, "pml01")
    assert "Keputusan bertentangan" in caller.get("/kandidat").text
    text = caller.get(case_of(caller)).text
    assert "Keputusan orang bertentangan." in text
    assert "Usaha berbeda: Contoh admin" in text


def test_the_word_of_an_officer_is_shown_with_the_question(office: OpenOffice) -> None:
    twin = {"unit_id": "IDSBR0000002", "presence": "4", "duplicate_of": "IDSBR0000001"}
    office.send("ppl01", office.submission("baik"))
    office.send("ppl01", office.submission("ganda", twin))
    office.settle()
    caller = browser(office, "pml01")
    assert "Kata petugas: ganda" in caller.get("/kandidat").text
    address = case_of(caller)
    text = re.sub(r"<[^>]+>", "", caller.get(address).text)
    assert "B ganda dengan A, yaitu usaha yang sama" in text
    assert "(Contoh ppl01, 1 Jul 2026" in text
    answer(caller, address, "different")
    assert caller.get(address).status_code == 404
