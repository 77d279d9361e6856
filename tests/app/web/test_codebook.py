import json
from typing import Any

import pytest
from lxml import etree, html
from typer.testing import CliRunner

from app.cli import app
from app.web.codebook import SCALES, TYPES, as_html, coded
from forms.codebook.book import codebook
from forms.datatypes import CHECKS
from tests.app.export.test_release import FORM
from tests.support.office import OpenOffice, password_of
from tests.support.questionnaires import questionnaire

VERSION = FORM.partition("-")[2]
PAGE = f"/kuesioner/se2026_l/{VERSION}/kodebuku"
DOOR = f"/api/v1/questionnaires/se2026_l/{VERSION}/codebook"


def seen_by(office: OpenOffice, user: str, path: str = PAGE, language: str = "id") -> Any:
    form = {"user_name": user, "password": password_of(user)}
    assert office.client.post("/masuk", data=form).status_code == 303
    office.client.cookies.set("language", language)
    answer = office.client.get(path)
    office.client.cookies.clear()
    return answer


def entry(page: Any, anchor: str) -> str:
    (found,) = html.fromstring(page.text).xpath("//article[@id=$name]", name=f"v-{anchor}")
    return " ".join(found.text_content().split())


@pytest.mark.parametrize("user", ["ppl01", "analis", "pemkot"])
def test_whoever_is_logged_in_reads_the_codebook(office: OpenOffice, user: str) -> None:
    page = seen_by(office, user)
    assert page.status_code == 200
    told = entry(page, "owner.owner_age")
    assert "Isian ini antara 10 dan 99." in told
    assert "Umur pada ulang tahun terakhir." in told
    assert "kolom owner_age" in told


def test_in_english_too(office: OpenOffice) -> None:
    page = seen_by(office, "analis", language="en")
    assert "The answer lies between 10 and 99." in entry(page, "owner.owner_age")
    assert "not released" in entry(page, "owner.owner_nik")


def test_lists_say_how_many_rows_and_since_when(office: OpenOffice) -> None:
    book = office.client.get(DOOR, headers=office.bearer("analis")).json()
    lists = {each["name"]: each for each in book["lists"]}
    assert lists["kbli"]["rows"] > 10
    assert lists["kbli"]["since"] == "2026-06-30"
    assert len(lists["kbli"]["sha256"]) == 64
    assert lists["usaha"]["rows"] is None, "it is each officer's own"


def test_the_door_for_machines_gives_json_and_ddi(office: OpenOffice) -> None:
    book = office.client.get(DOOR, headers=office.bearer("ppl01")).json()
    assert {"presence", "kbli", "size_class"} <= {each["variable"] for each in book["variables"]}
    answer = office.client.get(f"{DOOR}.xml", headers=office.bearer("ppl01"))
    assert answer.headers["content-type"] == "application/xml"
    assert etree.fromstring(answer.content).tag == "{ddi:codebook:2_5}codeBook"


def test_strangers_and_unknown_versions(office: OpenOffice) -> None:
    assert office.client.get(DOOR).status_code == 401
    assert office.client.get(PAGE).status_code == 303
    assert seen_by(office, "analis", "/kuesioner/se2026_l/1/kodebuku").status_code == 404


def test_sentences_are_escaped_and_code_is_marked() -> None:
    assert str(coded("<b> `a < b` &")) == "&lt;b&gt; <code>a &lt; b</code> &amp;"


def test_every_type_has_a_name() -> None:
    assert TYPES.keys() >= CHECKS.keys() | {"string", "barcode", "select1", "select", "rank"}
    assert set(SCALES) == {"nominal", "ordinal", "interval", "ratio"}


def test_one_file_stands_alone() -> None:
    form = questionnaire("| type | name | label |\n| text | a | <i>Siapa</i> |")
    page = html.fromstring(as_html(codebook(form), "id"))
    assert page.xpath("//style")[0].text
    assert page.xpath("//@src | //link/@href") == []
    assert page.xpath("//i") == []


@pytest.mark.parametrize(
    ("kind", "start"), [("json", "{"), ("ddi", "<?xml"), ("html", "<!doctype")]
)
def test_the_command_writes_each_format(kind: str, start: str, tmp_path: Any) -> None:
    out = tmp_path / "codebook"
    done = CliRunner().invoke(
        app, ["forms", "codebook", "se2026_l", "--format", kind, "--out", str(out)]
    )
    assert done.exit_code == 0, done.output
    assert out.read_text().lstrip().startswith(start)


def test_the_command_reads_tables_and_xforms(tmp_path: Any) -> None:
    tables = tmp_path / "pasar.md"
    tables.write_text(
        "## survey\n\n| type | name | label |\n|---|---|---|\n| integer | n | Berapa? |\n\n"
        "## choices\n\n| list_name | name | label |\n|---|---|---|\n\n"
        "## settings\n\n| form_id | version | form_title | default_language |\n|---|---|---|---|\n"
        "| pasar | 1 | Pasar | Bahasa Indonesia (id) |\n"
    )
    done = CliRunner().invoke(app, ["forms", "codebook", str(tables)])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["variables"][0]["label_id"] == "Berapa?"


def test_the_command_says_what_it_cannot_find() -> None:
    done = CliRunner().invoke(app, ["forms", "codebook", "nothing"])
    assert done.exit_code == 1
    assert "There is no questionnaire" in done.stderr
