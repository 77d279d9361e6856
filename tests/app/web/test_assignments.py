"""The page of assignments: who sees what, one by one, by file, and what the past was."""

import csv
import io
import re
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.core.db import reading, table_of, writing
from app.fieldwork.models import AssignmentHistory
from app.projections import rebuild_all
from app.registry.prelist import import_prelist
from tests.app.web.test_announcements import enter
from tests.conftest import NOON
from tests.support.office import ELSEWHERE, JENGGOT, SUB_SLS, OpenOffice

PRELIST = f"""unit_id,idsubsls,business_name,owner_name,address,kbli
IDSBR0000001,{SUB_SLS},BATIK SEKAR,SITI CONTOHWATI,GG CONTOH 3,13134
""".encode()


def seen(office: OpenOffice, path: str = "/penugasan") -> str:
    answer = office.client.get(path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def say(office: OpenOffice, *codes: str, to: str = "ppl01", number: int = 1, **more: str) -> int:
    form = {"id": str(UUID(int=number)), "kode": list(codes), "petugas": to, **more}
    return office.client.post("/penugasan", data=form).status_code


def send(office: OpenOffice, text: str, number: int = 1) -> tuple[int, str]:
    file = {"berkas": ("penugasan.csv", text.encode(), "text/csv")}
    answer = office.client.post("/penugasan/unggah", data={"id": str(UUID(int=number))}, files=file)
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))
    return answer.status_code, plain


def rows(office: OpenOffice) -> dict[str, dict[str, str]]:
    text = office.client.get("/penugasan/unduh.csv").text
    return {row["idsubsls"]: row for row in csv.DictReader(io.StringIO(text))}


def test_work_is_given_moved_and_taken_back(office: OpenOffice) -> None:
    with writing(office.engine) as session:
        import_prelist(session, PRELIST, lane="3375", actor="test", now=NOON)
    office.settle()
    enter(office, "admin")
    assert "2 sub-SLS, 2 belum ada petugasnya" in seen(office)
    assert "terbuka lewat akun: Contoh ppl01" in seen(office)
    assert say(office, SUB_SLS, ELSEWHERE, to="ppl01", catatan="Mulai <pasar>") == 303
    assert "Contoh ppl01" in seen(office)  # told before any projection has read it
    office.settle()
    page = seen(office)
    assert "2 sub-SLS, 0 belum ada petugasnya" in page
    assert "Mulai &lt;pasar&gt;" in page
    assert "0 dari 1 dikunjungi" in page
    assert re.search("Contoh ppl01 ppl01 2 1 0 ", seen(office, "/penugasan/petugas"))
    assert say(office, ELSEWHERE, to="PPL02", number=2) == 303
    assert say(office, SUB_SLS, aksi="cabut", number=3) == 303
    office.settle()
    assert ELSEWHERE not in seen(office, "/penugasan?keadaan=kosong")
    assert SUB_SLS not in seen(office, "/penugasan?petugas=ppl02")
    past = seen(office, f"/penugasan/{ELSEWHERE}")
    assert past.index("Contoh ppl02 berlaku sekarang") < past.index("Contoh ppl01 sejak")
    assert "ditetapkan oleh Contoh admin" in past


def test_what_is_missing_is_said_and_what_was_chosen_is_kept(office: OpenOffice) -> None:
    enter(office, "pml01")
    for codes, to in (((), "ppl01"), ((SUB_SLS,), " "), ((SUB_SLS,), "ppl02"), ((SUB_SLS,), "x")):
        assert say(office, *codes, to=to) == 422
    told = {"id": str(UUID(int=1)), "kode": [SUB_SLS], "petugas": "ppl02"}
    shown = office.client.post("/penugasan", data=told).text
    assert "Tidak ada petugas bernama “ppl02” di wilayah Anda" in shown
    assert f'value="{SUB_SLS}" checked' in shown
    assert say(office, SUB_SLS) == 303
    assert say(office, SUB_SLS, catatan="lain") == 422  # the same form, with other words


