"""A small service with the pages, over an invented town."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from app import web
from app.auth.models import Role
from app.auth.routes import router as auth
from app.auth.service import create_account
from app.core.db import writing
from app.core.settings import Settings
from app.coverage.projector import rebuild_coverage
from app.coverage.routes import router as coverage
from app.review.models import Status
from tests.conftest import NOON
from tests.support import town
from tests.support.asgi import Caller

PASSWORD = "kata sandi uji"


@pytest.fixture
def site(engine: sa.Engine, tmp_path: Path) -> FastAPI:
    """The pages with coverage and accounts beneath, and a town half covered."""
    with writing(engine) as session:
        town.build(session)
        town.settle(session, town.MEDONO_A, *[None] * 8, *["00"] * 4, "3")
        town.settle(session, town.MEDONO_A, *["1"] * 20, *["2"] * 5, status=Status.APPROVED)
        town.settle(session, town.TIRTO_A, *[None] * 6)
        town.settle(session, town.TIRTO_A, *["1"] * 12, *["2"] * 4, status=Status.SUBMITTED)
        town.settle(session, town.LANE, "2", status=Status.SUBMITTED)
    rebuild_coverage(engine, town.LANE)
    made = FastAPI()
    made.state.settings = Settings(data_dir=tmp_path, secret_key="x" * 40)
    made.state.engine = engine
    made.state.clock = lambda: NOON
    made.include_router(auth)
    made.include_router(coverage)
    web.install(made)
    return made


@pytest.fixture
def enter(site: FastAPI, engine: sa.Engine) -> Callable[..., Caller]:
    """Log a new account in and give its browser, which speaks Indonesian."""

    def entered(role: Role = Role.REGENCY_ADMIN, *areas: str) -> Caller:
        with writing(engine) as session:
            create_account(
                session,
                user_name=role.value,
                display_name="Sri <Wahyuni>",
                password=PASSWORD,
                role=role,
                areas=areas or (town.LANE,),
                actor="test",
                now=NOON,
            )
        caller = Caller(site)
        form = {"user_name": role.value, "password": PASSWORD}
        assert caller.post("/masuk", data=form).status_code == 303
        return caller

    return entered
