"""Bringing files over tus 1.0, from where the server says that the last attempt broke off."""

from base64 import b64encode
from typing import Final

import httpx

from sync.client.retry import Ask
from sync.errors import Refused, Unreadable

PIECE: Final = 2_000_000  # bytes of one request
_TUS: Final = {"Tus-Resumable": "1.0.0"}
_CREATED, _OK, _NO_CONTENT = 201, 200, 204
_ELSEWHERE: Final = frozenset({404, 409, 423, 460})  # look again where the upload stands
_CLIENT_ERRORS: Final = range(400, 500)
_MOST_LOOKS: Final = 5  # without a byte more, it is no broken line


def bring(http: httpx.Client, ask: Ask, path: str, digest: str, content: bytes) -> None:
    """Bring a file until the server has it whole. Raises Refused or Unreachable."""
    offset = _announce(http, ask, path, digest, len(content))
    furthest, looks = offset, 0
    while offset < len(content):
        offset = _go_on(http, ask, f"{path}/{digest}", offset, content)
        if offset < 0:
            offset = _announce(http, ask, path, digest, len(content))
        looks = looks + 1 if offset <= furthest else 0
        furthest = max(furthest, offset)
        if looks >= _MOST_LOOKS:
            raise Refused(_CLIENT_ERRORS.start)


def _announce(http: httpx.Client, ask: Ask, path: str, digest: str, length: int) -> int:
    told = b64encode(digest.encode()).decode()
    headers = {**_TUS, "Upload-Length": str(length), "Upload-Metadata": f"sha256 {told}"}
    return ask(lambda: http.post(path, headers=headers), lambda answer: _offset(answer, _CREATED))


def _go_on(http: httpx.Client, ask: Ask, path: str, offset: int, content: bytes) -> int:
    """Send the next piece; give where the upload then stands, -1 to ask anew."""
    headers = {
        **_TUS,
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
    }
    piece = content[offset : offset + PIECE]

    def read(answer: httpx.Response) -> int:
        return -1 if answer.status_code in _ELSEWHERE else _offset(answer, _NO_CONTENT)

    return ask(lambda: http.patch(path, content=piece, headers=headers), read)


def _offset(answer: httpx.Response, expected: int) -> int:
    """Read where the upload stands. Raises Refused, or Unreadable for a page of somebody else's."""
    if answer.status_code in _CLIENT_ERRORS:
        raise Refused(answer.status_code)
    told = answer.headers.get("Upload-Offset", "")
    if answer.status_code not in {expected, _OK} or not told.isdecimal():
        raise Unreadable("bad_answer")
    return int(told)
