"""Matching through the service's own doors, and what counts and leaves because of it."""

import csv
import io
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.areas.scope import NATION, Scope
from app.core.db import reading, table_of, writing
from app.coverage.rules import Level
from app.coverage.schemas import CoverageRow
from app.coverage.service import coverage
from app.dedup.projector import APPROVED, REVIEW
from app.export.service import release
from app.intake.models import FeedChange
from app.registry.prelist import import_prelist
from app.review import projectors, rules
from tests.app.review.test_review import decide as approve
from tests.conftest import NOON
from tests.support.office import ELSEWHERE, MEDONO, SUB_SLS, OpenOffice, instance

PRELIST = f"""unit_id,idsubsls,business_name,owner_name,address,kbli,phone
IDSBR0000001,{SUB_SLS},BATIK SEKAR JLAMPRANG,SITI CONTOHWATI,GG CONTOH 3 NO 17,13134,081200000001
IDSBR0000002,{SUB_SLS},WARUNG MELATI,BUDI CONTOHNO,JL LAIN 9,56103,
""".encode()
NEW = {"presence": "2", "unit_id": "", "new_kind": "1"}
ASKED = {
    "name": "Bt. Sekar Jlamprang",
    "owner": "Ibu Siti Contohwati",
    "address": "Gg Contoh 3 No. 17",
    "kbli": "13134",
    "idsubsls": SUB_SLS,
}
DECISIONS = "/api/v1/matches/3375/decisions"


def bring_prelist(office: OpenOffice) -> None:
    with writing(office.engine) as session:
        report = import_prelist(session, PRELIST, lane="3375", actor="test", now=NOON)
    assert report.faults == ()


def leaf(office: OpenOffice, code: str = SUB_SLS) -> CoverageRow:
    with reading(office.engine) as session:
        return coverage(session, NATION, code, Level.SUB_SLS)[0]


def match(office: OpenOffice, user: str, **told: Any) -> Any:
    body = ASKED | told
    return office.client.post("/api/v1/units/match", json=body, headers=office.bearer(user))


def merge(office: OpenOffice, user: str, one: str, other: str, number: int) -> Any:
    body = {
        "decision_id": str(UUID(int=number)),
        "what": "merge",
        "left": [one],
        "right": [other],
        "reason": "satu usaha",
    }
    return office.client.post(DECISIONS, json=body, headers=office.bearer(user))


def merges_told(office: OpenOffice) -> dict[str, Any]:
    feed = table_of(FeedChange)
    wanted = sa.select(feed.c.key, feed.c.payload).where(feed.c.kind == "merge")
    with reading(office.engine) as session:
        return {key: payload for key, payload in session.execute(wanted)}  # noqa: C416 - rows


def test_a_new_business_that_is_listed_counts_once_and_again_when_parted(
    office: OpenOffice,
) -> None:
    bring_prelist(office)
    office.send("ppl01", office.submission("a", NEW))
    office.settle()
    counted = leaf(office)
    assert (counted.prelist, counted.new, counted.found, counted.submitted) == (2, 0, 1, 1)
    assert merges_told(office) == {
        instance("a"): {"unit_id": instance("a"), "merged_into": "IDSBR0000001"}
    }
    path = f"/api/v1/units/3375/{instance('a')}/business"
    told = office.client.get(path, headers=office.bearer("pml01")).json()
    assert told["unit_id"] == "IDSBR0000001"
    assert told["provenance"]["business_name"]["document_id"] == instance("a")
    assert told["values"]["latitude"] == pytest.approx(-6.917189)
    body = {
        "decision_id": str(UUID(int=1)),
        "what": "unmerge",
        "left": ["IDSBR0000001"],
        "right": [instance("a")],
    }
    done = office.client.post(DECISIONS, json=body, headers=office.bearer("pml01"))
    assert done.status_code == 201
    assert [each["unit_id"] for each in done.json()["affected"]] == [instance("a")]
    office.settle()
    counted = leaf(office)
    assert (counted.prelist, counted.new, counted.found) == (2, 1, 0)
    assert merges_told(office) == {instance("a"): None}
    undone = office.client.post(
        f"{DECISIONS}/{UUID(int=1)}/undo",
        json={"decision_id": str(UUID(int=2))},
        headers=office.bearer("pml01"),
    )
    assert undone.status_code == 201
    office.settle()
    assert leaf(office).new == 0
    path = f"/api/v1/units/3375/{instance('a')}/decisions"
    history = office.client.get(path, headers=office.bearer("pml01")).json()
    assert [(each["what"], each["is_withdrawn"]) for each in history] == [
        ("retract", False),
        ("unmerge", True),
    ]
    assert history[0]["actor_name"] == "Contoh pml01"


