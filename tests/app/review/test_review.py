from datetime import timedelta
from typing import Any
from uuid import uuid5

import pytest
import sqlalchemy as sa

from app.core.db import reading
from app.core.ids import NAMESPACE
from app.intake.projector import advance
from app.intake.repository import walk
from app.review.projectors import DocumentsProjector
from tests.conftest import NOON
from tests.support.office import ELSEWHERE, MEDONO, OpenOffice, instance


def listed(office: OpenOffice, user: str = "pml01", **filters: Any) -> list[dict[str, Any]]:
    answer = office.client.get("/api/v1/documents", params=filters, headers=office.bearer(user))
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


def read(office: OpenOffice, name: str, user: str = "pml01", **headers: str) -> Any:
    path = f"/api/v1/documents/3375/{instance(name)}"
    return office.client.get(path, headers={**office.bearer(user), **headers})


def decide(office: OpenOffice, name: str, verdict: str, user: str = "pml01", **more: Any) -> Any:
    position = more.pop("position", None) or read(office, name).json()["current_position"]
    said = {
        "decision_id": str(uuid5(NAMESPACE, f"{name}{verdict}{position}")),
        "version_position": position,
        "verdict": verdict,
        "note": more.get("note", "Mohon diperbaiki."),
    }
    path = f"/api/v1/documents/3375/{instance(name)}/decisions"
    answer = office.client.post(path, json=said, headers=office.bearer(user))
    office.settle()
    return answer


@pytest.fixture
def filed(office: OpenOffice) -> OpenOffice:
    """An office with a sound document `a`, one with findings `b`, and one of elsewhere `c`."""
    office.send("ppl01", office.submission("a"))
    office.send("ppl01", office.submission("b", {"workers_paid": "9", "owner_age": "7"}))
    office.send("ppl02", office.submission("c", {"kelurahan": MEDONO, "idsubsls": ELSEWHERE}))
    office.settle()
    return office


def test_every_answer_is_checked_again(filed: OpenOffice) -> None:
    rows = {row["document_id"]: row for row in listed(filed)}
    assert rows[instance("a")]["error_count"] == 0
    detail = read(filed, "b").json()
    told = {
        (remark["path"].rpartition("/")[2], remark["rule"])
        for section in detail["sections"]
        for answer in section["answers"]
        for remark in answer["remarks"]
    }
    assert {("workers_paid", "constraint"), ("owner_age", "constraint")} <= {
        (path, rule) for path, rule in told
    } or {("workers_unpaid", "constraint"), ("owner_age", "constraint")} <= told


def test_answers_are_told_in_words_in_the_readers_language(filed: OpenOffice) -> None:
    def labels(language: str) -> dict[str, str]:
        detail = read(filed, "a", **{"Accept-Language": language}).json()
        return {
            answer["path"].rpartition("/")[2]: f"{answer['label']}: {answer['value']}"
            for section in detail["sections"]
            for answer in section["answers"]
        }

    indonesian, english = labels("id"), labels("en")
    assert indonesian["legal_form"] != english["legal_form"]
    assert "13134" in indonesian["kbli"]
    assert indonesian["kbli"].count("(13134)") == 1


def test_a_document_outside_the_area_does_not_exist(filed: OpenOffice) -> None:
    assert {row["document_id"] for row in listed(filed)} == {instance("a"), instance("b")}
    assert read(filed, "c").status_code == 404
    assert decide(filed, "c", "approve", position=3).status_code == 404
    assert {row["document_id"] for row in listed(filed, "pml02")} == {instance("c")}


@pytest.mark.parametrize("user", ["pemkot"])
def test_the_government_sees_no_document(filed: OpenOffice, user: str) -> None:
    for path in ("/api/v1/documents", f"/api/v1/documents/3375/{instance('a')}"):
        assert filed.client.get(path, headers=filed.bearer(user)).status_code == 403
    assert filed.client.get("/api/v1/documents").status_code == 401


def test_an_officer_reads_but_does_not_decide(filed: OpenOffice) -> None:
    assert read(filed, "a", "ppl01").status_code == 200
    assert decide(filed, "a", "approve", "ppl01").status_code == 403


def test_a_decision_is_an_entry_and_the_same_again_changes_nothing(filed: OpenOffice) -> None:
    first, again = decide(filed, "a", "approve"), decide(filed, "a", "approve")
    assert (first.json()["outcome"], again.json()["outcome"]) == ("stored", "duplicate")
    assert [row["status"] for row in listed(filed, status="APPROVED")] == ["APPROVED"]
    with reading(filed.engine) as session:
        kinds = [entry.kind for entry in walk(session, "3375")]
    assert kinds.count("review") == 1


def test_a_correction_waits_for_a_new_decision(filed: OpenOffice) -> None:
    decide(filed, "b", "reject")
    assert read(filed, "b").json()["status"] == "REJECTED"
    filed.send("ppl01", filed.submission("b2", edit_of="b", at=NOON - timedelta(hours=1)))
    filed.settle()
    detail = read(filed, "b").json()
    assert (detail["status"], len(detail["versions"])) == ("SUBMITTED", 2)
    assert read(filed, "b2").status_code == 404
    decide(filed, "b", "approve")
    assert [each["is_effective"] for each in read(filed, "b").json()["decisions"]] == [False, True]


