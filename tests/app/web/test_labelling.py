"""Labelling in a browser without scripts: rounds, files, and the model that comes of them."""

import csv
import io
import re
from html import unescape
from itertools import combinations
from uuid import UUID

import pytest

from app.core.db import writing
from app.dedup.keeper import advance_matching
from app.dedup.label_training import advance_training
from app.registry.prelist import import_prelist
from tests.app.web.test_documents import browser, hidden
from tests.app.web.test_matching import counted
from tests.conftest import NOON
from tests.support.asgi import Caller
from tests.support.office import ELSEWHERE, SUB_SLS, OpenOffice

NAMES = (
    "BATIK SEKAR JLAMPRANG", "BATIK SEKAR JLAMPANG", "WARUNG MELATI", "WARUNG BU MELATI",
    "TOKO CONTOH JAYA", "TOKO CONTOH DJAJA", "BENGKEL REKAAN MOTOR", "BENGKEL REKAAN MTR",
    "SALON UJI CANTIK", "SALON UJI", "DEPOT AIR SEGAR REKA", "DEPOT AIR SEGAR",
)  # fmt: skip
OWNERS = ("SITI CONTOHWATI", "BUDI CONTOHNO", "ANI REKAWATI", "JOKO UJIYONO")
UNITS = [f"IDSBR{number:07d}" for number in range(1, len(NAMES) + 1)]


def prelist() -> bytes:
    """Six businesses, each listed twice in other words; one more elsewhere."""
    rows = [
        f"{unit},{SUB_SLS},{name},{OWNERS[at // 2 % 4]},JL A {at // 2},56103,0812000{at // 2:05d}"
        for at, (unit, name) in enumerate(zip(UNITS, NAMES, strict=True))
    ]
    rows.append(f"IDSBR0000099,{ELSEWHERE},WARUNG MELATI,BUDI CONTOHNO,JL REKA 1,56103,")
    header = "unit_id,idsubsls,business_name,owner_name,address,kbli,phone"
    return "\n".join((header, *rows, "")).encode()


@pytest.fixture
def listed(office: OpenOffice) -> OpenOffice:
    """An office with that prelist."""
    with writing(office.engine) as session:
        report = import_prelist(session, prelist(), lane="3375", actor="test", now=NOON)
    assert report.faults == ()
    office.settle()
    return office


def begin(caller: Caller, size: str = "25") -> str:
    """Begin a round; give the address of its first question."""
    form = {"round_id": hidden(caller.get("/pelabelan").text, "round_id"), "besar": size}
    response = caller.post("/pelabelan", data=form)
    assert response.status_code == 303, response.text
    return response.headers["location"]


def answer(caller: Caller, address: str, jawaban: str) -> str:
    """Answer a question; give where that leads."""
    form = {"label_id": hidden(caller.get(address).text, "label_id"), "jawaban": jawaban}
    response = caller.post(address.partition("?")[0], data=form)
    assert response.status_code == 303, response.text
    return response.headers["location"]


def counts(caller: Caller) -> list[int]:
    tiles = caller.get("/pelabelan").text.split('class="tiles')[1].split("</dl>")[0]
    return [int(each) for each in re.findall(r"<dd>(\d+)</dd>", tiles)]


def questions(caller: Caller) -> list[str]:
    return re.findall(r"/kandidat/[0-9a-f]{32}", caller.get("/kandidat").text)


def upload(caller: Caller, content: str) -> tuple[int, str]:
    form = {"upload_id": hidden(caller.get("/pelabelan").text, "upload_id")}
    file = {"berkas": ("isi.csv", content.encode(), "text/csv")}
    response = caller.post("/pelabelan/berkas", data=form, files=file)
    return response.status_code, unescape(response.text)


def test_a_round_is_answered_and_the_last_label_taken_back(listed: OpenOffice) -> None:
    caller = browser(listed, "admin")
    before = questions(caller)
    first = begin(caller)
    text = caller.get(first).text
    assert "pasangan 1 dari" in text
    assert "0 dari" in text
    assert "tidak ada usaha yang digabung" in text
    assert 'class="verdict"' in text
    assert "Menurut mesin" not in text  # nobody is swayed
    second = answer(caller, first, "same")
    text = caller.get(second).text
    assert "Label dicatat:" in text
    assert second.partition("?")[0].endswith("/2")
    form = {name: hidden(text, name) for name in ("label", "undo_id")}
    back = caller.post("/pelabelan/batal", data=form)
    assert back.headers["location"].partition("?")[0] == first
    assert "Label dibatalkan" in caller.get(back.headers["location"]).text
    assert counts(caller) == [0, 0, 0]
    assert (
        caller.post("/pelabelan/batal", data=form | {"undo_id": str(UUID(int=9))}).status_code
        == 404
    )
    goal = first
    while goal.count("/") > 2:
        goal = answer(
            caller, goal, "unsure" if goal.partition("?")[0].endswith("/3") else "different"
        )
    text = caller.get(goal).text
    assert "Putaran ini selesai" in text
    assert counts(caller)[2] == 1
    assert "Label dicatat:" in text
    assert caller.get(first).text.count("sudah berlabel") == 1
    assert questions(caller) == before  # labels decide nothing
    caller.get("/bahasa/en")
    assert "A label merges and parts nothing" in caller.get("/pelabelan").text


