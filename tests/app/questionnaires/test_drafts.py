"""An upload becomes a draft; a draft is tried, published, closed; what is published stays."""

from collections.abc import Mapping
from io import BytesIO
from uuid import UUID

import pytest
from openpyxl import Workbook

from app.core.db import reading, writing
from app.core.ids import named_id
from app.core.problems import NotFound
from app.questionnaires import draft_repository, drafts, repository, service
from app.questionnaires.drafts import Upload
from app.questionnaires.errors import DraftPublished, NotPublishable, VersionTaken
from app.questionnaires.models import Draft
from tests.conftest import NOON
from tests.support.office import OpenOffice

SETTINGS = [
    ["form_id", "version", "form_title", "default_language"],
    ["pasar", "2026070101", "Kios pasar", "id"],
]
SURVEY = [
    ["type", "name", "label::id", "constraint", "constraint_message::id"],
    ["text", "nama", "Nama kios", "", ""],
    ["integer", "pekerja", "Jumlah pekerja", ". >= 0", "Isi 0 atau lebih."],
]


def workbook(sheets: Mapping[str, list[list[str]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def market(version: str = "2026070101", constraint: str = ". >= 0") -> bytes:
    settings = [SETTINGS[0], ["pasar", version, *SETTINGS[1][2:]]]
    survey = [*SURVEY[:2], [*SURVEY[2][:3], constraint, SURVEY[2][4]]]
    return workbook({"settings": settings, "survey": survey})


def draft_id(name: str) -> UUID:
    return named_id("draft", name)


def uploaded(office: OpenOffice, name: str, body: bytes, file_name: str = "pasar.xlsx") -> Draft:
    with writing(office.engine) as session:
        sent = Upload(file_name, body, {})
        return drafts.take_up(session, draft_id(name), sent, "3375", actor="admin", now=NOON)


def filled(pekerja: str, name: str = "Kios Sekar") -> bytes:
    return (
        f'<data id="pasar" version="2026070101"><nama>{name}</nama><pekerja>{pekerja}</pekerja>'
        "<meta><instanceID>uuid:1</instanceID></meta></data>"
    ).encode()


def publish(office: OpenOffice, name: str) -> None:
    with writing(office.engine) as session:
        drafts.publish_draft(session, draft_id(name), "3375", note="uji", actor="admin", now=NOON)


def test_an_upload_that_compiles_can_be_published(office: OpenOffice) -> None:
    made = uploaded(office, "one", market())
    assert (made.form_id, made.version, made.title) == ("pasar", "2026070101", "Kios pasar")
    assert [each for each in made.remarks if each["severity"] == "error"] == []
    publish(office, "one")
    with reading(office.engine) as session:
        found = repository.newest(session, "pasar")
        assert found is not None
        assert (found.note, found.draft_id, found.published_by) == ("uji", made.id, "admin")
        assert [each.id for each in draft_repository.unpublished(session)] == []


def test_a_fault_stands_with_its_cell_and_nothing_is_lost(office: OpenOffice) -> None:
    body = market(constraint=". >= (")
    made = uploaded(office, "broken", body)
    assert made.xform is None
    assert made.source == body
    fault, *doubts = made.remarks
    assert fault["severity"] == "error"
    assert all(each["severity"] != "error" for each in doubts)
    assert fault["place"]["id"] == "survey, baris 3, kolom “constraint”"
    assert fault["excerpt"] == ". >= ("
    with pytest.raises(NotPublishable):
        publish(office, "broken")


@pytest.mark.parametrize("name", ["foto.png", "kosong.xlsx", "buku.md", ""])
def test_rubbish_becomes_a_draft_that_says_why(office: OpenOffice, name: str) -> None:
    made = uploaded(office, name, b"\x89PNG\r\n\x1a\n\x00rubbish", name)
    assert made.xform is None
    assert made.remarks[0]["message"]["id"]


def test_a_version_that_is_published_cannot_be_taken_by_other_content(office: OpenOffice) -> None:
    uploaded(office, "one", market())
    uploaded(office, "two", market(constraint=". >= 1"))
    publish(office, "one")
    with pytest.raises(VersionTaken):
        publish(office, "two")
    with pytest.raises(DraftPublished):
        publish(office, "one")


def test_test_submissions_are_judged_by_the_draft_and_kept_once(office: OpenOffice) -> None:
    made = uploaded(office, "one", market())
    with writing(office.engine) as session:
        kept = [
            drafts.try_out(session, made, body, actor="ppl01", now=NOON)
            for body in (filled("3"), filled("-1"), filled("3"), b"rubbish")
        ]
    assert kept == [True, True, False, True]
    with reading(office.engine) as session:
        judged = drafts.judged_trials(session, made, "3375", "id")
    assert judged[0].report is None
    told = [[each.message for each in one.report.findings] for one in judged[1:] if one.report]
    assert told == [["Isi 0 atau lebih."], []]


def test_a_discarded_draft_takes_its_test_submissions_along(office: OpenOffice) -> None:
    made = uploaded(office, "one", market())
    with writing(office.engine) as session:
        drafts.try_out(session, made, filled("3"), actor="ppl01", now=NOON)
        drafts.discard(session, made.id, actor="admin", now=NOON)
    with reading(office.engine) as session:
        assert draft_repository.trial_count(session, made.id) == 0
        with pytest.raises(NotFound):
            drafts.draft_of(session, made.id)


def test_what_is_published_is_not_discarded(office: OpenOffice) -> None:
    made = uploaded(office, "one", market())
    publish(office, "one")
    with writing(office.engine) as session, pytest.raises(DraftPublished):
        drafts.discard(session, made.id, actor="admin", now=NOON)


def test_after_closing_phones_are_offered_the_version_before(office: OpenOffice) -> None:
    uploaded(office, "one", market())
    publish(office, "one")
    with writing(office.engine) as session:
        service.close(session, "pasar", "2026070101", actor="admin", now=NOON)
    with reading(office.engine) as session:
        assert "pasar" not in {form.form_id for form in repository.offered(session)}
        assert repository.find(session, "pasar", "2026070101") is not None
    with writing(office.engine) as session, pytest.raises(NotFound):
        service.close(session, "pasar", "2026070101", actor="admin", now=NOON)


def test_a_draft_has_an_openrosa_door_of_its_own(office: OpenOffice) -> None:
    made = uploaded(office, "one", market())
    home = f"{office.openrosa('ppl01')}/draf/{made.id}"
    listed = office.client.get(f"{home}/formList")
    assert "pasar" in listed.text
    assert "pasar" not in office.client.get(f"{office.openrosa('ppl01')}/formList").text
    assert office.client.get(f"{home}/form.xml").content == made.xform
    assert "<mediaFile>" not in office.client.get(f"{home}/manifest").text
    assert office.client.request("HEAD", f"{home}/submission").status_code == 204
    files = {"xml_submission_file": ("s.xml", filled("2"), "text/xml")}
    assert office.client.post(f"{home}/submission", files=files).status_code == 201
    with reading(office.engine) as session:
        assert draft_repository.trial_count(session, made.id) == 1
    office.settle()
    listed = office.client.get("/api/v1/documents", headers=office.bearer("admin"))
    assert listed.json()["rows"] == []


def test_a_draft_with_faults_has_no_door(office: OpenOffice) -> None:
    made = uploaded(office, "broken", market(constraint=". >= ("))
    answer = office.client.get(f"{office.openrosa('ppl01')}/draf/{made.id}/formList")
    assert answer.status_code == 404
