"""Putting the pages into the service: routes, error pages, headers that protect the reader."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.csrf import SAFE_METHODS
from app.core.problems import (
    Invalid,
    NotFound,
    Problem,
    TooLarge,
    Unauthenticated,
    as_json,
    language_of,
)
from app.web.addresses import HOME, LOGIN
from app.web.pages import here, page
from app.web.routes import router

_MACHINES = ("/api/", "/openrosa/", "/healthz", "/metrics")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}

Handler = Callable[[Request, Any], Response | Awaitable[Response]]


def install(app: FastAPI) -> None:
    """Add pages, assets, error pages and protective headers to the service."""
    app.include_router(router)
    handlers: dict[type[Exception], Handler] = {
        Problem: _on_problem,
        HTTPException: _on_http,
        RequestValidationError: _on_invalid,
        Exception: _on_failure,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
    app.add_middleware(Protected, secure=app.state.settings.secure_cookies)


def protection(*, secure: bool) -> dict[str, str]:
    """Give the headers by which browsers protect their user."""
    return _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})


class Protected:
    """ASGI middleware that adds protective headers."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.fixed = protection(secure=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; add what the answer does not say itself."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.fixed.items():
                    headers.setdefault(name, value)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("Cache-Control", "no-store")  # the next user of a device
            await send(message)

        asked = scope["query_string"] if scope["method"] in SAFE_METHODS else b""
        if "\x00" in scope["path"] or b"%00" in asked:  # names nothing that we hold
            answer = _on_problem(Request(scope), NotFound())
            await answer(scope, receive, protected)
            return
        await self.app(scope, receive, protected)


def _for_machines(request: Request) -> bool:
    return request.url.path.startswith(_MACHINES)


def _on_problem(request: Request, problem: Problem) -> Response:
    if _for_machines(request):
        return as_json(request, problem)
    if isinstance(problem, Unauthenticated):
        return _to_login(request)
    headers = {"Retry-After": str(wait)} if (wait := getattr(problem, "retry_after", None)) else {}
    return page(request, "problem.html", status=problem.status, headers=headers, problem=problem)


def _to_login(request: Request) -> Response:
    back = here(request)
    query = f"?{urlencode({'next': back})}" if back != HOME else ""
    return RedirectResponse(f"{LOGIN}{query}", status_code=303)


async def _on_http(request: Request, error: HTTPException) -> Response:
    if _for_machines(request):
        said = _SAID.get(error.status_code, _SAID[Problem.status])
        return _plain_problem(error.status_code, _of(request, *said), error.headers)
    problem = NotFound() if error.status_code == NotFound.status else _unusual()
    return page(
        request,
        "problem.html",
        status=error.status_code,
        headers=dict(error.headers or {}),
        problem=problem,
    )


async def _on_invalid(request: Request, error: RequestValidationError) -> Response:
    if _for_machines(request):  # where it is wrong and why, never what was sent
        wrong = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        said = _of(request, "Permintaan tidak sesuai; perbaiki", "The request is wrong; correct")
        return _plain_problem(Invalid.status, f"{said}: {'; '.join(wrong)}")
    return page(request, "problem.html", status=Invalid.status, problem=_unusual())


_SAID = {
    Problem.status: (
        "Permintaan tidak dapat dibaca. Perbarui aplikasi lalu kirim ulang.",
        "The request cannot be read. Update the app and send again.",
    ),
    NotFound.status: (
        "Alamat ini tidak dikenal. Periksa alamat server, atau perbarui aplikasi.",
        "This address is unknown. Check the server's address, or update the app.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "Alamat ini tidak menerima metode itu; Allow menyebut yang diterima. Perbarui aplikasi.",
        "This address does not take that method; Allow names those it takes. Update the app.",
    ),
    TooLarge.status: (
        "Permintaan terlalu besar. Kirim lebih sedikit sekaligus.",
        "The request is too large. Send less at once.",
    ),
}


def _of(request: Request, said_id: str, said_en: str) -> str:
    return said_en if language_of(request) == "en" else said_id


def _plain_problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Give a problem document for what the framework itself refuses."""
    phrase = HTTPStatus(status).phrase
    code = phrase.lower().replace(" ", "_")
    body = {
        "type": f"urn:se2026:problem:{code}",
        "title": phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


def _on_failure(request: Request, _error: Exception) -> Response:
    """Say that it is our fault and nothing more: details may hold somebody's answers."""
    if _for_machines(request):
        return JSONResponse(
            Failure().body(language_of(request)),
            status_code=500,
            media_type="application/problem+json",
        )
    return page(request, "problem.html", status=500, problem=Failure())


class Failure(Problem):
    """Something that only we can mend."""

    status = 500
    code = "failure"
    title_id = "Terjadi kesalahan"
    title_en = "Something went wrong"

    def __init__(self) -> None:
        super().__init__(
            "Kesalahan ada di pihak kami dan sudah dicatat. Data Anda yang sudah diterima tetap "
            "aman. Coba lagi sebentar lagi.",
            "The fault is ours and has been noted. What was received from you is safe. "
            "Please try again in a moment.",
        )


def _unusual() -> Invalid:
    return Invalid(
        "Alamat atau isian ini tidak dapat dipahami. Kembali ke halaman sebelumnya dan coba lagi.",
        "This address or form cannot be understood. Go back to the page before and try again.",
    )