def test_who_labels_and_who_changes_the_model(listed: OpenOffice) -> None:
    address = begin(browser(listed, "admin"))
    for user in ("pml01", "ppl01", "analis", "pemkot"):
        caller = browser(listed, user)
        assert caller.get("/pelabelan").status_code == 403
        assert 'href="/pelabelan"' not in caller.get("/").text
        assert (
            caller.post("/pelabelan/model", data={"model_id": str(UUID(int=1))}).status_code == 403
        )
    national = browser(listed, "pusat")
    assert national.get("/pelabelan").status_code == 200
    assert national.get(address).status_code == 404  # somebody else's round
    assert national.get("/pelabelan/berkas").status_code == 422
    assert 'href="/pelabelan"' in national.get("/").text


def test_files_leave_and_come(listed: OpenOffice) -> None:
    caller = browser(listed, "admin")
    address = begin(caller)
    asked = caller.get(address.rpartition("/")[0] + "/pasangan.csv").text
    rows = list(csv.DictReader(io.StringIO(asked)))
    assert rows[0]["left_name"] in {*NAMES}
    left, right = rows[0]["left"], rows[0]["right"]
    status, text = upload(caller, asked.replace(f"{left},{right},,", f"{left},{right},sama,"))
    assert status == 200
    assert "1 label baru, 0 berubah" in text
    assert f"{len(rows) - 1} baris tanpa jawaban" in text
    told = list(csv.DictReader(io.StringIO(caller.get("/pelabelan/label.csv").text)))
    assert [(row["left"], row["right"], row["answer"]) for row in told] == [(left, right, "same")]
    assert told[0]["stratum"] == rows[0]["stratum"]
    status, text = upload(caller, f"kiri,kanan,jawaban\n{left},{right},beda\n{left},TIDAKADA,ya\n")
    assert status == 422
    assert "<td>3</td><td>right</td>" in text
    assert "Unit TIDAKADA tidak ada di wilayah Anda" in text
    assert counts(caller) == [1, 0, 0]
    assert "Kolom answer tidak ada" in upload(caller, "left,right\n")[1]
    form = {"upload_id": str(UUID(int=1))}
    assert caller.post("/pelabelan/berkas", data=form).status_code == 422


@pytest.mark.slow
def test_an_office_trains_its_model_and_puts_it_in_force(listed: OpenOffice) -> None:
    caller = browser(listed, "admin")
    assert "Latih model dari label" not in caller.get("/pelabelan").text
    lines = [
        f"{one},{other},{'sama' if at // 2 == place // 2 else 'beda'}"
        for (at, one), (place, other) in combinations(enumerate(UNITS), 2)
    ]
    twins = {f"{one},{other},sama" for one, other in zip(UNITS, UNITS[2:], strict=False)}
    twins |= {f"{one},{other},sama" for one, other in zip(UNITS, UNITS[4:], strict=False)}
    said = {line.rpartition(",")[0]: line for line in [*lines, *sorted(twins)]}
    status, _ = upload(caller, "left,right,answer\n" + "\n".join(said.values()))
    assert status == 200
    model_id = hidden(caller.get("/pelabelan").text, "model_id")
    caller.post("/pelabelan/model", data={"model_id": model_id})
    assert "Sedang dilatih" in caller.get("/pelabelan").text
    assert advance_training(listed.engine, NOON) == 1
    text = caller.get("/pelabelan").text
    assert "Berlakukan model ini" in text
    assert "Model bawaan, dilatih" in text
    response = caller.post("/pelabelan/model/berlaku", data={"model": model_id})
    assert response.status_code == 303
    assert advance_matching(listed.engine, "3375") == len(UNITS) + 1  # each unit is scored anew
    text = caller.get("/pelabelan").text
    assert "Model kantor ini, dilatih" in text
    with counted(listed.engine) as sent:
        caller.get("/pelabelan")
    assert len(sent) <= 14
    caller.post("/pelabelan/model/berlaku", data={"model": ""})
    assert "Model bawaan, dilatih" in caller.get("/pelabelan").text
    assert (
        caller.post("/pelabelan/model/berlaku", data={"model": str(UUID(int=1))}).status_code == 404
    )
