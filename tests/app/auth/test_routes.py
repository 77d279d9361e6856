import base64
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from jose import jwt

from app.areas.reference import kota_pekalongan
from app.areas.service import import_areas
from app.auth import repository, rules, service
from app.auth.actor import API, SESSION, SESSION_COOKIE
from app.auth.models import Role
from app.core.db import writing
from app.core.security import derived_secret, sign_token
from app.core.settings import Settings
from tests.app.auth.conftest import PASSWORD, AddAccount, Watch
from tests.conftest import NOON
from tests.support.asgi import Caller

KEY = "k" * 40


def bearer(token: str) -> dict[str, dict[str, str]]:
    return {"headers": {"Authorization": f"Bearer {token}"}}


def ask_token(client: Caller, user_name: str = "siti", password: str = PASSWORD) -> str:
    answer = client.post("/api/v1/token", data={"username": user_name, "password": password})
    assert answer.status_code == 200, answer.text
    assert answer.json()["token_type"] == "bearer"
    assert answer.json()["expires_in"] == 15 * 60
    return str(answer.json()["access_token"])


def enter(client: Caller, password: str = PASSWORD) -> int:
    return client.post(f"/masuk?user_name=siti&password={password}").status_code


def test_a_token_tells_who_one_is(client: Caller, add_account: AddAccount) -> None:
    account = add_account("siti", Role.ENUMERATOR, "3375010007", "3375010004")
    assert client.get("/api/v1/me", **bearer(ask_token(client, " SITI "))).json() == {
        "id": str(account.id),
        "user_name": "siti",
        "display_name": "Siti",
        "role": "enumerator",
        "areas": ["3375010004", "3375010007"],
        "lane": "3375",
    }


