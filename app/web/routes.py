"""Login, language and files; the other pages stand beside this file."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.auth import service
from app.auth.actor import CurrentActor, OptionalActor, clear_session_cookie, set_session_cookie
from app.auth.csrf import refuse_foreign
from app.auth.routes import address_of
from app.core.db import Tx
from app.core.office import office_of
from app.core.problems import NotFound, Problem, TooManyRequests, language_of
from app.web.addresses import HOME, LOGIN, local
from app.web.announcements import router as announcements
from app.web.assets import asset
from app.web.assignments import router as assignments
from app.web.businesses import router as businesses
from app.web.codebook import router as codebook
from app.web.comparisons import router as comparisons
from app.web.dashboard import router as dashboard
from app.web.documents import router as documents
from app.web.entities import router as entities
from app.web.labelling import router as labelling
from app.web.language import LANGUAGES
from app.web.matching import router as matching
from app.web.matching_actions import router as matching_actions
from app.web.pages import page
from app.web.questionnaires import router as questionnaires
from app.web.releases import router as releases
from app.web.revalidations import router as revalidations
from app.web.setup_codes import router as setup_codes

_YEAR = 365 * 24 * 3600

router = APIRouter(include_in_schema=False)
for each in (
    dashboard,
    documents,
    matching_actions,
    matching,
    labelling,
    businesses,
    entities,
    assignments,
    announcements,
    setup_codes,
    revalidations,
    comparisons,
    codebook,
    questionnaires,
    releases,
):
    router.include_router(each)


@router.get(LOGIN)
def login_form(request: Request, actor: OptionalActor, next: str = HOME) -> Response:  # noqa: A002 - the parameter's public name
    """Show the login form; whoever is in already goes on."""
    if actor is not None:
        return RedirectResponse(local(next), status_code=303)
    return page(request, "login.html", next=local(next), user_name="", problem=None)


@router.post(LOGIN, dependencies=[Depends(refuse_foreign)])
def log_in(
    request: Request,
    session: Tx,
    user_name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next: Annotated[str, Form()] = HOME,  # noqa: A002 - the field's public name
) -> Response:
    """Log in, or show the form again and say why not."""
    office = office_of(request)
    try:
        entered = service.log_in(
            session,
            user_name,
            password,
            address=address_of(request),
            now=office.clock(),
            settings=office.settings,
        )
    except TooManyRequests as problem:
        return _refused(request, problem, user_name, next)
    if entered is None:  # answered, not raised: the failure is committed
        return _refused(request, service.wrong_login(), user_name, next)
    answer = RedirectResponse(local(next), status_code=303)
    set_session_cookie(answer, entered.token, office.settings)
    return answer


def _refused(request: Request, problem: Problem, user_name: str, goal: str) -> Response:
    said = problem.told(language_of(request))
    return page(
        request,
        "login.html",
        status=problem.status,
        next=local(goal),
        user_name=user_name,
        problem=said,
    )


@router.post("/keluar")
def log_out(request: Request, _actor: CurrentActor) -> Response:
    """Log out."""
    answer = RedirectResponse(LOGIN, status_code=303)
    clear_session_cookie(answer, office_of(request).settings)
    return answer


@router.get("/bahasa/{language}")
def choose_language(request: Request, language: str, kembali: str = HOME) -> Response:
    """Remember the reader's language and go back."""
    if language not in LANGUAGES:
        raise NotFound
    answer = RedirectResponse(local(kembali), status_code=303)
    secure = office_of(request).settings.secure_cookies
    answer.set_cookie("language", language, max_age=_YEAR, samesite="lax", secure=secure)
    return answer


@router.get("/aset/{name}")
def serve_asset(request: Request, name: str) -> Response:
    """Give a file that browsers may keep for ever: its address names its content."""
    found = asset(name)
    if found is None:
        raise NotFound
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": f'"{found.digest}"',
        "Vary": "Accept-Encoding",
    }
    if f'"{found.digest}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.packed, headers=headers, media_type=found.media_type)
    return Response(found.body, headers=headers, media_type=found.media_type)
