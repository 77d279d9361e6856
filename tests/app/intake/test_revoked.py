"""Whose access was revoked still hands in what was collected before: stored, and flagged."""

import base64
from hashlib import sha256

import pytest
import sqlalchemy as sa

from app.auth.repository import by_user_name
from app.auth.scope import NATION
from app.auth.service import deactivate, revoke_openrosa_tokens
from app.core.db import reading, writing
from app.intake.blobs import ObjectBlobs
from sync.codecs.batch import decode_push_answer, encode_push
from sync.codecs.openrosa import read_envelope
from sync.receipts import Receipt
from tests.conftest import NOON
from tests.support.office import OpenOffice, password_of

PHOTO = b"\x89PNG an invented shop front"
BEFORE, HELD = "before", "held"


def close_account(office: OpenOffice) -> None:
    with writing(office.engine) as session:
        known = by_user_name(session, "ppl01")
        assert known is not None
        deactivate(session, known.id, scope=NATION, actor="test", now=NOON)


def revoke_token(office: OpenOffice) -> None:
    with writing(office.engine) as session:
        known = by_user_name(session, "ppl01")
        assert known is not None
        revoke_openrosa_tokens(session, known.id, actor="test", now=NOON)


def probe(office: OpenOffice) -> int:
    answer = office.client.request("HEAD", f"{office.openrosa('ppl01')}/submission")
    return int(answer.status_code)


def flagged(office: OpenOffice) -> list[tuple[str, str]]:
    """Give door and severity of every submission that is flagged for its sender's access."""
    office.settle()
    wanted = sa.text(
        "SELECT e.door, f.severity FROM finding f JOIN journal_entry e USING (lane, position) "
        "WHERE f.rule = 'access' ORDER BY e.position"
    )
    with reading(office.engine) as session:
        return [(door, severity) for door, severity in session.execute(wanted)]


@pytest.mark.parametrize("close", [close_account, revoke_token])
def test_a_phone_whose_token_was_revoked_hands_in_and_gets_nothing(
    office: OpenOffice, close: object
) -> None:
    assert callable(close)
    assert office.send("ppl01", office.submission(BEFORE)).status_code == 201
    close(office)
    assert probe(office) == 204
    assert office.send("ppl01", office.submission(HELD), **{"a.png": PHOTO}).status_code == 201
    for path in ("formList", "forms/se2026_l.xml", "manifest/se2026_l"):
        assert office.client.get(f"{office.openrosa('ppl01')}/{path}").status_code == 403
    assert ObjectBlobs.of(office.settings).get(sha256(PHOTO).hexdigest()) == PHOTO
    assert flagged(office) == [("openrosa-revoked", "warning")]


def test_a_closed_account_hands_in_by_its_password_as_well(office: OpenOffice) -> None:
    told = base64.b64encode(f"ppl01:{password_of('ppl01')}".encode()).decode()
    basic = {"Authorization": f"Basic {told}"}
    assert office.client.get("/openrosa/formList", headers=basic).status_code == 200
    close_account(office)
    head = office.client.request("HEAD", "/openrosa/submission", headers=basic)
    parts = {"xml_submission_file": ("s.xml", office.submission(HELD), "text/xml")}
    sent = office.client.post("/openrosa/submission", files=parts, headers=basic)
    assert (head.status_code, sent.status_code) == (204, 201)
    for _ in range(8):  # a phone goes on asking: that must not shut the door to what it holds
        assert office.client.get("/openrosa/formList", headers=basic).status_code == 401
    assert office.client.post("/openrosa/submission", files=parts, headers=basic).is_success
    assert flagged(office) == [("openrosa-revoked", "warning")]


def test_a_token_that_never_was_stays_out(office: OpenOffice) -> None:
    close_account(office)
    parts = {"xml_submission_file": ("s.xml", office.submission(HELD), "text/xml")}
    answer = office.client.post("/openrosa/token-nobody/submission", files=parts)
    assert answer.status_code == 403
    assert flagged(office) == []


@pytest.mark.parametrize("logged_in", ["before", "afterwards"])
def test_batches_of_a_closed_account_are_taken_and_nothing_else_is(
    office: OpenOffice, logged_in: str
) -> None:
    old = office.bearer("ppl01")
    close_account(office)
    bearer = old if logged_in == "before" else office.bearer("ppl01")
    body = encode_push([read_envelope(office.submission(HELD))], device="tablet", sent_at=NOON)
    answer = office.client.post("/api/v1/sync/push", content=body, headers=bearer)
    receipt = decode_push_answer(answer.content).results[0]
    assert isinstance(receipt, Receipt)
    assert receipt.outcome == "stored"
    ledger = b'{"protocol": 1, "device": "tablet", "buckets": {}}'
    assert office.client.post("/api/v1/sync/ledger", content=ledger, headers=bearer).is_success
    for path in ("/api/v1/sync/pull", "/api/v1/me"):
        assert office.client.get(path, headers=bearer).status_code == 401
    assert flagged(office) == [("batch-revoked", "warning")]


def test_a_closed_account_does_not_enter_the_pages_nor_with_a_wrong_password(
    office: OpenOffice,
) -> None:
    close_account(office)
    wrong = {"username": "ppl01", "password": "not the password"}
    assert office.client.post("/api/v1/token", data=wrong).status_code == 401
    right = {"username": "ppl01", "password": password_of("ppl01")}
    entered = office.client.post("/login", data=right)
    assert "se2026_session" not in entered.cookies
