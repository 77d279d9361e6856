"""The service as one ASGI application."""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.connection import wait

import sqlalchemy as sa
import structlog
from fastapi import FastAPI
from obstore.exceptions import BaseError as StoreError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from app import web
from app.auth.basic import BasicLogins
from app.auth.routes import router as auth
from app.core.clock import Clock, utc_now
from app.core.db import database_url, make_engine
from app.core.migrate import migrate
from app.core.office import Office
from app.core.problems import Unavailable, as_json
from app.core.settings import Settings, settings
from app.coverage.routes import router as coverage
from app.dedup.doorstep_routes import router as doorstep
from app.dedup.routes import router as matching
from app.export.codebook_routes import router as codebooks
from app.export.routes import router as export
from app.fieldwork.routes import router as fieldwork
from app.intake.batch import Batches, unreadable
from app.intake.batch import router as batch
from app.intake.draft_door import router as draft_door
from app.intake.lanes import LaneQueues
from app.intake.ledger import router as ledger
from app.intake.memory import Memory
from app.intake.openrosa import router as openrosa
from app.intake.pull import router as pull
from app.intake.quick_door import QuickDoor
from app.intake.size_limit import SizeLimit
from app.intake.submissions import take_submissions
from app.intake.tus import router as files
from app.questionnaires.routes import router as questionnaires
from app.registry.entity_list import entity_list
from app.registry.entity_rules import USAHA
from app.registry.routes import router as registry
from app.review.corrections import CORRECTIONS, PERBAIKAN
from app.review.routes import router as review
from sync.errors import Unreadable

LOG = structlog.get_logger()
_HELD_AT_ONCE = 40_000_000  # bytes of submissions; PostgreSQL gets several copies of them
_YOUNG = 10_000  # objects between two collections; a batch makes many, all soon gone


class Service(FastAPI):
    """The application, with a door before it for the submissions that nearly all are."""

    def build_middleware_stack(self) -> ASGIApp:
        """Give what requests go through."""
        state = self.state
        return QuickDoor(
            SizeLimit(super().build_middleware_stack(), state.settings.max_request_mb),
            Office(state.settings, state.engine, state.clock),
            state.submissions,
            web.protection(secure=state.settings.secure_cookies),
        )


def create_app(settings: Settings, engine: sa.Engine, clock: Clock = utc_now) -> FastAPI:
    """Give the service over a migrated database; it closes the engine when it stops."""
    made = Service(
        title="SE2026 Field",
        docs_url=None,  # its page would fetch scripts from elsewhere,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_lifespan,
    )
    made.state.settings = settings
    made.state.engine = engine
    made.state.clock = clock
    made.state.submissions = LaneQueues(engine, take_submissions)
    made.state.batches = Batches(engine)
    made.state.memory = Memory(_HELD_AT_ONCE)
    made.state.basic_logins = BasicLogins()
    made.state.entity_lists = {
        f"{USAHA}.csv": entity_list(USAHA),
        f"{PERBAIKAN}.csv": CORRECTIONS,
    }
    made.add_exception_handler(Unreadable, unreadable)
    made.add_exception_handler(ClientDisconnect, _gone)
    for error in (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError):
        made.add_exception_handler(error, _unavailable)
    for fault in (OSError, StoreError):
        made.add_exception_handler(fault, _no_room)
    for router in (
        openrosa,  # routes are tried in this order: first what is asked for most
        auth,
        draft_door,
        batch,
        pull,
        ledger,
        files,
        questionnaires,
        matching,
        doorstep,
        registry,
        review,
        fieldwork,
        coverage,
        export,
        codebooks,
    ):
        made.include_router(router)
    made.add_api_route("/healthz", _health, include_in_schema=False)
    web.install(made)
    return made


def serve() -> FastAPI:
    """Give the service of the configured office; what uvicorn calls in each of its processes."""
    chosen = settings()
    engine = make_engine(database_url(chosen))
    migrate(engine)
    made = create_app(chosen, engine)
    gc.freeze()  # what is loaded by now stays: no collection has to look at it
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    return made


def serve_beside_others() -> FastAPI:
    """Give the same to one of several processes, which ends when the one that began them does.

    Left alone, it would go on answering at an address that the next service needs.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    return serve()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


@asynccontextmanager
async def _lifespan(service: FastAPI) -> AsyncIterator[None]:
    yield
    service.state.submissions.close()
    service.state.batches.close()
    service.state.engine.dispose()


def _gone(request: Request, error: Exception) -> Response:
    """Answer nobody: the line broke while the request came. Nothing of it was stored."""
    del request, error
    return Response(status_code=400)


def _unavailable(request: Request, error: Exception) -> Response:
    """Tell a caller to come back when the database does; nothing of this request was stored."""
    del error
    answer = as_json(
        request,
        Unavailable(
            "Basis data sedang tidak dapat dihubungi. Data Anda tetap di perangkat; coba lagi.",
            "The database cannot be reached now. Your data stays on the device; try again.",
        ),
    )
    answer.headers["Retry-After"] = "2"
    return answer


def _no_room(request: Request, error: Exception) -> Response:
    """Tell a caller to come back when files can be written; nothing of this request was stored."""
    LOG.error("a file could not be read or written", error=type(error).__name__)
    answer = as_json(
        request,
        Unavailable(
            "Penyimpanan server sedang penuh atau rusak. Data Anda tetap di perangkat; coba lagi.",
            "The server's storage is full or fails. Your data stays on the device; try again.",
        ),
    )
    answer.headers["Retry-After"] = "60"
    return answer


def _health(request: Request) -> Response:
    """Answer 200 while the database answers."""
    with request.app.state.engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
    return PlainTextResponse("ok")
