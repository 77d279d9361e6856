from collections.abc import Callable

import pytest
from fastapi import FastAPI

from app.auth.models import Role
from app.web.addresses import local
from tests.app.web.conftest import PASSWORD
from tests.support.asgi import Caller

Enter = Callable[..., Caller]


def test_no_page_without_login(site: FastAPI) -> None:
    for path in ("/", "/wilayah/3375", "/dokumen", "/kandidat", "/grafik/peta.svg?wilayah=3375"):
        answer = Caller(site).get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/masuk")


def test_after_login_one_is_where_one_wanted_to_be(site: FastAPI, enter: Enter) -> None:
    asked = Caller(site).get("/wilayah/3375010?tingkat=sls").headers["location"]
    assert asked == "/masuk?next=%2Fwilayah%2F3375010%3Ftingkat%3Dsls"
    assert 'value="/wilayah/3375010?tingkat=sls"' in Caller(site).get(asked).text
    enter()
    form = {"user_name": "regency_admin", "password": PASSWORD, "next": "/wilayah/3375010"}
    assert Caller(site).post("/masuk", data=form).headers["location"] == "/wilayah/3375010"


def test_a_wrong_password_is_told_on_the_form(site: FastAPI) -> None:
    answer = Caller(site).post("/masuk", data={"user_name": "<b>siapa", "password": "salah"})
    assert answer.status_code == 401
    assert "Nama pengguna atau kata sandi salah." in answer.text
    assert "&lt;b&gt;siapa" in answer.text
    assert "salah" not in answer.headers.get("set-cookie", "")


def test_guessing_is_slowed_down(site: FastAPI) -> None:
    caller = Caller(site)
    guess = {"user_name": "admin", "password": "tebakan"}
    answers = [caller.post("/masuk", data=guess) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert "Terlalu banyak percobaan" in answers[-1].text


def test_another_site_cannot_log_somebody_in(site: FastAPI) -> None:
    form = {"user_name": "a", "password": "b"}
    answer = Caller(site).post("/masuk", data=form, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


def test_logging_out_ends_it(enter: Enter) -> None:
    caller = enter()
    assert caller.get("/").status_code == 200
    assert caller.post("/keluar").headers["location"] == "/masuk"
    assert caller.get("/").status_code == 303


def test_whoever_is_in_needs_no_form(enter: Enter) -> None:
    assert enter().get("/masuk?next=/dokumen").headers["location"] == "/dokumen"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "evil",
        "",
        None,
        "javascript:alert(1)",
        "/a\nSet-Cookie: x",
        "/" + "a" * 3000,
        "\t//evil.example",
    ],
)
def test_no_address_leads_elsewhere(address: str | None) -> None:
    assert local(address) == "/"


def test_the_language_is_remembered(site: FastAPI) -> None:
    caller = Caller(site)
    assert "Kata sandi" in caller.get("/masuk").text
    answer = caller.get("/bahasa/en?kembali=/masuk")
    assert (answer.status_code, answer.headers["location"]) == (303, "/masuk")
    page = caller.get("/masuk")
    assert '<html lang="en">' in page.text
    assert "Password" in page.text
    assert caller.get("/bahasa/xx").status_code == 404


@pytest.mark.parametrize("role", [Role.RESPONDENT])
def test_a_respondent_has_no_pages(enter: Enter, role: Role) -> None:
    answer = enter(role).get("/")
    assert answer.status_code == 403
    assert "Tidak diizinkan" in answer.text
