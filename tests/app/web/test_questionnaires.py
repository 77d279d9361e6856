"""The pages on which a questionnaire is uploaded, read, tried, compared, published and closed."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import writing
from app.review.revalidation import advance_revalidation
from tests.app.questionnaires.test_drafts import filled, market
from tests.conftest import NOON
from tests.support.office import OpenOffice, password_of


def log_in(office: OpenOffice, user: str) -> None:
    form = {"user_name": user, "password": password_of(user)}
    assert office.client.post("/masuk", data=form).status_code == 303


def upload(office: OpenOffice, body: bytes, name: str = "pasar.xlsx") -> Any:
    files = {"berkas": (name, body, "application/octet-stream")}
    return office.client.post("/kuesioner/unggah", files=files)


def draft_page(office: OpenOffice, body: bytes) -> str:
    answer = upload(office, body)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def published(office: OpenOffice, body: bytes) -> str:
    answer = office.client.post(f"{draft_page(office, body)}/terbitkan", data={"catatan": "uji"})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_the_thread_from_upload_to_closing(office: OpenOffice) -> None:
    log_in(office, "admin")
    page = draft_page(office, market())
    text = office.client.get(page).text
    assert "Jumlah pekerja" in text
    assert ". &gt;= 0" in text
    sent = {"kiriman": ("s.xml", filled("-5"), "text/xml")}
    assert office.client.post(f"{page}/coba", files=sent).status_code == 303
    assert "Isi 0 atau lebih." in office.client.get(page).text
    answer = office.client.post(f"{page}/terbitkan", data={"catatan": "versi pertama"})
    home = answer.headers["location"]
    assert home == "/kuesioner/pasar/2026070101"
    assert "versi pertama" in office.client.get("/kuesioner").text
    assert office.client.post(f"{home}/tutup").status_code == 303
    assert "Ditutup" in office.client.get(home).text


def test_faults_are_shown_with_row_and_column(office: OpenOffice) -> None:
    log_in(office, "admin")
    text = office.client.get(draft_page(office, market(constraint=". >= ("))).text
    assert "survey, baris 3, kolom “constraint”" in text
    assert "terbitkan" not in text


def test_two_versions_stand_side_by_side(office: OpenOffice) -> None:
    log_in(office, "admin")
    published(office, market())
    page = draft_page(office, market("2026070102", ". >= 1"))
    text = office.client.get(f"{page}/banding/2026070101").text
    assert "<mark>0</mark>" in text
    assert "<mark>1</mark>" in text
    home = published(office, market("2026070103", ". >= 2"))
    assert "<mark>2</mark>" in office.client.get(f"{home}/banding/2026070101").text
    assert office.client.get(f"{home}/banding/1999").status_code == 404


def test_a_taken_version_is_told_on_the_draft(office: OpenOffice) -> None:
    log_in(office, "admin")
    page = draft_page(office, market(constraint=". >= 1"))
    published(office, market())
    answer = office.client.post(f"{page}/terbitkan")
    assert answer.status_code == 409
    assert "Naikkan versi" in answer.text


def test_without_a_file_the_page_asks_for_one(office: OpenOffice) -> None:
    log_in(office, "admin")
    assert "Pilih dahulu" in office.client.post("/kuesioner/unggah").text
    page = draft_page(office, market())
    assert office.client.post(f"{page}/coba").status_code == 422


def test_the_uploaded_file_comes_back_as_it_was(office: OpenOffice) -> None:
    log_in(office, "admin")
    body = market()
    answer = office.client.get(f"{draft_page(office, body)}/berkas")
    assert answer.content == body
    assert "pasar.xlsx" in answer.headers["content-disposition"]


def test_a_draft_is_thrown_away(office: OpenOffice) -> None:
    log_in(office, "admin")
    page = draft_page(office, market())
    assert office.client.post(f"{page}/hapus").status_code == 303
    assert office.client.get(page).status_code == 404


def test_documents_are_checked_again_by_a_draft(office: OpenOffice) -> None:
    log_in(office, "admin")
    asked = {"form_id": "se2026_l", "versi": newest_version(office), "dari": ""}
    answer = office.client.post("/kuesioner/periksa-ulang", data=asked)
    page = answer.headers["location"]
    assert 'http-equiv="refresh"' in office.client.get(page).text
    while advance_revalidation(office.engine, NOON):
        pass
    text = office.client.get(page).text
    assert "Tidak ada temuan yang berubah." in text
    csv = office.client.get(f"{page}/perubahan.csv").text
    assert csv == "document_id,change,severity,rule,path,message\r\n"


def newest_version(office: OpenOffice) -> str:
    text = office.client.get("/kuesioner").text
    found = re.search(r"/kuesioner/se2026_l/(\w+)", text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("user", ["ppl01", "pml01", "analis"])
def test_others_read_but_do_not_change(office: OpenOffice, user: str) -> None:
    log_in(office, user)
    text = office.client.get("/kuesioner").text
    assert "se2026_l" in text
    assert "Unggah" not in text
    assert upload(office, market()).status_code == 403
    assert office.client.post("/kuesioner/se2026_l/2026061501/tutup").status_code == 403


def test_the_government_viewer_has_no_business_here(office: OpenOffice) -> None:
    log_in(office, "pemkot")
    assert office.client.get("/kuesioner").status_code == 403


def test_an_unknown_version_or_draft_is_not_found(office: OpenOffice) -> None:
    log_in(office, "admin")
    assert office.client.get("/kuesioner/se2026_l/1999").status_code == 404
    unknown = "/kuesioner/draf/00000000-0000-4000-8000-000000000000"
    assert office.client.get(unknown).status_code == 404
    assert office.client.get("/kuesioner/draf/nothing").status_code == 422


def test_hostile_names_are_shown_as_text(office: OpenOffice) -> None:
    log_in(office, "admin")
    answer = upload(office, b"rubbish", "../<script>alert(1)</script>.xlsx")
    text = office.client.get(answer.headers["location"]).text
    assert "<script>alert" not in text


def test_a_draft_that_the_engine_takes_no_more_can_still_be_thrown_away(office: OpenOffice) -> None:
    log_in(office, "admin")
    page = draft_page(office, market())
    with writing(office.engine) as session:
        session.execute(sa.text("UPDATE questionnaire_draft SET xform = '<old/>'"))
    told = office.client.get(page)
    assert told.status_code == 200
    assert "belum dapat diterbitkan" in told.text
    assert office.client.post(f"{page}/terbitkan").status_code == 422
    assert office.client.post(f"{page}/hapus").status_code == 303
