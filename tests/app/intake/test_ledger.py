"""A device asks what the server holds of what it sent."""

from typing import Any

import pytest

from sync.codecs.ledger import (
    LedgerAnswer,
    decode_ledger_answer,
    encode_buckets,
    encode_lines,
)
from sync.codecs.openrosa import read_envelope
from sync.envelope import SUBMISSION, Envelope
from sync.ledger import Line, bucket_of, buckets
from sync.signing import is_genuine, public_of
from tests.support.office import OpenOffice

DEVICE = "test-device"


def ask(office: OpenOffice, body: bytes, user: str = "ppl01") -> Any:
    return office.client.post("/api/v1/sync/ledger", content=body, headers=office.bearer(user))


def told(answer: Any) -> LedgerAnswer:
    assert answer.status_code == 200, answer.text
    return decode_ledger_answer(answer.content)


def sent(office: OpenOffice, *names: str) -> list[Envelope]:
    bodies = [office.submission(name) for name in names]
    assert [office.send("ppl01", body).status_code for body in bodies] == [201] * len(bodies)
    return [read_envelope(body) for body in bodies]


def lines(*envelopes: Envelope) -> list[Line]:
    return [Line(each.instance_id, each.digest, SUBMISSION) for each in envelopes]


def test_every_line_gets_a_signed_receipt_or_is_to_be_sent_again(office: OpenOffice) -> None:
    held = lines(*sent(office, "a", "b"))
    lost = Line("uuid:lost", "0" * 64)
    answer = told(ask(office, encode_lines(DEVICE, [held[1], lost, held[0]])))
    assert [each.position if each else None for each in answer.receipts] == [2, None, 1]
    key = public_of(office.client.get("/api/v1/sync/keys").json()["keys"][0])
    assert all(is_genuine(each, key) for each in answer.receipts if each)


def test_buckets_tell_where_something_is_missing(office: OpenOffice) -> None:
    held = lines(*sent(office, "a", "b"))
    assert told(ask(office, encode_buckets(DEVICE, buckets(held)))).differ == ()
    lost = Line("uuid:lost", "0" * 64)
    answer = told(ask(office, encode_buckets(DEVICE, buckets([*held, lost]))))
    assert answer.differ == (bucket_of("uuid:lost"),)


def test_another_regency_is_told_nothing_of_this_one(office: OpenOffice) -> None:
    held = lines(*sent(office, "a"))
    assert ask(office, encode_lines(DEVICE, held), "pusat").status_code == 403
    assert ask(office, encode_lines(DEVICE, held), "pemkot").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"rubbish",
        b"[]",
        b'{"protocol":2}',
        b'{"protocol":1,"device":"x","buckets":{"zz":"0"}}',
        b'{"protocol":1,"device":"x","lines":[{"kind":"submission"}]}',
        b'{"protocol":1,"device":"x","lines":{}}',
    ],
    ids=range(6),
)
def test_rubbish_is_told_so(office: OpenOffice, body: bytes) -> None:
    assert ask(office, body).status_code == 400
