"""A multipart of one part is read without a parser, and gives what the parser would."""

import asyncio

import pytest
from starlette.requests import Request

from app.intake.multipart import Parcel, received
from sync.errors import Unreadable

XML = b'<data id="f"><a>1\r\n</a></data>'
PLAIN = b'Content-Disposition: form-data; name="xml_submission_file"; filename="submission.xml"'


def form(*parts: bytes, boundary: bytes = b"----x", end: bytes = b"--\r\n") -> bytes:
    return b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + (
        b"--" + boundary + end
    )


def parcel_of(body: bytes, boundary: str = "----x") -> tuple[Parcel, bytes | None]:
    """Give the parcel of a request, and its submission; None where there is none."""
    kind = f"multipart/form-data; boundary={boundary}".encode()
    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind)]}

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def run() -> tuple[Parcel, bytes | None]:
        async with received(Request(scope, receive)) as parcel:
            try:
                return parcel, parcel.submission()
            except Unreadable:
                return parcel, None

    return asyncio.run(run())


@pytest.mark.parametrize(
    "head", [PLAIN, PLAIN + b"\r\nContent-Type: text/xml", PLAIN.lower() + b"\r\ncontent-type: a/b"]
)
@pytest.mark.parametrize("end", [b"--", b"--\r\n"])
def test_a_lone_submission_is_read_as_it_came(head: bytes, end: bytes) -> None:
    parcel, told = parcel_of(form(head + b"\r\n\r\n" + XML, end=end))
    assert told == XML
    assert parcel.form is None
    assert not parcel.has_attachments


@pytest.mark.parametrize(
    "body",
    [
        form(PLAIN.replace(b"submission.xml", b'a\\"b') + b"\r\n\r\n" + XML),
        form(PLAIN + b"\r\nX-More: 1\r\n\r\n" + XML),
        form(PLAIN + b"\r\n\r\n" + XML, PLAIN.replace(b"xml_submission_file", b"a") + b"\r\n\r\n1"),
        form(PLAIN + b"\r\n\r\n" + XML + b" " * 100_000),
        form(PLAIN.partition(b"; filename")[0] + b"\r\n\r\n" + XML),
    ],
    ids=["quoted", "header", "two parts", "long", "field"],
)
def test_whatever_is_not_plain_goes_to_the_parser(body: bytes) -> None:
    parcel, told = parcel_of(body)
    assert parcel.lone is None
    assert told is not None
    assert told.rstrip(b" ") == XML


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_half_a_lone_submission_is_none(cut: int) -> None:
    whole = form(PLAIN + b"\r\n\r\n" + XML, end=b"--")
    assert parcel_of(whole[:-cut])[1] is None
