"""Whatever bytes come, a codec gives what the journal can keep, or a reason from the catalogue."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from hypothesis import example, given
from hypothesis import strategies as st

from sync.codecs import stream
from sync.codecs.batch import (
    PullAnswer,
    answer,
    decode_push,
    decode_push_answer,
    encode_push,
    encode_push_answer,
    taken,
)
from sync.codecs.openrosa import read_envelope
from sync.codecs.packing import inflate
from sync.cursor import Cursor
from sync.engine import ingest
from sync.envelope import Arrival, Envelope, canonical, is_identifier
from sync.errors import CODES, Unreadable
from sync.memory import MemoryJournal

NOON = datetime(2026, 6, 15, 5, 0, tzinfo=UTC)
ARRIVAL = Arrival(lane="3375", actor="ppl", received_at=NOON, door="batch")

XML = (
    b'<?xml version="1.0" encoding="UTF-8"?><data id="se2026_l" version="7" '
    b'xmlns:orx="http://openrosa.org/xforms"><end>2026-06-15T12:00:00.000+07:00</end>'
    b"<orx:meta><orx:instanceID>uuid:1</orx:instanceID>"
    b"<orx:deprecatedID>uuid:0</orx:deprecatedID></orx:meta></data>"
)


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Give `whole` with a piece cut out and another put in."""
    start = draw(st.integers(0, len(whole)))
    end = draw(st.integers(start, min(len(whole), start + 40)))
    piece = draw(
        st.binary(max_size=12) | st.sampled_from([b"<", b"&#0;", b"\xff", b"<!DOCTYPE d>"])
    )
    return whole[:start] + piece + whole[end:]


def refusal(read: Callable[..., object], *told: object, **limits: int) -> str | None:
    """Give the code with which `read` refuses, or None; it may raise nothing else."""
    try:
        read(*told, **limits)
    except Unreadable as error:
        return error.code
    return None


@given(st.binary(max_size=200) | damaged(XML))
@example(XML)
def test_a_submission_is_kept_or_refused_with_a_reason(body: bytes) -> None:
    if refused := refusal(read_envelope, body):
        assert refused in CODES
        return
    envelope = read_envelope(body)
    assert envelope.body == body
    assert is_identifier(envelope.instance_id)
    assert is_identifier(envelope.form_id)
    journal = MemoryJournal()
    ingest([envelope], journal, ARRIVAL)
    assert journal.verify() == ()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
_FIELDS = ("kind", "instance_id", "form_id", "form_version", "body", "sha256", "captured_at")
_OTHERS = ("prior_instance_id", "attachments")


@st.composite
def items(draw: st.DrawFn) -> dict[str, object]:
    """Give an envelope in JSON, some of whose fields are anything at all."""
    body = draw(st.sampled_from([XML, b"{}", b"<d/>"]))
    item: dict[str, object] = {
        "kind": draw(st.sampled_from(["submission", "review"])),
        "instance_id": "uuid:1",
        "form_id": "se2026_l",
        "form_version": "7",
        "body": b64encode(body).decode(),
        "sha256": sha256(body).hexdigest(),
    }
    return item | draw(st.dictionaries(st.sampled_from(_FIELDS + _OTHERS), _JSON, max_size=2))


@given(st.lists(items() | _JSON, max_size=4))
def test_every_envelope_of_a_batch_gets_a_receipt_or_a_reason(told: list[object]) -> None:
    push = decode_push(
        json.dumps({"protocol": 1, "device": "d", "sent_at": None, "envelopes": told})
        .replace("NaN", "0")
        .replace("Infinity", "0")
        .encode()
    )
    journal = MemoryJournal(epoch=2)
    receipts = ingest(taken(push), journal, ARRIVAL)
    response = answer(push, receipts, journal.epoch)
    assert len(response.results) == len(told)
    assert len(decode_push_answer(encode_push_answer(response)).results) == len(told)
    assert journal.verify() == ()


def pulled(body: bytes) -> list[PullAnswer]:
    return list(stream.read(body.decode(errors="replace").splitlines()))


@given(st.binary(max_size=100) | damaged(b'{"protocol": 1, "device": "d", "envelopes": []}'))
def test_requests_and_answers_are_read_or_refused(body: bytes) -> None:
    for read in (decode_push, decode_push_answer, pulled):
        assert refusal(read, body) in {None, *CODES}


@given(st.binary(max_size=100), st.sampled_from(["gzip", "deflate", "identity", "br"]))
def test_any_content_encoding_is_undone_or_refused(body: bytes, encoding: str) -> None:
    if refused := refusal(inflate, body, encoding, max_bytes=50):
        assert refused in CODES
    else:
        assert len(inflate(body, encoding, max_bytes=50)) <= 50


_PLACES = st.integers(0, 10**18 - 1)
_AREAS = st.lists(st.text("0123456789", max_size=16), max_size=30).map(tuple)
_CURSORS = st.builds(Cursor, _PLACES, _PLACES, _PLACES, _AREAS)


@given(st.text(max_size=30) | _CURSORS.map(Cursor.format))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    if refused := refusal(Cursor.parse, text):
        assert refused == "bad_cursor"
    else:
        assert Cursor.parse(Cursor.parse(text).format()) == Cursor.parse(text)


@given(_CURSORS)
def test_a_cursor_survives_its_journey(cursor: Cursor) -> None:
    assert Cursor.parse(cursor.format()) == cursor


_NAMES = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
_DECISIONS = st.builds(
    Envelope,
    kind=_NAMES.filter(lambda kind: kind != "submission"),
    instance_id=_NAMES,
    form_id=_NAMES,
    form_version=_NAMES,
    body=st.dictionaries(st.text(max_size=5), st.integers()).map(canonical),
    device=st.just("tablet"),
    captured_at=st.none() | st.integers(0, 10**6).map(lambda s: NOON + timedelta(seconds=s)),
    prior_instance_id=st.none() | _NAMES,
)


@given(st.lists(_DECISIONS, max_size=3))
def test_decisions_travel_unchanged(batch: list[Envelope]) -> None:
    push = decode_push(encode_push(batch, device="tablet", sent_at=NOON))
    assert (taken(push), push.problems) == (batch, ())