def test_everybody_sees_his_own_areas_and_enumerators_change_nothing(office: OpenOffice) -> None:
    enter(office, "ppl01")
    assert SUB_SLS in seen(office)
    assert ELSEWHERE not in seen(office)
    assert "Tugaskan" not in seen(office)
    assert say(office, SUB_SLS) == 403
    enter(office, "pml01")
    assert ELSEWHERE not in seen(office)
    assert rows(office).keys() == {SUB_SLS}
    assert office.client.get(f"/penugasan/{ELSEWHERE}").status_code == 404
    assert say(office, ELSEWHERE) == 403
    enter(office, "pemkot")
    assert office.client.get("/penugasan").status_code == 403


def test_a_file_goes_down_is_edited_and_comes_back(office: OpenOffice) -> None:
    enter(office, "admin")
    assert say(office, SUB_SLS, to="ppl01", catatan="=SUM(A1)") == 303
    held = rows(office)
    assert (held[SUB_SLS]["officer"], held[SUB_SLS]["note"]) == ("ppl01", "'=SUM(A1)")
    again = office.client.get("/penugasan/unduh.csv").text
    assert send(office, again)[0] == 303
    assert count(office) == 1  # what stands already is not said again
    office.settle()
    assert send(office, f"\ufeffIDSUBSLS;officer\n{SUB_SLS};ppl01\n\n{ELSEWHERE};PPL02\n")[0] == 303
    office.settle()
    assert (rows(office)[ELSEWHERE]["officer"], count(office)) == ("ppl02", 2)
    assert send(office, f"idsubsls,officer\n{SUB_SLS},\n", 2)[0] == 303
    assert rows(office)[SUB_SLS]["officer"] == ""


def test_every_fault_of_a_file_is_told_and_nothing_is_taken(office: OpenOffice) -> None:
    enter(office, "pml01")
    lines = [
        "idsubsls,officer,note",
        f"{SUB_SLS},ppl01,baik",
        "3.37503E+15,ppl01,",
        f"{JENGGOT}009900,ppl01,",
        f"{ELSEWHERE},ppl01,",
        f"{SUB_SLS},ppl02,{'x' * 501}",
        f"{SUB_SLS}",
    ]
    status, told = send(office, "\n".join(lines))
    assert status == 422
    assert "Berkas belum dipakai: 7 kesalahan" in told
    places = re.findall(r" (\d) (idsubsls|officer|note|\N{EN DASH}) (?=\S)", told)
    assert places == [
        ("3", "idsubsls"),
        ("4", "idsubsls"),
        ("5", "idsubsls"),
        ("6", "idsubsls"),
        ("6", "note"),
        ("6", "officer"),
        ("7", "\N{EN DASH}"),
    ]
    assert count(office) == 0
    for text in ("", "idsubsls\n", 'idsubsls,officer\n"x', "idsubsls,officer,note,note\n"):
        assert send(office, text)[0] == 422, text
    assert count(office) == 0


@pytest.mark.parametrize("user", ["ppl01", "analis", "pemkot"])
def test_others_send_no_file(office: OpenOffice, user: str) -> None:
    enter(office, user)
    assert send(office, f"idsubsls,officer\n{SUB_SLS},ppl01\n")[0] == 403


def test_a_rebuild_leaves_the_history(office: OpenOffice) -> None:
    enter(office, "admin")
    say(office, SUB_SLS)
    say(office, SUB_SLS, aksi="cabut", number=2)
    office.settle()
    before = past(office)
    assert [row.officer is None for row in before] == [False, True]
    rebuild_all(office.engine, "3375", lambda _name, _count: None)
    assert past(office) == before


def past(office: OpenOffice) -> list[sa.Row[tuple[object, ...]]]:
    table = table_of(AssignmentHistory)
    with reading(office.engine) as session:
        return list(session.execute(sa.select(table).order_by(table.c.position)))


def count(office: OpenOffice) -> int:
    office.settle()
    return len(past(office))
