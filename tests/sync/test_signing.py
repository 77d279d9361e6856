"""A receipt is genuine only as it was signed."""

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.receipts import Outcome, Receipt
from sync.signing import Signature, is_genuine, key_id, public_of, statement

OFFICE, STRANGER = Signature.of(b"o" * 40), Signature.of(b"s" * 40)
RECEIPT = Receipt(
    instance_id="uuid:\N{SNOWMAN}",
    outcome=Outcome.STORED,
    lane="3375",
    position=7,
    epoch=2,
    digest="0" * 64,
    backed_up_through=6,
)


def test_anybody_can_check_a_receipt_with_the_public_key() -> None:
    (signed,) = OFFICE.sign([RECEIPT])
    assert is_genuine(signed, OFFICE.public)
    assert not is_genuine(signed, STRANGER.public)
    assert public_of(dict(OFFICE.jwk)) == OFFICE.public
    assert OFFICE.jwk["kid"] == key_id(OFFICE.public)


@given(st.text(), st.sampled_from(Outcome), st.integers(0))
def test_what_is_signed_is_the_receipt_as_canonical_json(
    name: str, outcome: Outcome, position: int
) -> None:
    receipt = replace(RECEIPT, instance_id=name, outcome=outcome, position=position)
    told = {**asdict(receipt), "sha256": receipt.digest}
    del told["digest"], told["signature"]
    line = json.dumps(told, sort_keys=True, separators=(",", ":"))
    assert statement(receipt) == b"se2026 receipt 1\n" + line.encode()


@pytest.mark.parametrize(
    "change",
    [
        {"instance_id": "uuid:other"},
        {"outcome": Outcome.RIVAL},
        {"lane": "3376"},
        {"position": 8},
        {"epoch": 3},
        {"digest": "1" * 64},
        {"backed_up_through": 7},
        {"signature": ""},
        {"signature": "%"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_nothing_in_it_can_be_altered(change: dict[str, object]) -> None:
    (signed,) = OFFICE.sign([RECEIPT])
    assert not is_genuine(replace(signed, **change), OFFICE.public)  # type: ignore[arg-type]


@given(st.text())
def test_rubbish_is_no_signature(rubbish: str) -> None:
    assert not is_genuine(replace(RECEIPT, signature=rubbish), OFFICE.public)


def test_another_kind_of_key_is_told() -> None:
    with pytest.raises(ValueError, match="Ed25519"):
        public_of({"kty": "RSA"})


def test_the_same_secret_gives_the_same_key() -> None:
    assert Signature.of(b"o" * 40).public == OFFICE.public
