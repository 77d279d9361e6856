from collections.abc import Callable

import anyio
import httpx
import pytest
from fastapi import FastAPI

from app.web.assets import address, asset, names
from tests.support.asgi import Caller

Enter = Callable[..., Caller]


def unharmed(site: FastAPI, path: str) -> httpx.Response:
    """Ask as over a socket, where a failure reaches nobody but the log."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(site, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://se2026") as client:
            return await client.get(path)

    return anyio.run(send)


def test_error_pages_wear_the_layout(site: FastAPI) -> None:
    answer = Caller(site).get("/tidak/ada")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Tidak ditemukan" in answer.text
    english = Caller(site).get("/tidak/ada", headers={"accept-language": "en-GB"})
    assert "Not found" in english.text


def test_machines_get_problem_documents(site: FastAPI) -> None:
    answer = Caller(site).get("/api/v1/coverage")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    missing = Caller(site).get("/api/v1/nothing").json()
    assert (missing["code"], missing["status"]) == ("not_found", 404)


def test_a_request_that_does_not_fit_is_told_where_and_never_repeated(site: FastAPI) -> None:
    answer = Caller(site).post("/api/v1/token", data={"username": "RAHASIA"})
    assert answer.status_code == 422
    assert "password" in answer.json()["detail"]
    assert "RAHASIA" not in answer.text


@pytest.mark.parametrize(
    "path", ["/dokumen/3375/%00", "/api/v1/units/%00", "/openrosa/x/forms/a.xml?version=%00"]
)
def test_an_address_that_nothing_can_have_is_not_found(site: FastAPI, path: str) -> None:
    assert Caller(site).get(path).status_code == 404


def test_a_failure_tells_no_details(site: FastAPI) -> None:
    @site.get("/rusak")
    def broken() -> None:
        raise RuntimeError("NIK 3375010101010001")

    @site.get("/api/rusak")
    def broken_too() -> None:
        raise RuntimeError("NIK 3375010101010001")

    page = unharmed(site, "/rusak")
    assert page.status_code == 500
    assert "Terjadi kesalahan" in page.text
    assert "NIK" not in page.text
    problem = unharmed(site, "/api/rusak")
    assert problem.json()["code"] == "failure"
    assert "coba lagi" in problem.json()["detail"].lower()
    assert "NIK" not in problem.text


def test_what_cannot_be_read_is_told_kindly(enter: Enter) -> None:
    answer = enter().get("/?tingkat=galaksi")
    assert answer.status_code == 422
    assert "tidak dapat dipahami" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("PUT", "/api/v1/token", 405, "Perbarui aplikasi"),
        ("GET", "/api/v1/nothing", 404, "Periksa alamat"),
        ("POST", "/api/v1/token", 422, "perbaiki: body.username"),
    ],
)
def test_machines_are_told_what_to_do_in_their_users_language(
    site: FastAPI, method: str, path: str, status: int, said: str
) -> None:
    problem = Caller(site).request(method, path)
    assert problem.status_code == status
    assert said in problem.json()["detail"]
    english = Caller(site).request(method, path, headers={"accept-language": "en"}).json()
    assert english["code"] == problem.json()["code"]
    assert said not in english["detail"]


def test_every_page_carries_a_strict_policy(site: FastAPI) -> None:
    answer = Caller(site).get("/masuk")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in answer.headers


def test_pages_hold_no_inline_script_or_style(enter: Enter) -> None:
    caller = enter()
    for path in ("/", "/wilayah/3375010004", "/dokumen", "/kandidat"):
        text = caller.get(path).text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert "<script>" not in text


@pytest.mark.parametrize("name", sorted(names()))
def test_assets_are_kept_by_browsers(site: FastAPI, name: str) -> None:
    caller = Caller(site)
    answer = caller.get(address(name))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    found = asset(name)
    assert found is not None
    assert answer.content == found.body
    plain = caller.get(address(name), headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    again = caller.get(address(name), headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_only_assets_are_served(site: FastAPI) -> None:
    for name in ("site.py", "..%2F__init__.py", "nothing.js", "vega.css"):
        assert Caller(site).get(f"/aset/{name}").status_code == 404
