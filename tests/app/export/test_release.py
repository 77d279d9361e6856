import csv
import hashlib
import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lxml import etree

from app.auth.scope import Scope
from app.core.db import writing
from app.export.models import Release
from app.export.rules import inert
from app.export.service import release
from forms.compile import compile_definition, definition
from tests.app.review.test_review import decide
from tests.conftest import NOON
from tests.support.office import OpenOffice, instance, password_of

SECRETS = ["SITI CONTOHWATI", "SEKAR JLAMPRANG", "3375034107800001", "081200000001", "GG CONTOH",
           "-6.917189", "1234567890123", "IDSBR0000001"]  # fmt: skip


FORM = f"se2026_l-{compile_definition(definition('se2026_l')).version}"


def released(office: OpenOffice) -> tuple[Release, Path]:
    with writing(office.engine) as session:
        made = release(
            session,
            Scope.of(["3375"]),
            "3375",
            settings=office.settings,
            actor="test",
            now=NOON,
        )
    return made, office.settings.data_dir / made.path


def table(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def approved(office: OpenOffice) -> OpenOffice:
    """Approved: a business and a closed one; not approved: a second business."""
    office.send("ppl01", office.submission("a", {"unit_id": "IDSBR0000001"}))
    office.send("ppl01", office.submission("b", {"unit_id": "IDSBR0000002"}))
    closed = {"unit_id": "IDSBR0000003", "presence": "3", "closed_year": "2025"}
    office.send("ppl01", office.submission("c", closed))
    office.settle()
    for name in "ac":
        assert decide(office, name, "approve").status_code == 201
    return office


def test_no_cell_is_a_formula_to_a_spreadsheet(approved: OpenOffice) -> None:
    calls = "=cmd|' /C calc'!A0"
    body = approved.submission("d", {"unit_id": "IDSBR0000004"}).replace(
        instance("d").encode(), calls.encode()
    )
    approved.send("ppl01", body)
    approved.settle()
    listed = approved.client.get("/api/v1/documents", headers=approved.bearer("admin")).json()
    position = next(each for each in listed["rows"] if each["document_id"] == calls)
    said = {
        "decision_id": "7d1f6f3e-0000-4000-8000-000000000009",
        "version_position": position["current_position"],
        "verdict": "approve",
    }
    path = f"/dokumen/3375/{quote(calls)}"
    form = {"user_name": "pml01", "password": password_of("pml01")}
    assert approved.client.post("/masuk", data=form).status_code == 303
    assert approved.client.post(path, data=said).status_code == 303
    approved.settle()
    _, folder = released(approved)
    rows = table(folder, f"{FORM}.csv")
    assert {row["document_id"] for row in rows} == {instance("a"), f"'{calls}"}


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-x", "'-x"), ("+62812", "+62812"), ("-1", "-1"),
     ("-2.5", "-2.5"), ("\t=1", "'\t=1"), ("a=b", "a=b")],
)  # fmt: skip
def test_numbers_stay_as_they_are(cell: str, written: str) -> None:
    assert inert(cell) == written


def test_only_approved_establishments_are_released_with_words_beside_codes(
    approved: OpenOffice,
) -> None:
    _, folder = released(approved)
    (row,) = table(folder, f"{FORM}.csv")
    assert row["document_id"] == instance("a")
    assert row["kelurahan"] == "3375030005"
    assert (row["kbli"], bool(row["kbli_label"])) == ("13134", True)
    assert row["legal_form"] == "13"
    assert row["legal_form_label"]
    assert row["revenue_total"] == "164000000"
    assert row["hotel_stars"] == "-1", "not asked is told apart from not answered"
    (visit,) = table(folder, f"{FORM}-visit.csv")
    assert (visit["document_id"], visit["number"]) == (instance("a"), "1")


def test_what_became_of_the_others_stands_apart(approved: OpenOffice) -> None:
    _, folder = released(approved)
    assert table(folder, "dispositions.csv") == [
        {
            "document_id": instance("c"),
            "kelurahan": "3375030005",
            "presence": "3",
            "merged_into": "",
        }
    ]


def test_no_identifier_leaves(approved: OpenOffice) -> None:
    _, folder = released(approved)
    text = "".join(path.read_text() for path in folder.iterdir())
    assert [secret for secret in SECRETS if secret in text] == []


def test_what_fits_no_code_and_is_no_number_stays_here(office: OpenOffice) -> None:
    body = office.submission("a")
    for name, wrong in (("legal_form", "BUDI"), ("owner_age", "TELEPON 0811"), ("kbli", "SITI")):
        body = re.sub(
            f"<{name}>[^<]*</{name}>", f"<{name}>{wrong}</{name}>", body.decode()
        ).encode()
    office.send("ppl01", body)
    office.settle()
    decide(office, "a", "approve")
    _, folder = released(office)
    (row,) = table(folder, f"{FORM}.csv")
    shown = {row[name] for name in ("legal_form", "legal_form_label", "owner_age", "kbli")}
    assert shown == {"-3"}


