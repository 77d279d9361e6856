"""Logging in as often as it takes: access tokens last minutes, a bad line lasts hours."""

from collections.abc import Generator
from typing import Final

import httpx

from sync.errors import Refused

_UNAUTHENTICATED: Final = 401
_BUSY: Final = frozenset({408, 425, 429})


class Login(httpx.Auth):
    """A user's login: asks for a token when there is none, and again when it is good no more.

    Raises Refused where the server does not let the user in. An answer that is none counts as a
    line that failed, so that whoever asks tries again.
    """

    requires_response_body = True

    def __init__(self, user: str, password: str, *, path: str = "/api/v1/token") -> None:
        self._form = {"username": user, "password": password}
        self._path = path
        self._token: str | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Send `request` with a token; once more, with a fresh one, where it was refused."""
        token = self._token
        if token is None:
            token = self._read((yield self._asking(request)), request)
        request.headers["Authorization"] = f"Bearer {token}"
        answer = yield request
        if answer.status_code == _UNAUTHENTICATED:
            token = self._read((yield self._asking(request)), request)
            request.headers["Authorization"] = f"Bearer {token}"
            yield request

    def _asking(self, request: httpx.Request) -> httpx.Request:
        url = request.url.copy_with(path=self._path, query=None)
        return httpx.Request("POST", url, data=self._form, extensions=request.extensions)

    def _read(self, answer: httpx.Response, request: httpx.Request) -> str:
        self._token = None
        if answer.is_client_error and answer.status_code not in _BUSY:
            raise Refused(answer.status_code)
        try:
            token = answer.json()["access_token"] if answer.is_success else None
        except (ValueError, KeyError, TypeError):
            token = None
        if not isinstance(token, str):
            raise httpx.ReadError("no usable answer to the login", request=request)
        self._token = token
        return token
