from datetime import UTC, datetime
from hashlib import sha256

import pytest

from sync.envelope import Envelope, canonical, is_identifier, read_time


def test_an_envelope_knows_its_digest() -> None:
    envelope = Envelope(instance_id="a", form_id="f", form_version="1", body=b"<f/>")
    assert envelope.digest == sha256(b"<f/>").hexdigest()


def test_an_envelope_shows_no_answers_in_logs() -> None:
    envelope = Envelope(instance_id="a", form_id="f", form_version="1", body=b"3375012345670001")
    assert "3375012345670001" not in repr(envelope)


def test_equal_decisions_have_equal_bytes() -> None:
    assert (
        canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == b'{"a":"\xc3\xa9","b":1}'
    )


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-06-15T08:30:00.250+07:00", datetime(2026, 6, 15, 1, 30, 0, 250_000, tzinfo=UTC)),
        (" 2026-06-15T01:30:00Z ", datetime(2026, 6, 15, 1, 30, tzinfo=UTC)),
        ("2026-06-15T08:30:00", None),
        ("2026-06-15", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-10:00", None),
        ("1969-12-31T23:59:59Z", None),
        ("", None),
        (None, None),
    ],
)
def test_times_are_read_as_utc_or_not_at_all(text: str | None, utc: datetime | None) -> None:
    assert read_time(text) == utc


@pytest.mark.parametrize("text", ["", "  ", "a\x00b", "a\nb", "\ud800", "x" * 251])
def test_what_cannot_be_a_key(text: str) -> None:
    assert not is_identifier(text)


def test_what_can_be_a_key() -> None:
    assert is_identifier("uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427")