def test_two_documents_about_one_unit_are_one_establishment(office: OpenOffice) -> None:
    for name in "ab":
        office.send("ppl01", office.submission(name))
    office.settle()
    for name in "ab":
        decide(office, name, "approve")
    _, folder = released(office)
    assert [row["document_id"] for row in table(folder, f"{FORM}.csv")] == [instance("b")]


def test_every_column_is_in_the_codebook(approved: OpenOffice) -> None:
    _, folder = released(approved)
    book = json.loads((folder / f"{FORM}-codebook.json").read_text())
    known = {
        (entry["release"]["file"], column)
        for entry in book["variables"]
        for column in entry["release"].get("columns", ())
    }
    known |= {(file["name"], key["value"]) for file in book["files"] for key in file["keys"]}
    columns = {
        (file["name"], column)
        for file in book["files"]
        for column in table(folder, file["name"])[0]
    }
    assert columns == known
    assert [file["rows"] for file in book["files"]] == [1, 1]
    assert all(entry["label_id"] for entry in book["variables"] if entry["kind"] == "question")


def test_what_is_kept_back_says_why(approved: OpenOffice) -> None:
    _, folder = released(approved)
    book = json.loads((folder / f"{FORM}-codebook.json").read_text())
    why = {entry["variable"]: entry["release"].get("withheld") for entry in book["variables"]}
    assert why["owner_nik"]["en"] == "Not released: it identifies a firm or a person."
    assert why["instanceID"]["en"] == "Not released: noted by the device."
    assert why["revenue_total"] is None


def test_the_codebook_is_ddi_too(approved: OpenOffice) -> None:
    _, folder = released(approved)
    root = etree.fromstring((folder / f"{FORM}-codebook.xml").read_bytes())
    told: dict[str, set[str]] = {}
    for variable in root.iter("{*}var"):
        for file in variable.get("files", "").split():
            told.setdefault(file, set()).add(variable.get("name", ""))
    files = {each.get("ID", ""): each for each in root.iter("{*}fileDscr")}
    assert told == {
        name: set(table(folder, file.findtext("{*}fileTxt/{*}fileName", ""))[0])
        for name, file in files.items()
    }


def test_the_codebook_is_a_table_too(approved: OpenOffice) -> None:
    _, folder = released(approved)
    rows = {row["variable"]: row for row in table(folder, f"{FORM}-codebook.csv")}
    assert rows["-1"]["label_en"] == "Not asked"
    assert rows["hotel_stars"]["columns"] == "hotel_stars hotel_stars_label"
    assert rows["owner_age"]["constraint_en"] == "The answer lies between 10 and 99."
    assert "owner_nik" not in rows


def test_the_checksums_hold_and_the_same_documents_give_the_same_release(
    approved: OpenOffice,
) -> None:
    first, folder = released(approved)
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=False
    )
    assert done.returncode == 0
    assert hashlib.sha256((folder / "SHA256SUMS").read_bytes()).hexdigest() == first.digest
    again, _ = released(approved)
    assert (again.digest, again.path) == (first.digest, first.path)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_an_empty_office_releases_an_empty_release(office: OpenOffice) -> None:
    made, folder = released(office)
    assert made.row_counts == {}
    assert (folder / "release.json").exists()


def get(office: OpenOffice, user: str, path: str) -> Any:
    return office.client.get(f"/api/v1/releases{path}", headers=office.bearer(user))


def test_analysts_list_and_download_and_nobody_else(approved: OpenOffice) -> None:
    made, folder = released(approved)
    (listed,) = get(approved, "analis", "").json()
    assert listed["digest"] == made.digest
    body = get(approved, "analis", f"/{made.digest}/SHA256SUMS")
    assert body.content == (folder / "SHA256SUMS").read_bytes()
    for user in ("ppl01", "pml01", "pemkot"):
        assert get(approved, user, "").status_code == 403
        assert get(approved, user, f"/{made.digest}/SHA256SUMS").status_code == 403


@pytest.mark.parametrize("name", ["..%2f..%2fsecret.key", "nothing.csv", "%2e%2e"])
def test_only_files_of_the_release_can_be_downloaded(approved: OpenOffice, name: str) -> None:
    made, _ = released(approved)
    assert get(approved, "analis", f"/{made.digest}/{name}").status_code == 404
    assert get(approved, "analis", f"/{'0' * 64}/SHA256SUMS").status_code == 404