def test_a_rival_is_shown_and_does_not_take_over(filed: OpenOffice) -> None:
    decide(filed, "a", "approve")
    filed.send("ppl01", filed.submission("a", {"business_name": "NAMA LAIN"}))
    filed.settle()
    detail = read(filed, "a").json()
    assert detail["status"] == "APPROVED"
    assert [each["is_rival"] for each in detail["versions"]] == [False, True]
    assert [each["is_current"] for each in detail["versions"]] == [True, False]


@pytest.mark.parametrize(
    ("verdict", "note", "code"),
    [
        ("maybe", "x", "bad_verdict"),
        ("reject", "  ", "note_missing"),
        ("reject", "x" * 3000, "note_too_long"),
    ],
)
def test_a_decision_that_says_too_little_is_told_what_is_missing(
    filed: OpenOffice, verdict: str, note: str, code: str
) -> None:
    answer = decide(filed, "a", verdict, note=note)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_decision_speaks_of_a_version_of_this_document(filed: OpenOffice) -> None:
    assert decide(filed, "a", "approve", position=2).status_code == 404


def test_lists_go_on_behind_a_cursor_without_a_cap(filed: OpenOffice) -> None:
    for number in range(7):
        filed.send("ppl01", filed.submission(f"n{number}"))
    filed.settle()
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = filed.client.get(
            "/api/v1/documents",
            params={"limit": 2, "cursor": cursor},
            headers=filed.bearer("admin"),
        ).json()
        found += [row["document_id"] for row in answer["rows"]]
        cursor = answer["next_cursor"]
    assert len(found) == len(set(found)) == 10


def test_a_note_holds_what_a_database_can(filed: OpenOffice) -> None:
    assert decide(filed, "a", "reject", note="\x00 ").json()["code"] == "note_missing"
    assert decide(filed, "a", "reject", note="Periksa\x00 lagi.\nTerima kasih").status_code == 201
    (said,) = read(filed, "a").json()["decisions"]
    assert said["note"] == "Periksa lagi.\nTerima kasih"


@pytest.mark.parametrize("cursor", ["x", "3375", "3375.x", "3375.²", "3375.99999999999999999999"])
def test_a_foreign_cursor_is_told_so(office: OpenOffice, cursor: str) -> None:
    answer = office.client.get(
        "/api/v1/documents", params={"cursor": cursor}, headers=office.bearer("admin")
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


def test_only_documents_with_findings_are_listed_when_asked(filed: OpenOffice) -> None:
    rows = listed(filed, with_findings=True)
    assert [row["document_id"] for row in rows] == [instance("b")]


def test_what_no_published_form_explains_is_stored_with_a_finding(office: OpenOffice) -> None:
    body = (
        b"<data id='se2026_l' version='1999'><meta><instanceID>uuid:old</instanceID></meta></data>"
    )
    office.send("ppl01", body)
    office.settle()
    (row,) = listed(office, "admin")
    detail = office.client.get(
        f"/api/v1/documents/3375/{row['document_id']}", headers=office.bearer("admin")
    ).json()
    assert [each["rule"] for each in detail["remarks"]] == ["area", "form"]
    assert row["area_code"] == "3375"
    assert listed(office, "pml01") == []


def test_a_clock_that_runs_ahead_is_a_finding(office: OpenOffice) -> None:
    office.send("ppl01", office.submission("late", at=NOON + timedelta(days=2)))
    office.settle()
    detail = read(office, "late").json()
    assert "clock" in {each["rule"] for each in detail["remarks"]}


def test_a_page_of_documents_costs_one_statement(filed: OpenOffice) -> None:
    from app.auth.scope import Scope
    from app.review.service import documents

    statements: list[str] = []
    sa.event.listen(filed.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with reading(filed.engine) as session:
        documents(session, Scope.of(["3375"]))
    assert len([each for each in statements if each.startswith("SELECT document")]) == 1
    assert len(statements) == 1


def test_answers_that_nobody_checked_do_not_look_sound(office: OpenOffice) -> None:
    office.send("ppl01", office.submission("a"))
    advance(office.engine, DocumentsProjector(), "3375")
    assert [each["rule"] for each in read(office, "a").json()["remarks"]] == ["unchecked"]
    office.settle()
    assert read(office, "a").json()["remarks"] == []


@pytest.mark.parametrize(
    ("answers", "unit_id"),
    [
        ({"unit_id": "IDSBR0000001"}, "IDSBR0000001"),
        ({"unit_id": "with a space"}, instance("a")),
        ({"unit_id": "9" * 251}, instance("a")),
        ({"unit_id": "IDSBR0000001", "presence": "2", "new_kind": "1"}, instance("a")),
    ],
)
def test_a_document_and_the_registry_name_the_same_unit(
    office: OpenOffice, answers: dict[str, str], unit_id: str
) -> None:
    office.send("ppl01", office.submission("a", answers))
    office.settle()
    with reading(office.engine) as session:
        told = session.execute(sa.text("SELECT unit_id FROM document")).scalars().all()
        known = session.execute(sa.text("SELECT unit_id FROM unit")).scalars().all()
    assert (told, known) == ([unit_id], [unit_id])


def test_a_presence_that_is_none_stays_out_of_the_document(office: OpenOffice) -> None:
    office.send("ppl01", office.submission("a", {"presence": "x" * 10_000}))
    office.settle()
    (row,) = listed(office)
    assert row["presence"] == ""