def test_nobody_is_asked_to_log_in(client: Caller) -> None:
    answer = client.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "unauthenticated"


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    client: Caller, add_account: AddAccount
) -> None:
    add_account("siti")
    answers = [
        client.post("/api/v1/token", data={"username": name, "password": "wrong-password"})
        for name in ("siti", "nobody", "\x00", "x" * 5000)
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


def test_a_token_of_another_purpose_is_no_login(client: Caller, add_account: AddAccount) -> None:
    add_account("siti")
    api = ask_token(client)
    assert enter(client) == 204
    session = client.cookies[SESSION_COOKIE]
    client.cookies.clear()
    assert client.get("/api/v1/me", **bearer(session)).status_code == 401
    client.cookies.set(SESSION_COOKIE, api)
    assert client.get("/api/v1/me").status_code == 401
    client.cookies.set(SESSION_COOKIE, session)
    assert client.get("/api/v1/me").status_code == 200


def test_a_token_runs_out(client: Caller, add_account: AddAccount, clock: Watch) -> None:
    add_account("siti")
    good = bearer(ask_token(client))
    clock.pass_by(minutes=14)
    assert client.get("/api/v1/me", **good).status_code == 200
    clock.pass_by(minutes=1)
    assert client.get("/api/v1/me", **good).status_code == 401


def test_an_altered_token_is_refused(client: Caller, add_account: AddAccount) -> None:
    add_account("siti")
    head, body, signature = ask_token(client).split(".")
    claims = jwt.get_unverified_claims(f"{head}.{body}.{signature}")
    other = jwt.encode({**claims, "sub": str(derived_secret("x"))}, KEY).split(".")[1]
    for forged in (f"{head}.{other}.{signature}", f"{head}.{body}.{signature[:-4]}AAAA", "x", ""):
        assert client.get("/api/v1/me", **bearer(forged)).status_code == 401


@pytest.mark.parametrize("alg", ["none", "None", "HS384", "RS256"])
def test_a_token_never_chooses_how_it_is_checked(
    client: Caller, add_account: AddAccount, alg: str
) -> None:
    add_account("siti")
    token = ask_token(client)
    claims = jwt.get_unverified_claims(token)
    if alg == "HS384":
        forged = jwt.encode(claims, KEY, algorithm=alg)
    else:
        head = jwt.encode({"alg": alg, "typ": "JWT"}, KEY).split(".")[1]
        forged = f"{head}.{token.split('.')[1]}."
    assert client.get("/api/v1/me", **bearer(forged)).status_code == 401


def test_a_token_nested_without_end_is_no_token(client: Caller) -> None:
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","x":' + b"[" * 5000).decode().rstrip("=")
    assert client.get("/api/v1/me", **bearer(f"{head}.e30.x")).status_code == 401


def test_a_token_signed_with_another_key_is_refused(
    client: Caller, add_account: AddAccount
) -> None:
    account = add_account("siti")
    forged = sign_token(str(account.id), API, key="z" * 40, now=NOON, lifetime=timedelta(hours=1))
    assert client.get("/api/v1/me", **bearer(forged)).status_code == 401


def test_a_closed_account_is_out_at_once(
    client: Caller, add_account: AddAccount, engine: sa.Engine
) -> None:
    account = add_account("siti")
    token = bearer(ask_token(client))
    assert enter(client) == 204
    with writing(engine) as session:
        scope = service.NATION
        service.deactivate(session, account.id, scope=scope, actor="test", now=NOON)
    assert client.get("/api/v1/me").status_code == 401
    assert client.get("/api/v1/me", **token).status_code == 401
    assert enter(client) == 401


def test_a_new_password_ends_old_logins(
    client: Caller, add_account: AddAccount, engine: sa.Engine
) -> None:
    account = add_account("siti")
    token = bearer(ask_token(client))
    with writing(engine) as session:
        service.change_password(session, account.id, "hujan-deras-88", actor="test", now=NOON)
    assert client.get("/api/v1/me", **token).status_code == 401
    assert ask_token(client, password="hujan-deras-88")


def test_guessing_at_an_account_is_slowed_down(
    client: Caller, add_account: AddAccount, clock: Watch
) -> None:
    add_account("siti")
    for number in range(5):
        client.address = f"10.0.1.{number}"
        assert enter(client, "wrong-password") == 401
        clock.pass_by(minutes=1)
    answer = client.post("/api/v1/token", data={"username": "Siti", "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 10 * 60
    assert "10 menit" in answer.json()["detail"]
    clock.pass_by(minutes=10)
    assert enter(client) == 204


def test_guessing_from_an_address_is_slowed_down(
    client: Caller, add_account: AddAccount, clock: Watch, engine: sa.Engine
) -> None:
    add_account("siti")
    with writing(engine) as session:
        for number in range(29):
            user, house = f"hash of guess {number}", rules.address_digest("2001:db8::1")
            repository.add_failure(session, user, house, NOON)
    client.address = "2001:db8::1"
    data = {"username": "another guess", "password": "wrong-password"}
    assert client.post("/api/v1/token", data=data).status_code == 401
    client.address = "2001:db8::2"  # the same house
    assert enter(client) == 429
    client.address = "2001:db8:0:1::1"
    assert enter(client) == 204
    client.address = "2001:db8::1"
    clock.pass_by(minutes=15)
    assert enter(client) == 204


def test_a_login_forgives_earlier_slips(client: Caller, add_account: AddAccount) -> None:
    add_account("siti")
    for _ in range(2):
        for _ in range(4):
            assert enter(client, "wrong-password") == 401
        assert enter(client) == 204


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    client: Caller, add_account: AddAccount, app_settings: Settings
) -> None:
    add_account("siti")
    cookie = client.post(f"/masuk?user_name=siti&password={PASSWORD}").headers["set-cookie"]
    assert re.search("; HttpOnly", cookie)
    assert re.search("; SameSite=lax", cookie)
    assert "Secure" not in cookie
    client.app.state.settings = app_settings.model_copy(update={"secure_cookies": True})
    cookie = client.post(f"/masuk?user_name=siti&password={PASSWORD}").headers["set-cookie"]
    assert "Secure" in cookie


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://se2026.example"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "https://se2026.example"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "https://evil.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://se2026.example.evil.example"}, 403),
        ({"Origin": "https://se2026.example:8443"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_another_site_cannot_act_with_the_cookie(
    client: Caller, add_account: AddAccount, headers: dict[str, str], status: int
) -> None:
    add_account("siti")
    assert enter(client) == 204
    assert client.post("/act", headers=headers).status_code == status
    assert client.get("/api/v1/me", headers=headers).status_code == 200


def test_a_proxy_may_rename_the_host(client: Caller, add_account: AddAccount) -> None:
    add_account("siti")
    client.base_url = "http://upstream.internal:8026"
    client.cookies.set(SESSION_COOKIE, _session_token(client))
    public = {"Origin": "https://se2026.example"}
    assert client.post("/act", headers=public).status_code == 200


def _session_token(client: Caller) -> str:
    assert enter(client) == 204
    return str(client.cookies[SESSION_COOKIE])


def test_a_bearer_token_needs_no_such_check(client: Caller, add_account: AddAccount) -> None:
    add_account("siti")
    headers = {"Origin": "https://evil.example", **bearer(ask_token(client))["headers"]}
    assert client.post("/act", headers=headers).status_code == 200


def test_a_role_opens_some_doors(client: Caller, add_account: AddAccount) -> None:
    add_account("siti")
    add_account("admin", Role.REGENCY_ADMIN, "3375")
    answer = client.get("/admin", **bearer(ask_token(client)))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert client.get("/admin", **bearer(ask_token(client, "admin"))).status_code == 200
    assert client.get("/admin").status_code == 401


def test_a_token_for_nobody_is_refused(client: Caller) -> None:
    for subject in ("not-a-uuid", "00000000-0000-0000-0000-000000000000"):
        token = sign_token(subject, SESSION, key=KEY, now=NOON, lifetime=timedelta(hours=1))
        client.cookies.set(SESSION_COOKIE, token)
        assert client.get("/api/v1/me").status_code == 401


def test_the_region_tree_is_served_within_the_callers_scope(
    client: Caller, add_account: AddAccount, engine: sa.Engine
) -> None:
    with writing(engine) as session:
        import_areas(session, kota_pekalongan(), label="uji", actor="test", now=NOON)
    assert client.get("/api/v1/areas").status_code == 401
    add_account("siti", Role.ENUMERATOR, "3375010")
    mine = bearer(ask_token(client))
    found = client.get("/api/v1/areas", **mine).json()["areas"]
    assert [area["code"] for area in found] == ["3375010"]
    assert len(client.get("/api/v1/areas?parent=3375010", **mine).json()["areas"]) == 7
    assert client.get("/api/v1/areas/3375010004", **mine).json()["name"] == "Medono"
    assert client.get("/api/v1/areas/3375020007", **mine).status_code == 404
