"""The page of announcements: who writes, who reads, what is shown of each."""

import re

import pytest

from tests.support.office import JENGGOT, OpenOffice, password_of


def enter(office: OpenOffice, user: str) -> None:
    told = {"user_name": user, "password": password_of(user)}
    assert office.client.post("/masuk", data=told).status_code == 303


def write(office: OpenOffice, **told: str) -> int:
    shown = office.client.get("/pengumuman").text
    (name,) = re.findall(r'name="id" value="(.*?)"', shown) or ["0" * 32]
    days = {"dari": "2026-07-01", "sampai": "2026-07-02"}
    said = {"id": name, "wilayah": JENGGOT, "judul": "Rapat <b>", "isi": "Satu\nDua", **days}
    answer = office.client.post("/pengumuman", data={**said, **told})
    office.settle()
    return answer.status_code


def test_what_is_written_is_read_by_those_who_work_there(office: OpenOffice) -> None:
    enter(office, "pml01")
    assert write(office) == 303
    assert "Rapat &lt;b&gt;" in office.client.get("/pengumuman").text
    enter(office, "ppl01")
    shown = office.client.get("/pengumuman").text
    assert "Rapat &lt;b&gt;" in shown
    assert "<textarea" not in shown
    enter(office, "ppl02")
    assert "Belum ada pengumuman" in office.client.get("/pengumuman").text


def test_what_is_missing_is_said_and_what_was_typed_is_kept(office: OpenOffice) -> None:
    enter(office, "pml01")
    assert write(office, sampai="2026-06-30", isi="Panjang sekali") == 422
    days = {"dari": "2026-07-02", "sampai": "2026-07-01"}
    said = {"id": "0" * 32, "wilayah": JENGGOT, "judul": "Rapat", "isi": "Ditulis", **days}
    text = office.client.post("/pengumuman", data=said).text
    assert "Tanggal akhir mendahului tanggal mulai" in text
    assert ">Ditulis</textarea>" in text


def test_it_is_taken_back(office: OpenOffice) -> None:
    enter(office, "pml01")
    write(office)
    (path,) = re.findall(r'action="(/pengumuman/.*?/cabut)"', office.client.get("/pengumuman").text)
    enter(office, "pml02")
    assert office.client.post(path).status_code == 404
    enter(office, "pml01")
    assert office.client.post(path).status_code == 303
    office.settle()
    assert "dicabut" in office.client.get("/pengumuman").text
    enter(office, "ppl01")
    assert "Rapat" not in office.client.get("/pengumuman").text


@pytest.mark.parametrize(("user", "status"), [("ppl01", 403), ("pml02", 403), ("pemkot", 403)])
def test_others_announce_nothing(office: OpenOffice, user: str, status: int) -> None:
    enter(office, user)
    assert write(office) == status
