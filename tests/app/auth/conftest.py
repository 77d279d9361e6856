"""Accounts in a real database, and a small service around the doors of this floor."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import pytest
import sqlalchemy as sa
from fastapi import Depends, FastAPI, Request, Response

from app.auth import service
from app.auth.actor import CurrentActor, require
from app.auth.models import Account, Role
from app.auth.routes import address_of, router
from app.core.db import Tx, writing
from app.core.problems import Problem, as_json
from app.core.settings import Settings
from tests.conftest import NOON
from tests.support.asgi import Caller

PASSWORD = "sawah-hijau-2026"
AddAccount = Callable[..., Account]


class Watch:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Watch:
    return Watch()


@pytest.fixture
def app_settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, secret_key="k" * 40, public_url="https://se2026.example")


@pytest.fixture
def add_account(engine: sa.Engine) -> AddAccount:
    def add(user_name: str = "siti", role: Role = Role.ENUMERATOR, *areas: str) -> Account:
        with writing(engine) as session:
            return service.create_account(
                session,
                user_name=user_name,
                display_name=user_name.title(),
                password=PASSWORD,
                role=role,
                areas=areas or ("3375010004",),
                actor="test",
                now=NOON,
            )

    return add


@pytest.fixture
def client(engine: sa.Engine, clock: Watch, app_settings: Settings) -> Caller:
    app = FastAPI()
    app.state.engine, app.state.clock, app.state.settings = engine, clock, app_settings
    app.include_router(router)
    app.add_exception_handler(Problem, as_json)  # type: ignore[arg-type]
    app.post("/masuk")(_enter)
    app.post("/act")(_act)
    app.get("/admin")(_administer)
    return Caller(app)


def _enter(request: Request, session: Tx, user_name: str, password: str) -> Response:
    """What a login page does."""
    state = request.app.state
    entered = service.log_in(
        session,
        user_name,
        password,
        address=address_of(request),
        now=state.clock(),
        settings=state.settings,
    )
    if entered is None:
        return as_json(request, service.wrong_login())
    response = Response(status_code=204)
    service.set_session_cookie(response, entered.token, state.settings)
    return response


def _act(actor: CurrentActor) -> str:
    return actor.user_name


def _administer(
    actor: Annotated[object, Depends(require(Role.REGENCY_ADMIN, Role.NATIONAL_ADMIN))],
) -> str:
    return "ok"
