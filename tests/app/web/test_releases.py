from app.auth.scope import Scope
from app.core.db import writing
from app.export.service import release
from tests.conftest import NOON
from tests.support.office import OpenOffice, password_of


def seen_by(office: OpenOffice, user: str) -> tuple[int, str]:
    form = {"user_name": user, "password": password_of(user)}
    assert office.client.post("/masuk", data=form).status_code == 303
    answer = office.client.get("/rilis")
    office.client.cookies.clear()
    return answer.status_code, answer.text


def test_an_analyst_finds_every_file_of_a_release(office: OpenOffice) -> None:
    with writing(office.engine) as session:
        made = release(
            session,
            Scope.of(["3375"]),
            "3375",
            settings=office.settings,
            actor="test",
            now=NOON,
        )
    status, text = seen_by(office, "analis")
    assert status == 200
    assert f"/api/v1/releases/{made.digest}/SHA256SUMS" in text


def test_without_a_release_the_page_says_how_to_make_one(office: OpenOffice) -> None:
    assert "se2026 release" in seen_by(office, "admin")[1]


def test_others_do_not_see_releases(office: OpenOffice) -> None:
    assert [seen_by(office, user)[0] for user in ("ppl01", "pml01", "pemkot")] == [403] * 3
