import gzip
import json
import tracemalloc
import zlib
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

import pytest
import zstandard

from sync.codecs.batch import (
    MAX_ENVELOPES,
    Problem,
    answer,
    decode_push,
    decode_push_answer,
    encode_push,
    encode_push_answer,
    taken,
)
from sync.codecs.openrosa import read_envelope
from sync.codecs.packing import inflate
from sync.engine import ingest
from sync.envelope import Arrival, Attachment, Envelope, canonical
from sync.errors import Unreadable
from sync.memory import MemoryJournal

NOON = datetime(2026, 6, 15, 5, 0, tzinfo=UTC)


def xml(instance: str = "uuid:1", meta: str = "") -> bytes:
    ids = f"<meta><instanceID>{instance}</instanceID>{meta}</meta>"
    end = "<end>2026-06-15T12:00:00+07:00</end>"
    return f'<data id="se2026_l" version="7">{end}{ids}</data>'.encode()


def submitted(instance: str = "uuid:1", meta: str = "") -> Envelope:
    photo = Attachment("front.jpg", "a" * 64, 3)
    return read_envelope(xml(instance, meta), device="tablet", attachments=[photo])


def decided() -> Envelope:
    return Envelope(
        kind="review",
        instance_id="uuid:9",
        form_id="review",
        form_version="1",
        body=canonical({"of": "uuid:1", "verdict": "approved"}),
        device="tablet",
        captured_at=NOON,
    )


def told(**changes: object) -> dict[str, object]:
    item = {
        "kind": "submission",
        "instance_id": "uuid:1",
        "form_id": "se2026_l",
        "form_version": "7",
        "body": b64encode(xml()).decode(),
        "sha256": sha256(xml()).hexdigest(),
        "captured_at": None,
        "prior_instance_id": None,
        "attachments": [],
    }
    return {**item, **changes}


def request(*items: object, **changes: object) -> bytes:
    head = {"protocol": 1, "device": "tablet", "sent_at": NOON.isoformat(), "envelopes": items}
    return json.dumps({**head, **changes}).encode()


def test_a_push_comes_out_as_it_went_in() -> None:
    batch = [submitted(), submitted("uuid:2", "<deprecatedID>uuid:1</deprecatedID>"), decided()]
    push = decode_push(encode_push(batch, device="tablet", sent_at=NOON))
    assert taken(push) == batch
    assert (push.device, push.sent_at, push.problems) == ("tablet", NOON, ())


def test_more_than_a_batch_is_refused_on_both_sides() -> None:
    batch = [submitted(f"uuid:{n}") for n in range(MAX_ENVELOPES + 1)]
    with pytest.raises(Unreadable, match="200"):
        encode_push(batch, device="tablet", sent_at=NOON)
    with pytest.raises(Unreadable) as error:
        decode_push(request(*[told()] * 201))
    assert error.value.code == "too_many"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"<data/>", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"1" * 5000, "not_json"),
        (b'{"protocol": NaN}', "not_json"),
        (b"[]", "bad_request"),
        (request(protocol=2), "unknown_protocol"),
        (request(protocol=None), "unknown_protocol"),
        (request(envelopes=None), "bad_request"),
        (request(device=""), "bad_request"),
        (request(device="a\x00b"), "bad_request"),
        (request(device=7), "bad_request"),
    ],
    ids=range(12),
)
def test_what_is_no_batch_is_refused_as_a_whole(body: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as error:
        decode_push(body)
    assert error.value.code == code


def test_a_wrong_clock_refuses_nothing() -> None:
    assert decode_push(request(told(), sent_at="noon")).sent_at is None
    assert decode_push(request(told(), sent_at=5)).sent_at is None


HTML = b"<html/>"


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ("text", "bad_envelope"),
        (told(body=None), "bad_envelope"),
        (told(body="not base64!"), "bad_envelope"),
        (told(kind=""), "bad_envelope"),
        (told(sha256="0" * 64), "digest_mismatch"),
        (told(sha256=None), "digest_mismatch"),
        (told(body=b64encode(HTML).decode(), sha256=sha256(HTML).hexdigest()), "not_a_submission"),
        (told(instance_id="uuid:2"), "header_mismatch"),
        (told(form_id="other"), "header_mismatch"),
        (told(form_version="8"), "header_mismatch"),
        (told(prior_instance_id="uuid:0"), "header_mismatch"),
        (told(attachments=None), "bad_envelope"),
        (told(attachments=["a.jpg"]), "bad_envelope"),
        (told(attachments=[{"name": "a", "sha256": "b" * 63, "size": 1}]), "bad_envelope"),
        (told(attachments=[{"name": "a", "sha256": "G" * 64, "size": 1}]), "bad_envelope"),
        (told(attachments=[{"name": "a", "sha256": "b" * 64, "size": -1}]), "bad_envelope"),
        (told(attachments=[{"name": "a", "sha256": "b" * 64, "size": True}]), "bad_envelope"),
        (told(attachments=[{"name": "a", "sha256": "b" * 64, "size": 1}] * 101), "bad_envelope"),
        (told(kind="review"), "not_json"),
    ],
    ids=range(19),
)
def test_one_bad_envelope_does_not_hold_up_the_others(item: object, code: str) -> None:
    push = decode_push(request(told(), item, told()))
    assert sorted(push.envelopes) == [0, 2]
    (problem,) = push.problems
    assert (problem.index, problem.code) == (1, code)


def decision(body: bytes, **changes: object) -> bytes:
    item = told(kind="review", body=b64encode(body).decode(), sha256=sha256(body).hexdigest())
    return request({**item, **changes})


