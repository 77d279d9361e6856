"""Who works where: said by supervisors, kept in the journal, heard by old and new officers."""

from typing import Any
from uuid import UUID

import pytest

from app.auth.repository import Whereabouts, by_user_name, set_areas
from app.core.db import reading, writing
from app.projections import rebuild_all
from app.registry.prelist import import_prelist
from tests.conftest import NOON
from tests.support.office import ELSEWHERE, JENGGOT, SUB_SLS, OpenOffice
from tests.support.pulling import Puller

PRELIST = f"""unit_id,idsubsls,business_name,owner_name,address,kbli
IDSBR0000001,{SUB_SLS},BATIK SEKAR,SITI CONTOHWATI,GG CONTOH 3,13134
IDSBR0000009,{ELSEWHERE},TOKO CONTOH,ANI CONTOHWATI,JL CONTOH 1,47111
""".encode()


@pytest.fixture
def field(office: OpenOffice) -> OpenOffice:
    """An office with a prelist of one unit in each sub-SLS."""
    with writing(office.engine) as session:
        import_prelist(session, PRELIST, lane="3375", actor="test", now=NOON)
    office.settle()
    return office


def assign(office: OpenOffice, by: str, *pairs: tuple[str, str | None], decision: int = 1) -> Any:
    told = {
        "decision_id": str(UUID(int=decision)),
        "assignments": [{"idsubsls": code, "officer": officer} for code, officer in pairs],
    }
    answer = office.client.post("/api/v1/assignments", json=told, headers=office.bearer(by))
    office.settle()
    return answer


def areas(office: OpenOffice, user: str) -> tuple[str, ...]:
    with reading(office.engine) as session:
        known = by_user_name(session, user)
    assert known is not None
    return known.areas


def units(device: Puller) -> set[object]:
    device.pull()
    return {each["unit_id"] for each in device.payloads("unit")}


def test_work_changes_hands(field: OpenOffice) -> None:
    old, new = Puller(field, "ppl02"), Puller(field, "ppl01")
    assert assign(field, "admin", (ELSEWHERE, "ppl02")).status_code == 201
    assert units(old) == {"IDSBR0000009"}
    assert units(new) == {"IDSBR0000001"}
    assert [each["idsubsls"] for each in old.payloads("assignment")] == [ELSEWHERE]

    assert assign(field, "admin", (ELSEWHERE, "ppl01"), decision=2).status_code == 201
    assert units(old) == set()
    assert {kind for kind, _ in old.kept} == {"questionnaire", "list"}
    told = {(each.kind, each.payload is None) for each in old.heard}
    assert told == {("area", True), ("assignment", True)}
    assert units(new) == {"IDSBR0000001", "IDSBR0000009"}
    assert (set(areas(field, "ppl01")), areas(field, "ppl02")) == ({SUB_SLS, ELSEWHERE}, ())
    assert field.send("ppl02", field.submission("late")).status_code == 201


def test_a_swap_is_one_decision_and_the_same_again_is_none(field: OpenOffice) -> None:
    swap = ((SUB_SLS, "ppl02"), (ELSEWHERE, "ppl01"))
    first = assign(field, "admin", *swap).json()
    assert [each["outcome"] for each in first] == ["stored", "stored"]
    assert (areas(field, "ppl01"), areas(field, "ppl02")) == ((ELSEWHERE,), (SUB_SLS,))
    again = assign(field, "admin", *swap).json()
    assert [each["outcome"] for each in again] == ["duplicate", "duplicate"]


def test_who_has_nothing_left_is_given_work_where_he_belongs(field: OpenOffice) -> None:
    assign(field, "admin", (SUB_SLS, None))
    assert areas(field, "ppl01") == ()
    assign(field, "pml01", (SUB_SLS, "ppl01"), decision=2)
    assert areas(field, "ppl01") == (SUB_SLS,)
    listed = field.client.get(
        "/api/v1/assignments", params={"area": JENGGOT}, headers=field.bearer("pml01")
    ).json()
    assert [(each["idsubsls"], each["officer"]) for each in listed["items"]] == [(SUB_SLS, "ppl01")]
    assert listed["next_after"] is None


def test_who_had_a_whole_kelurahan_keeps_the_rest(field: OpenOffice) -> None:
    with writing(field.engine) as session:
        known = by_user_name(session, "ppl01")
        assert known is not None
        set_areas(session, {known.id: Whereabouts({JENGGOT, ELSEWHERE}, "")})
    assign(field, "admin", (ELSEWHERE, "ppl02"))
    assert areas(field, "ppl01") == (JENGGOT,)
    assign(field, "admin", (SUB_SLS, "ppl02"), decision=2)
    assert areas(field, "ppl01") == ()  # it was the only one


@pytest.mark.parametrize(
    ("by", "code", "officer", "status"),
    [
        ("ppl01", SUB_SLS, "ppl01", 403),  # who collects assigns nothing
        ("analis", SUB_SLS, "ppl01", 403),
        ("pml01", ELSEWHERE, "ppl02", 403),  # another's kelurahan
        ("pml01", "3301010001000100", "ppl01", 403),  # another regency, known or not
        ("pml01", SUB_SLS, "ppl02", 404),  # another's officer
        ("pml01", SUB_SLS, "nobody", 404),
        ("admin", SUB_SLS, "pml01", 422),  # no enumerator
        ("admin", f"{JENGGOT}009999", "ppl01", 422),  # no such place
        ("admin", JENGGOT, "ppl01", 422),  # no sub-SLS
        ("admin", "x", "ppl01", 422),
    ],
)
def test_what_nobody_may_assign(
    field: OpenOffice, by: str, code: str, officer: str, status: int
) -> None:
    answer = assign(field, by, (code, officer))
    assert answer.status_code == status, answer.text
    assert "BATIK" not in answer.text
    assert areas(field, "ppl01") == (SUB_SLS,)


def test_others_do_not_see_who_works_elsewhere(field: OpenOffice) -> None:
    assign(field, "admin", (SUB_SLS, "ppl01"))
    for user, count in (("ppl02", 0), ("pml02", 0), ("pml01", 1), ("ppl01", 1)):
        listed = field.client.get("/api/v1/assignments", headers=field.bearer(user)).json()
        assert len(listed["items"]) == count, user
    assert field.client.get("/api/v1/assignments").status_code == 401
    headers = field.bearer("pemkot")
    assert field.client.get("/api/v1/assignments", headers=headers).status_code == 403


def test_a_rebuild_leaves_everybody_where_he_is(field: OpenOffice) -> None:
    assign(field, "admin", (ELSEWHERE, "ppl01"))
    assign(field, "admin", (SUB_SLS, "ppl02"), decision=2)
    device = Puller(field, "ppl01")
    device.pull()
    before = areas(field, "ppl01"), areas(field, "ppl02"), dict(device.kept)
    rebuild_all(field.engine, "3375", lambda _name, _count: None)
    field.settle()
    device.pull()
    assert device.heard == []
    assert (areas(field, "ppl01"), areas(field, "ppl02"), device.kept) == before
