"""Codes that set ODK Collect up: what they hold, and who may make them."""

import base64
import json
import re
import zlib

import pytest
import sqlalchemy as sa

from app.auth.models import OpenRosaToken
from app.core.db import reading, table_of
from app.questionnaires.collect_settings import as_png, collect_settings
from tests.support.office import OpenOffice, password_of

PAGE = "/kode-qr"


def enter(office: OpenOffice, user: str) -> None:
    told = {"user_name": user, "password": password_of(user)}
    assert office.client.post("/masuk", data=told).status_code == 303


def test_what_is_scanned_is_json_in_zlib_in_base64() -> None:
    text = collect_settings("https://se2026.example/openrosa/abc", "SE2026 3375")
    told = json.loads(zlib.decompress(base64.b64decode(text)))
    assert set(told) == {"general", "admin", "project"}
    assert told["general"]["server_url"] == "https://se2026.example/openrosa/abc"
    assert told["general"]["form_update_mode"] == "match_exactly"
    assert told["project"]["name"] == "SE2026 3375"
    assert as_png(text).startswith(b"\x89PNG")


def test_a_supervisor_sets_up_the_phone_of_an_officer(
    office: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    real = collect_settings
    monkeypatch.setattr(
        "app.web.setup_codes.collect_settings",
        lambda url, name: drawn.append(url) or real(url, name),  # type: ignore[func-returns-value]
    )
    enter(office, "pml01")
    answer = office.client.post(PAGE, data={"petugas": "ppl01"})
    assert answer.status_code == 200
    assert "<svg" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    (url,) = drawn
    assert url not in answer.text
    assert office.client.get(url.removeprefix("http://testserver") + "/formList").status_code == 200
    assert office.client.get(f"{office.openrosa('ppl01')}/formList").status_code == 200


def test_a_lost_phone_loses_its_key(office: OpenOffice) -> None:
    enter(office, "pml01")
    answer = office.client.post(PAGE, data={"petugas": "ppl01", "cabut": "ya", "bentuk": "png"})
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert office.client.get(f"{office.openrosa('ppl01')}/formList").status_code == 403


@pytest.mark.parametrize(
    ("user", "people"),
    [
        ("ppl01", {"ppl01"}),
        ("pml01", {"pml01", "ppl01"}),
        ("admin", {"admin", "pml01", "pml02", "ppl01", "ppl02"}),
    ],
)
def test_who_may_set_up_whose_phone(office: OpenOffice, user: str, people: set[str]) -> None:
    enter(office, user)
    assert set(re.findall(r'<option value="([a-z0-9]+)"', office.client.get(PAGE).text)) == people
    strangers = {"ppl01", "ppl02", "pml02", "admin", "pusat", "pemkot"} - people
    for stranger in strangers:
        assert office.client.post(PAGE, data={"petugas": stranger}).status_code == 404
    token = table_of(OpenRosaToken)
    with reading(office.engine) as session:
        issued = session.execute(sa.select(sa.func.count()).select_from(token)).scalar_one()
    assert issued == 8, "nothing was issued beside what the office began with"


def test_who_sees_aggregates_only_sets_up_no_phone(office: OpenOffice) -> None:
    enter(office, "pemkot")
    assert office.client.get(PAGE).status_code == 403