@pytest.mark.parametrize(
    ("body", "changes", "code"),
    [
        (b"[]", {}, "bad_envelope"),
        (b'{"a": NaN}', {}, "not_json"),
        (b"{}", {"instance_id": None}, "bad_identifier"),
        (b"{}", {"form_id": 5}, "bad_identifier"),
        (b"{}", {"prior_instance_id": " "}, "bad_identifier"),
        (b'{"a": "' + b"x" * 4_000_000 + b'"}', {}, "too_large"),
    ],
    ids=range(6),
)
def test_a_decision_must_be_a_json_object_with_a_name(
    body: bytes, changes: dict[str, object], code: str
) -> None:
    (problem,) = decode_push(decision(body, **changes)).problems
    assert problem.code == code
    assert problem.body == body


def test_a_decision_may_leave_its_form_unsaid() -> None:
    push = decode_push(decision(b"{}", form_id=None, form_version=None))
    assert (push.envelopes[0].form_id, push.envelopes[0].form_version) == ("review", "1")


def test_the_bytes_of_a_problem_are_kept_for_quarantine() -> None:
    push = decode_push(request(told(sha256="0" * 64), told(body=7)))
    assert [problem.body for problem in push.problems] == [xml(), None]


def test_the_header_may_tell_a_time_that_the_xml_does_not() -> None:
    body = b'<d id="f" instanceID="u"/>'
    item = {"body": b64encode(body).decode(), "sha256": sha256(body).hexdigest()}
    push = decode_push(request({**item, "captured_at": "2026-06-15T12:00:00+07:00"}, item))
    assert [envelope.captured_at for envelope in taken(push)] == [NOON, None]


def test_receipts_and_problems_stand_at_their_envelopes_places() -> None:
    push = decode_push(request(told(sha256=""), told(), "junk", told()))
    arrival = Arrival(lane="3375", actor="a", received_at=NOON, door="batch")
    journal = MemoryJournal(epoch=3)
    receipts = ingest(taken(push), journal, arrival)
    response = decode_push_answer(encode_push_answer(answer(push, receipts, journal.epoch)))
    assert response.epoch == 3
    codes = [each.code if isinstance(each, Problem) else each for each in response.results]
    assert codes == ["digest_mismatch", receipts[0], "bad_envelope", receipts[1]]
    said = response.results[0]
    assert isinstance(said, Problem)
    assert said.message_id != said.message_en


def test_an_answer_to_nothing_still_tells_the_epoch() -> None:
    push = decode_push(request())
    assert decode_push_answer(encode_push_answer(answer(push, [], 2))).epoch == 2


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Bad gateway</html>",
        b'{"protocol": 1, "epoch": 1}',
        b'{"protocol": 1, "epoch": -1, "receipts": []}',
        b'{"protocol": 1, "epoch": true, "receipts": []}',
        b'{"protocol": 1, "epoch": 1, "receipts": [5]}',
        b'{"protocol": 1, "epoch": 1, "receipts": [{"index": 1}]}',
        (
            b'{"protocol": 1, "epoch": 1, "receipts": [{"index": 0, "instance_id": "u", '
            b'"outcome": "lost"}]}'
        ),
        b'{"protocol": 1, "epoch": 1, "receipts": [{"index": 0, "problem": "no"}]}',
    ],
    ids=range(8),
)
def test_an_answer_that_is_none_is_told_as_such(body: bytes) -> None:
    with pytest.raises(Unreadable) as error:
        decode_push_answer(body)
    assert error.value.code == "bad_answer"


def bare_deflate(plain: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(plain) + stream.flush()


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"hello", None),
        (b"hello", "identity"),
        (gzip.compress(b"hello"), "gzip"),
        (gzip.compress(b"hello"), " X-GZIP "),
        (zlib.compress(b"hello"), "deflate"),
        (bare_deflate(b"hello"), "deflate"),
        (zstandard.compress(b"hello"), "zstd"),
    ],
    ids=range(7),
)
def test_every_promised_encoding_is_undone(body: bytes, encoding: str | None) -> None:
    assert inflate(body, encoding, max_bytes=5) == b"hello"


@pytest.mark.parametrize(
    ("body", "encoding", "code"),
    [
        (b"hello!", None, "too_large"),
        (gzip.compress(b"hello!"), "gzip", "too_large"),
        (gzip.compress(b"hello")[:-1], "gzip", "bad_encoding"),
        (gzip.compress(b"hello") + b"x", "gzip", "bad_encoding"),
        (b"hello", "gzip", "bad_encoding"),
        (b"", "gzip", "bad_encoding"),
        (b"", "deflate", "bad_encoding"),
        (b"hello", "zstd", "bad_encoding"),
        (zstandard.compress(b"hello!"), "zstd", "too_large"),
        (zstandard.compress(b"hello")[:-1], "zstd", "bad_encoding"),
        (zstandard.compress(b"hello") + b"x", "zstd", "bad_encoding"),
        (b"", "zstd", "bad_encoding"),
        (b"hello", "br", "unknown_encoding"),
        (b"hello", "gzip, gzip", "unknown_encoding"),
    ],
    ids=range(14),
)
def test_a_damaged_or_unknown_encoding_is_refused(
    body: bytes, encoding: str | None, code: str
) -> None:
    with pytest.raises(Unreadable) as error:
        inflate(body, encoding, max_bytes=5)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("pack", "encoding"), [(gzip.compress, "gzip"), (zstandard.compress, "zstd")]
)
def test_a_zip_bomb_never_unfolds(pack: Callable[[bytes], bytes], encoding: str) -> None:
    bomb = pack(bytes(200_000_000))
    tracemalloc.start()
    with pytest.raises(Unreadable):
        inflate(bomb, encoding, max_bytes=1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000