def test_what_is_merged_leaves_once_and_the_rest_is_told(office: OpenOffice) -> None:
    for name in "ab":
        office.send("ppl01", office.submission(name, NEW))
    office.settle()
    assert leaf(office).new == 2
    for name in "ab":
        assert approve(office, name, "approve").status_code == 201
    office.settle()
    first = merge(office, "pml01", instance("a"), instance("b"), 1)
    assert (first.json()["waits"], first.json()["affected"]) == (True, [])
    second = merge(office, "admin", instance("a"), instance("b"), 2)
    assert [each["unit_id"] for each in second.json()["affected"]] == [instance("b")]
    office.settle()
    counted = leaf(office)
    assert (counted.new, counted.approved) == (1, 1)
    with writing(office.engine) as session:
        made = release(
            session, Scope.of(["3375"]), "3375", settings=office.settings, actor="t", now=NOON
        )
    folder = office.settings.data_dir / made.path
    (main,) = [path for path in folder.glob("se2026_l-*.csv") if path.stem.count("-") == 1]
    (row,) = csv.DictReader(io.StringIO(main.read_text()))
    (gone,) = csv.DictReader(io.StringIO((folder / "dispositions.csv").read_text()))
    assert {row["document_id"], gone["document_id"]} == {instance("a"), instance("b")}
    assert gone["merged_into"] == row["document_id"]
    shown = office.client.get(
        f"/api/v1/documents/3375/{gone['document_id']}", headers=office.bearer("pml01")
    )
    assert shown.status_code == 200, "a merged unit's documents all remain"


def test_who_describes_a_business_hears_which_it_may_be(office: OpenOffice) -> None:
    bring_prelist(office)
    office.settle()
    told = match(office, "ppl01").json()
    best = told["items"][0]
    assert best["unit"]["unit_id"] == "IDSBR0000001"
    assert {each["comparison"] for each in best["reasons"] if each["bits"] > 0} >= {"owner"}
    assert match(office, "ppl01", unit_id="IDSBR0000001", limit=1).json()["items"][0]["unit"][
        "unit_id"
    ] == "IDSBR0000002"  # fmt: skip
    assert match(office, "ppl01", idsubsls=ELSEWHERE).status_code == 404
    away = match(office, "ppl02", idsubsls=MEDONO, phone="081200000001").json()["items"][0]
    assert (away["unit"]["unit_id"], away["unit"]["name"]) == (None, "BATIK SEKAR JLAMPRANG")
    assert all(each["right"] is None for each in away["reasons"])
    for user in ("pemkot", "analis"):
        assert match(office, user).status_code == 403


def test_questions_are_asked_of_those_who_see_them(office: OpenOffice) -> None:
    for name in "ab":
        office.send("ppl01", office.submission(name, NEW))
    office.settle()
    page = office.client.get("/api/v1/matches", headers=office.bearer("pml01")).json()
    (case,) = page["items"]
    assert (page["total"], case["state"], case["may_decide"]) == (1, "open", True)
    path = f"/api/v1/matches/{case['case_id']}"
    assert office.client.get(path, headers=office.bearer("pml01")).status_code == 200
    assert office.client.get(path, headers=office.bearer("pml02")).status_code == 404
    assert office.client.get("/api/v1/matches", headers=office.bearer("analis")).status_code == 403
    refused = merge(office, "ppl01", instance("a"), instance("b"), 3)
    assert refused.status_code == 403
    outside = merge(office, "pml02", instance("a"), instance("b"), 4)
    assert outside.status_code == 404


def test_verdicts_are_read_as_review_writes_them() -> None:
    assert REVIEW == projectors.REVIEW
    assert APPROVED == rules.APPROVE
