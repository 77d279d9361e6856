"""The token endpoint, who one is, and the region tree as far as one's scope reaches."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import OAuth2PasswordRequestForm

from app.areas.routes import areas_router
from app.auth import service
from app.auth.actor import API, CurrentActor, asking_scope
from app.auth.schemas import Me, TokenAnswer
from app.core.db import Tx
from app.core.problems import as_json

router = APIRouter(prefix="/api/v1")
router.include_router(areas_router(asking_scope))


def address_of(request: Request) -> str:
    """Give the address that a request comes from, as the server in front told it."""
    return request.client.host if request.client else ""


@router.post("/token", response_model=TokenAnswer, tags=["auth"])
def token(
    request: Request, session: Tx, form: Annotated[OAuth2PasswordRequestForm, Depends()]
) -> TokenAnswer | Response:
    """Give a bearer token for a user name and password."""
    state = request.app.state
    entered = service.log_in(
        session,
        form.username,
        form.password,
        address=address_of(request),
        now=state.clock(),
        settings=state.settings,
        purpose=API,
    )
    if entered is None:
        return as_json(request, service.wrong_login())  # returned: the failure is committed
    return TokenAnswer(access_token=entered.token, expires_in=entered.expires_in)


@router.get("/me", tags=["auth"])
def me(actor: CurrentActor) -> Me:
    """Tell who is logged in, in which role and for which areas."""
    return Me.of(actor)
