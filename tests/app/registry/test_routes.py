from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from app.auth.models import Role
from app.auth.routes import router as auth
from app.auth.service import create_account
from app.core.db import writing
from app.core.problems import Problem, as_json
from app.core.settings import Settings
from app.registry.routes import router
from tests.app.registry.conftest import HERE, LANE, THERE, Town
from tests.conftest import NOON
from tests.support.asgi import Caller

PASSWORD = "sawah-hijau-2026"
NIB = "1234567890123"


@pytest.fixture
def caller(engine: sa.Engine, town: Town, tmp_path: Path) -> Caller:
    """The registry's doors before three units, of which two share a NIB."""
    town.bring(
        f"11,{HERE},BATIK,SITI,JL CONTOH 1,13134,,{NIB}",
        f"12,{THERE},TAHU,BUDI,JL CONTOH 2,10391,,{NIB}",
        f"13,{HERE},TEMPE,,,,,",
    )
    town.settle()
    made = FastAPI()
    made.state.engine, made.state.clock = engine, lambda: NOON
    made.state.settings = Settings(data_dir=tmp_path, secret_key="k" * 40)
    made.add_exception_handler(Problem, as_json)  # type: ignore[arg-type]
    made.include_router(auth)
    made.include_router(router)
    return Caller(made)


def login(caller: Caller, engine: sa.Engine, role: Role, area: str) -> dict[str, str]:
    with writing(engine) as session:
        create_account(
            session, user_name=role, display_name="Contoh", password=PASSWORD, role=role,
            areas=(area,), actor="test", now=NOON,
        )  # fmt: skip
    told = caller.post("/api/v1/token", data={"username": str(role), "password": PASSWORD})
    return {"Authorization": f"Bearer {told.json()['access_token']}"}


DOORS = ["/api/v1/units", "/api/v1/units/11"]


@pytest.mark.parametrize("door", DOORS)
def test_nobody_comes_in_without_a_login(caller: Caller, door: str) -> None:
    assert caller.get(door).status_code == 401


@pytest.mark.parametrize("role", [Role.GOVERNMENT, Role.ANALYST, Role.RESPONDENT])
def test_those_who_see_aggregates_never_see_units(
    caller: Caller, engine: sa.Engine, role: Role
) -> None:
    headers = login(caller, engine, role, LANE)
    assert [caller.get(door, headers=headers).status_code for door in DOORS] == [403] * 2


def test_an_officer_sees_the_units_of_the_area(caller: Caller, engine: sa.Engine) -> None:
    headers = login(caller, engine, Role.ENUMERATOR, HERE)
    page = caller.get("/api/v1/units", headers=headers).json()
    assert [unit["unit_id"] for unit in page["items"]] == ["11", "13"]
    assert page["next_cursor"] is None
    assert page["items"][0] == {
        "unit_id": "11", "origin": "prelist", "area_code": HERE, "prelist_area_code": HERE,
        "presence": None, "business_name": "BATIK", "owner_name": "SITI",
        "address": "JL CONTOH 1", "kbli": "13134", "latitude": None, "longitude": None,
        "document_id": None, "report_count": 0,
    }  # fmt: skip
    assert caller.get("/api/v1/units/11", headers=headers).json() == page["items"][0]


@pytest.mark.parametrize(
    "door",
    [
        "/api/v1/units/12",
        "/api/v1/units/99",
        f"/api/v1/units?area={THERE}",
        "/api/v1/units?area=3326",
    ],
)
def test_what_lies_elsewhere_does_not_exist(caller: Caller, engine: sa.Engine, door: str) -> None:
    headers = login(caller, engine, Role.ENUMERATOR, HERE)
    assert caller.get(door, headers=headers).status_code == 404


@pytest.mark.parametrize(
    "question", ["area=%25", "area=3375_", "cursor=nonsense", "limit=0", "limit=1001"]
)
def test_a_question_that_makes_no_sense_is_refused(
    caller: Caller, engine: sa.Engine, question: str
) -> None:
    headers = login(caller, engine, Role.SUPERVISOR, LANE)
    assert caller.get(f"/api/v1/units?{question}", headers=headers).status_code == 422


@pytest.mark.parametrize(("role", "area"), [(Role.REGENCY_ADMIN, LANE), (Role.NATIONAL_ADMIN, "")])
def test_units_come_in_pages_each_once(
    caller: Caller, engine: sa.Engine, role: Role, area: str
) -> None:
    headers = login(caller, engine, role, area)
    first = caller.get("/api/v1/units?limit=2", headers=headers).json()
    rest = caller.get(
        f"/api/v1/units?limit=2&cursor={first['next_cursor']}", headers=headers
    ).json()
    told = [unit["unit_id"] for page in (first, rest) for unit in page["items"]]
    assert told == ["11", "12", "13"]
    assert rest["next_cursor"] is None


def test_an_area_narrows_the_page(caller: Caller, engine: sa.Engine) -> None:
    headers = login(caller, engine, Role.REGENCY_ADMIN, LANE)
    page = caller.get(f"/api/v1/units?area={THERE[:14]}", headers=headers).json()
    assert [unit["unit_id"] for unit in page["items"]] == ["12"]


def test_a_page_costs_the_same_few_statements_however_long(
    caller: Caller, engine: sa.Engine
) -> None:
    headers = login(caller, engine, Role.REGENCY_ADMIN, LANE)
    sent: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    caller.get("/api/v1/units?limit=1", headers=headers)
    short = len(sent)
    sent.clear()
    caller.get("/api/v1/units", headers=headers)
    assert len(sent) == short
    assert sum("FROM unit" in statement for statement in sent) == 1
