"""The page of what contends and what waits in the lists that phones keep."""

import re
from datetime import timedelta

import pytest

from app.core.db import writing
from app.questionnaires.service import publish
from app.registry.prelist import import_prelist
from tests.app.intake.test_collect import AT, PRELIST, UNIT, VISIT, fresh, phone
from tests.conftest import NOON
from tests.support.collect import compiled_by_pyxform
from tests.support.office import SUB_SLS, OpenOffice, password_of


@pytest.fixture
def contended(office: OpenOffice) -> OpenOffice:
    with writing(office.engine) as session:
        publish(session, compiled_by_pyxform(VISIT), actor="test", now=NOON - timedelta(days=1))
        assert import_prelist(session, PRELIST, lane="3375", actor="test", now=NOON).imported
    office.settle()
    siti, budi = phone(office), phone(office, name="other")
    told = {"unit": UNIT, "sls": SUB_SLS}
    siti.send(siti.write("kunjungan", {**told, "nama": "BATIK SATU"}, at=AT, update=UNIT)[1])
    budi.send(budi.write("kunjungan", {**told, "nama": "<DUA>"}, at=AT, update=UNIT)[1])
    new = {"fresh_id": fresh("w"), "sls": SUB_SLS, "nama": "WARUNG"}
    siti.write("kunjungan", new, at=AT, create=fresh("w"))
    later = {"unit": fresh("w"), "sls": SUB_SLS, "nama": "WARUNG"}
    siti.send(siti.write("kunjungan", later, at=AT, update=fresh("w"))[1])
    office.settle()
    return office


def enter(office: OpenOffice, user: str) -> None:
    told = {"user_name": user, "password": password_of(user)}
    assert office.client.post("/masuk", data=told).status_code == 303


def decide(office: OpenOffice, verdict: str, version: int = 3) -> int:
    told = {"lane": "3375", "daftar": "usaha", "entitas": UNIT, "versi": version}
    answer = office.client.post("/entitas/putusan", data={**told, "putusan": verdict})
    office.settle()
    return answer.status_code


def test_conflicts_are_shown_field_by_field(contended: OpenOffice) -> None:
    enter(contended, "pml01")
    cells = re.findall(r"<td>(.*?)</td>", contended.client.get("/entitas").text)
    assert cells[:5] == ["business_name", "BATIK SEKAR", "BATIK SATU", "&lt;DUA&gt;", "3"]


def test_what_waits_is_shown_where_it_belongs(contended: OpenOffice) -> None:
    enter(contended, "pml02")
    assert "uuid:" not in contended.client.get("/entitas").text
    enter(contended, "pml01")
    assert "Menunggu kiriman sebelumnya: uuid:" in contended.client.get("/entitas").text


def test_who_has_seen_a_conflict_settles_it(contended: OpenOffice) -> None:
    enter(contended, "pml01")
    assert decide(contended, "benar") == 303
    assert UNIT not in contended.client.get("/entitas").text
    assert phone(contended).entities["usaha"][UNIT].label == "<DUA>"


def test_what_is_removed_leaves_the_phones(contended: OpenOffice) -> None:
    budi = phone(contended, name="third")
    enter(contended, "pml01")
    assert decide(contended, "hapus") == 303
    url = f"{budi.server}/entities/usaha/integrity?id={UNIT},{fresh('w')},{UNIT}"
    answer = contended.client.get(url)
    assert answer.text.count("<entity ") == 2
    assert f'id="{UNIT}"><deleted>true' in answer.text
    assert f'id="{fresh("w")}"><deleted>false' in answer.text
    told = {"unit": UNIT, "sls": SUB_SLS, "nama": "BATIK TIGA"}
    _, held = budi.write("kunjungan", told, at=AT, update=UNIT)
    budi.update()
    assert UNIT not in budi.entities["usaha"]
    assert UNIT not in contended.client.get("/entitas").text
    budi.send(held)  # who was there before he knew is heard, and a person decides
    contended.settle()
    assert "Sudah dihapus dari telepon" in contended.client.get("/entitas").text
    assert UNIT not in phone(contended).entities["usaha"]
    assert decide(contended, "kembali", 5) == 303
    assert UNIT not in contended.client.get("/entitas").text
    assert phone(contended).entities["usaha"][UNIT].label == "BATIK TIGA"


def test_what_waits_for_ever_is_let_happen(contended: OpenOffice) -> None:
    enter(contended, "pml01")
    (waiting,) = re.findall(r'name="menunggu" value="(.*?)"', contended.client.get("/entitas").text)
    told = {"lane": "3375", "daftar": "usaha", "entitas": fresh("w"), "versi": 0}
    said = {**told, "putusan": "paksa", "menunggu": "uuid:another"}
    assert contended.client.post("/entitas/putusan", data=said).status_code == 404
    said["menunggu"] = waiting
    assert contended.client.post("/entitas/putusan", data=said).status_code == 303
    contended.settle()
    assert phone(contended).entities["usaha"][fresh("w")].label == "WARUNG"
    assert 'name="menunggu"' not in contended.client.get("/entitas").text


@pytest.mark.parametrize(("user", "status"), [("ppl01", 403), ("pml02", 404), ("pemkot", 403)])
def test_others_decide_nothing(contended: OpenOffice, user: str, status: int) -> None:
    enter(contended, user)
    assert decide(contended, "hapus") == status
    assert UNIT in phone(contended).entities["usaha"]
