"""Sending as a stock ODK client does: one submission after another, with its files."""

from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Final

import httpx

from sync.client.retry import Ask
from sync.client.spool import Parcel, Spool
from sync.errors import Refused, Unreadable

_CREATED, _ACCEPTED, _NO_CONTENT = 201, 202, 204
TAKEN: Final = frozenset({_CREATED, _ACCEPTED})
CLOSED: Final = frozenset({401, 403})
CLIENT_ERRORS: Final = range(400, 500)
#: what a server that names no limit takes in one request
_REQUEST_BYTES: Final = 10_000_000


class OpenRosaDoor:
    """The way of one spool through an OpenRosa server's door; `ask` is patient with the line."""

    def __init__(
        self,
        spool: Spool,
        http: httpx.Client,
        ask: Ask,
        clock: Callable[[], datetime],
    ) -> None:
        self._spool = spool
        self._http = http
        self._ask = ask
        self._clock = clock

    def submit(self, url: str, parcel: Parcel) -> httpx.Response:
        """Send one submission in as many posts as it takes; give the answer that decides."""
        target, limit = self._greet(url)
        *earlier, last = _loads(parcel, limit)
        for names in earlier:
            response = self._post(target, parcel, names, is_last=False)
            if response.status_code not in TAKEN:
                return response
        response = self._post(target, parcel, last, is_last=True)
        if response.status_code in TAKEN:
            self._spool.accept(parcel.name, response.status_code)
        return response

    def _greet(self, url: str) -> tuple[str, int]:
        """Ask by HEAD where to post and how much at once."""

        def read(response: httpx.Response) -> tuple[str, int]:
            expect(response, _NO_CONTENT)
            told = response.headers.get("X-OpenRosa-Accept-Content-Length", "")
            limit = int(told) if told.isdecimal() else _REQUEST_BYTES
            return str(response.url.join(response.headers.get("Location", ""))), limit

        return self._ask(lambda: self._http.head(url, headers=self._headers()), read)

    def _post(
        self, url: str, parcel: Parcel, names: Sequence[str], *, is_last: bool
    ) -> httpx.Response:
        envelope = parcel.envelope
        digests = {each.name: each.sha256 for each in envelope.attachments}
        files = [("xml_submission_file", ("submission.xml", envelope.body, "text/xml"))]
        for name in names:
            content = self._spool.blob(digests[name])
            files.append((name, (name, content, "application/octet-stream")))
        fields = {} if is_last else {"*isIncomplete*": "yes"}

        def request() -> httpx.Response:
            return self._http.post(url, data=fields, files=files, headers=self._headers())

        def read(response: httpx.Response) -> httpx.Response:
            if response.status_code in CLOSED or response.status_code < CLIENT_ERRORS.start:
                expect(response, *TAKEN)
            return response

        return self._ask(request, read)

    def _headers(self) -> dict[str, str]:
        return {"X-OpenRosa-Version": "1.0", "Date": format_datetime(self._clock())}


def expect(response: httpx.Response, *statuses: int) -> None:
    """Raise Refused where the device must change something, Unreadable where another try may do.

    A redirect or a page instead of the expected status is a captive portal's, not the server's.
    """
    if response.status_code in CLIENT_ERRORS:
        raise Refused(response.status_code)
    if response.status_code not in statuses:
        raise Unreadable("bad_answer")


def _loads(parcel: Parcel, limit: int) -> list[list[str]]:
    """Share the attachments' names among requests of at most `limit` bytes, at least one."""
    loads: list[list[str]] = [[]]
    room = limit - len(parcel.envelope.body)
    size = 0
    for each in parcel.envelope.attachments:
        if loads[-1] and size + each.size > room:
            loads.append([])
            size = 0
        loads[-1].append(each.name)
        size += each.size
    return loads
