import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from app.areas.routes import areas_router
from app.areas.scope import Scope
from app.core.problems import Problem, as_json
from tests.app.areas.conftest import Import
from tests.support.asgi import Caller

ENUMERATOR = Scope.of(["3375010004", "3375020007"])


@pytest.fixture
def caller(engine: sa.Engine, city: Import) -> Caller:
    app = FastAPI()
    app.state.engine = engine
    app.include_router(areas_router(lambda: ENUMERATOR))
    app.add_exception_handler(Problem, as_json)  # type: ignore[arg-type]
    return Caller(app)


def codes(answer: object) -> list[str]:
    return [area["code"] for area in answer["areas"]]  # type: ignore[index]


def test_one_walks_down_the_tree(caller: Caller) -> None:
    top = caller.get("/areas").json()
    assert (top["parent"], codes(top)) == (None, ["3375010004", "3375020007"])
    below = caller.get("/areas", params={"parent": "3375010004"}).json()
    assert (below["parent"], codes(below)) == ("3375010004", ["33750100040001", "33750100040002"])
    area = caller.get("/areas/3375010004").json()
    assert (area["name"], area["postal_code"], area["kemendagri_code"]) == (
        "Medono",
        "51111",
        "33.75.01.1002",
    )
    assert [step["code"] for step in area["path"]] == ["33", "3375", "3375010", "3375010004"]
    assert area["latitude"] == pytest.approx(-6.903037)


@pytest.mark.parametrize("code", ["3375010007", "3375010", "3375", "33", "rubbish", "3375999999"])
def test_outside_there_is_nothing(caller: Caller, code: str) -> None:
    for url in (f"/areas/{code}", f"/areas?parent={code}"):
        answer = caller.get(url)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_page_costs_few_statements(caller: Caller, engine: sa.Engine) -> None:
    statements: list[str] = []
    sa.event.listen(
        engine, "before_cursor_execute", lambda *call: statements.append(call[2]), named=False
    )
    caller.get("/areas/3375010004")
    assert len(statements) == 2
    caller.get("/areas?parent=3375010004")
    assert len(statements) == 4
