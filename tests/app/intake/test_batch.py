import gzip
import json
from dataclasses import replace
from typing import Any

import pytest

from app.core.db import reading
from app.intake.repository import walk
from sync.codecs.batch import decode_push_answer, encode_push
from sync.codecs.openrosa import read_envelope
from sync.envelope import Attachment, Envelope
from sync.receipts import Outcome, Receipt
from sync.signing import is_genuine, public_of
from tests.app.intake.test_openrosa import quarantined
from tests.conftest import NOON
from tests.support.office import SUB_SLS, OpenOffice


def push(office: OpenOffice, body: bytes, user: str = "ppl01", **headers: str) -> Any:
    return office.client.post(
        "/api/v1/sync/push", content=body, headers={**office.bearer(user), **headers}
    )


def batch(*bodies: bytes) -> bytes:
    envelopes = [read_envelope(body) for body in bodies]
    return encode_push(envelopes, device="test", sent_at=NOON)


def outcomes(answer: Any) -> list[Outcome]:
    assert answer.status_code == 200, answer.text
    told = decode_push_answer(answer.content)
    return [each.outcome for each in told.results if isinstance(each, Receipt)]


def test_a_batch_gets_one_receipt_each_and_the_same_ones_again(office: OpenOffice) -> None:
    body = batch(*(office.submission(name) for name in "aba"))
    first = push(office, gzip.compress(body), **{"Content-Encoding": "gzip"})
    assert outcomes(first) == ["stored", "stored", "duplicate"]
    again = push(office, body)
    assert outcomes(again) == ["duplicate"] * 3
    positions = [
        [
            each.position
            for each in decode_push_answer(answer.content).results
            if isinstance(each, Receipt)
        ]
        for answer in (first, again)
    ]
    assert positions == [[1, 2, 1], [1, 2, 1]]


def test_files_told_of_by_several_copies_in_one_batch_are_all_kept(office: OpenOffice) -> None:
    plain = read_envelope(office.submission("a"))
    files = [Attachment(f"{name}.jpg", name * 64, 3) for name in "abc"]
    copies = [plain, *(replace(plain, attachments=(each,)) for each in files)]
    answer = push(office, encode_push(copies, device="test", sent_at=NOON))
    assert outcomes(answer) == ["stored", *["duplicate"] * 3]
    with reading(office.engine) as session:
        entries = list(walk(session, "3375"))
    assert [each.attachments for each in entries] == [(), *((each,) for each in files)]


def test_what_one_door_stored_the_other_knows(office: OpenOffice) -> None:
    body = office.submission("a")
    office.send("ppl01", body)
    assert outcomes(push(office, batch(body))) == ["duplicate"]


def test_an_unreadable_envelope_holds_up_no_other(office: OpenOffice) -> None:
    document = json.loads(batch(office.submission("a"), office.submission("b")))
    document["envelopes"][0]["body"] = "bm90IFhNTA=="
    document["envelopes"][0]["sha256"] = (
        "8f2a2e2d6fa4e0d1a2a6d8c3cf2a9b2c1b6ef1be1fbf8d8a5b2ed6f3c1d4a5b6"
    )
    answer = push(office, json.dumps(document).encode())
    problem, receipt = json.loads(answer.content)["receipts"]
    assert "problem" in problem
    assert receipt["outcome"] == "stored"
    assert [body for _, body in quarantined(office)] == [b"not XML"]


def test_a_device_cannot_say_what_only_an_office_decides(office: OpenOffice) -> None:
    forged = Envelope(
        kind="review",
        instance_id="x",
        form_id="review",
        form_version="1",
        body=b'{"verdict":"approve"}',
    )
    answer = push(office, encode_push([forged], device="test", sent_at=NOON))
    assert "problem" in json.loads(answer.content)["receipts"][0]
    with reading(office.engine) as session:
        assert list(walk(session, "3375")) == []


RUBBISH = {
    "not JSON": (b"\x00\x01", {}),
    "a list": (b"[]", {}),
    "another protocol": (b'{"protocol": 9, "device": "d", "envelopes": []}', {}),
    "a zip bomb": (gzip.compress(b"0" * 50_000_000), {"Content-Encoding": "gzip"}),
    "half a gzip": (gzip.compress(b"{}" * 1000)[:20], {"Content-Encoding": "gzip"}),
    "an unknown encoding": (b"{}", {"Content-Encoding": "br"}),
    "deep JSON": (b"[" * 100_000 + b"]" * 100_000, {}),
}


@pytest.mark.parametrize("case", sorted(RUBBISH))
def test_rubbish_is_answered_and_kept(office: OpenOffice, case: str) -> None:
    body, headers = RUBBISH[case]
    answer = push(office, body, **headers)
    assert answer.status_code in {400, 413}
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert [kept for _, kept in quarantined(office)] == [body]


def test_nobody_pushes_or_pulls_without_a_login(office: OpenOffice) -> None:
    assert office.client.post("/api/v1/sync/push", content=b"{}").status_code == 401
    assert office.client.get("/api/v1/sync/pull").status_code == 401


@pytest.mark.parametrize("user", ["pemkot", "analis"])
def test_single_businesses_never_travel_to_those_who_see_aggregates(
    office: OpenOffice, user: str
) -> None:
    headers = office.bearer(user)
    assert office.client.get("/api/v1/sync/pull", headers=headers).status_code == 403
    pushed = push(office, batch(office.submission("a")), user)
    assert pushed.status_code == 403
    with reading(office.engine) as session:
        assert list(walk(session, "3375")) == []


def test_the_sub_sls_of_the_tests_is_the_businesses_own() -> None:
    assert SUB_SLS == "3375030005000100"


def test_receipts_are_signed_and_anybody_can_check_them(office: OpenOffice) -> None:
    keys = office.client.get("/api/v1/sync/keys").json()["keys"]
    (key,) = keys
    told = push(office, batch(office.submission("a")))
    (receipt,) = decode_push_answer(told.content).results
    assert isinstance(receipt, Receipt)
    assert is_genuine(receipt, public_of(key))
    assert not is_genuine(replace(receipt, position=receipt.position + 1), public_of(key))
