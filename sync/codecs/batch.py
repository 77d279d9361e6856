"""Batch protocol v1: JSON between a device and the server, both ways.

A request that is no batch at all raises Unreadable. Inside a batch each envelope stands for
itself: what cannot be read becomes a `Problem` at its index, and the rest is taken.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from sync.codecs.openrosa import MAX_SUBMISSION_BYTES, read_envelope
from sync.codecs.strict import Json, a_list, a_number, a_text, an_object, dump, load
from sync.cursor import Change
from sync.envelope import SUBMISSION, Attachment, Envelope, read_time
from sync.errors import Unreadable
from sync.receipts import Outcome, Receipt

PROTOCOL: Final = 1
MAX_ENVELOPES: Final = 200
MAX_ATTACHMENTS: Final = 100
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one envelope of a batch was not taken.

    `index` is its place in the batch; `body` are its bytes where they could be made out, for
    quarantine: they do not travel back.
    """

    index: int
    code: str
    message_id: str
    message_en: str
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Push:
    """A batch as it was read: what can be ingested, what cannot, and their places."""

    device: str
    sent_at: datetime | None
    envelopes: Mapping[int, Envelope]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """The server's answer: one receipt or problem per envelope, in the batch's order."""

    epoch: int
    results: tuple[Receipt | Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PullAnswer:
    """A stretch of what a device needs; `backed_up_through` maps lanes to positions.

    `has_more` says whether the feed goes on behind it.
    """

    epoch: int
    backed_up_through: Mapping[str, int]
    changes: tuple[Change, ...]
    next_cursor: str
    has_more: bool


def encode_push(envelopes: Sequence[Envelope], *, device: str, sent_at: datetime) -> bytes:
    """Write a push request; at most 200 envelopes."""
    if len(envelopes) > MAX_ENVELOPES:
        raise Unreadable("too_many")
    told = [_tell(each) for each in envelopes]
    return dump(
        {"protocol": PROTOCOL, "device": device, "sent_at": sent_at.isoformat(), "envelopes": told}
    )


def decode_push(body: bytes) -> Push:
    """Read a push request (after `inflate`).

    Raises Unreadable (not_json, bad_request, unknown_protocol, too_many) where it is no batch;
    each unreadable envelope becomes a Problem.
    """
    document = _document(body)
    told = a_list(document.get("envelopes"), "bad_request")
    if len(told) > MAX_ENVELOPES:
        raise Unreadable("too_many")
    device = a_text(document.get("device"), "bad_request")
    envelopes: dict[int, Envelope] = {}
    problems: list[Problem] = []
    for index, item in enumerate(told):
        raw = _raw(item)
        try:
            envelopes[index] = _envelope(item, raw, device)
        except Unreadable as error:
            problems.append(problem(index, error, raw))
    sent_at = document.get("sent_at")
    return Push(
        device, read_time(sent_at if isinstance(sent_at, str) else None), envelopes, tuple(problems)
    )


def problem(index: int, error: Unreadable, body: bytes | None = None) -> Problem:
    """Give an error as the answer to the envelope at `index`."""
    return Problem(index, error.code, error.message_id, error.message_en, body)


def taken(push: Push) -> list[Envelope]:
    """Give the envelopes of `push` in their order, for ingest."""
    return [push.envelopes[index] for index in sorted(push.envelopes)]


def answer(push: Push, receipts: Sequence[Receipt], epoch: int) -> PushAnswer:
    """Put the receipts of `push.envelopes`, in order, and the problems at their places."""
    results: dict[int, Receipt | Problem] = {each.index: each for each in push.problems}
    results.update(zip(sorted(push.envelopes), receipts, strict=True))
    return PushAnswer(epoch, tuple(results[index] for index in sorted(results)))


def encode_push_answer(told: PushAnswer) -> bytes:
    """Write the response of push."""
    results = [
        tell_receipt(index, each) if isinstance(each, Receipt) else _tell_problem(each)
        for index, each in enumerate(told.results)
    ]
    return dump({"protocol": PROTOCOL, "epoch": told.epoch, "receipts": results})


def decode_push_answer(body: bytes) -> PushAnswer:
    """Read the response of push. Raises Unreadable (bad_answer)."""
    try:
        document = _document(body)
        told = a_list(document.get("receipts"), "bad_answer")
        epoch = a_number(document.get("epoch"), "bad_answer")
        results = [
            _result(index, an_object(item, "bad_answer"), epoch) for index, item in enumerate(told)
        ]
    except (Unreadable, ValueError):
        raise Unreadable("bad_answer") from None
    return PushAnswer(epoch, tuple(results))


def _document(body: bytes) -> Json:
    document = an_object(load(body), "bad_request")
    if document.get("protocol") != PROTOCOL:
        raise Unreadable("unknown_protocol")
    return document


# --- envelopes -----------------------------------------------------------------------------


def _tell(envelope: Envelope) -> Json:
    captured = envelope.captured_at
    return {
        "kind": envelope.kind,
        "instance_id": envelope.instance_id,
        "form_id": envelope.form_id,
        "form_version": envelope.form_version,
        "body": b64encode(envelope.body).decode("ascii"),
        "sha256": envelope.digest,
        "captured_at": captured.isoformat() if captured else None,
        "prior_instance_id": envelope.prior_instance_id,
        "attachments": [
            {"name": each.name, "sha256": each.sha256, "size": each.size}
            for each in envelope.attachments
        ],
    }


def _raw(item: object) -> bytes | None:
    """Give the body of an envelope where it can be made out."""
    told = item.get("body") if isinstance(item, dict) else None
    if not isinstance(told, str):
        return None
    try:
        return b64decode(told, validate=True)
    except ValueError:
        return None


def _envelope(item: object, raw: bytes | None, device: str) -> Envelope:
    told = an_object(item, "bad_envelope")
    if raw is None:
        raise Unreadable("bad_envelope")
    try:
        envelope = _read(told, raw, device)
    except Unreadable:
        _check_digest(told, sha256(raw).hexdigest())  # bytes that were damaged explain all else
        raise
    _check_digest(told, envelope.digest)
    return envelope


def _check_digest(told: Json, digest: str) -> None:
    if told.get("sha256") != digest:
        raise Unreadable("digest_mismatch")


def _read(told: Json, raw: bytes, device: str) -> Envelope:
    kind = a_text(told.get("kind", SUBMISSION), "bad_envelope")
    attachments = _attachments(told.get("attachments", []))
    if kind == SUBMISSION:
        return _submission(told, raw, device, attachments)
    return _decision(told, raw, device, attachments, kind)


def _submission(
    told: Json, raw: bytes, device: str, attachments: tuple[Attachment, ...]
) -> Envelope:
    """Read the XML, which is the truth; what the header says of it must not differ."""
    envelope = read_envelope(raw, device=device, attachments=attachments)
    for name in ("instance_id", "form_id", "form_version", "prior_instance_id"):
        if told.get(name) is not None and told[name] != getattr(envelope, name):
            raise Unreadable("header_mismatch")
    if envelope.captured_at is None:
        return replace(envelope, captured_at=_time(told))
    return envelope


def _decision(
    told: Json, raw: bytes, device: str, attachments: tuple[Attachment, ...], kind: str
) -> Envelope:
    """Read what is no submission: its body is a JSON object, its header stands in the batch."""
    if len(raw) > MAX_SUBMISSION_BYTES:
        raise Unreadable("too_large")
    an_object(load(raw), "bad_envelope")
    prior = told.get("prior_instance_id")
    return Envelope(
        kind=kind,
        instance_id=a_text(told.get("instance_id"), "bad_identifier"),
        form_id=a_text(told.get("form_id") or kind, "bad_identifier"),
        form_version=a_text(told.get("form_version") or "1", "bad_identifier"),
        body=raw,
        device=device,
        captured_at=_time(told),
        prior_instance_id=None if prior is None else a_text(prior, "bad_identifier"),
        attachments=attachments,
    )


def _time(told: Json) -> datetime | None:
    captured = told.get("captured_at")
    return read_time(captured if isinstance(captured, str) else None)


def _attachments(told: object) -> tuple[Attachment, ...]:
    items = [an_object(each, "bad_envelope") for each in a_list(told, "bad_envelope")]
    if len(items) > MAX_ATTACHMENTS:
        raise Unreadable("bad_envelope")
    return tuple(_attachment(each) for each in items)


def _attachment(told: Json) -> Attachment:
    name, digest = (a_text(told.get(key), "bad_envelope") for key in ("name", "sha256"))
    size = a_number(told.get("size"), "bad_envelope")
    if not _SHA256.fullmatch(digest):
        raise Unreadable("bad_envelope")
    return Attachment(name, digest, size)


# --- answers -------------------------------------------------------------------------------


def tell_receipt(index: int, receipt: Receipt) -> Json:
    """Give a receipt as an answer's object."""
    return {
        "index": index,
        "instance_id": receipt.instance_id,
        "outcome": str(receipt.outcome),
        "lane": receipt.lane,
        "position": receipt.position,
        "sha256": receipt.digest,
        "backed_up_through": receipt.backed_up_through,
        **({"signature": receipt.signature} if receipt.signature else {}),
    }


def _tell_problem(told: Problem) -> Json:
    message = {"id": told.message_id, "en": told.message_en}
    return {"index": told.index, "problem": {"code": told.code, "message": message}}


def _result(index: int, told: Json, epoch: int) -> Receipt | Problem:
    if a_number(told.get("index"), "bad_answer") != index:
        raise Unreadable("bad_answer")
    if "problem" in told:
        trouble = an_object(told["problem"], "bad_answer")
        message = an_object(trouble.get("message"), "bad_answer")
        code, said_id, said_en = trouble.get("code"), message.get("id"), message.get("en")
        return Problem(index, str(code), str(said_id), str(said_en))
    return read_receipt(index, told, epoch)


def read_receipt(index: int, told: Json, epoch: int) -> Receipt:
    """Read the receipt at `index` of an answer. Raises Unreadable (bad_answer) or ValueError."""
    if a_number(told.get("index"), "bad_answer") != index:
        raise Unreadable("bad_answer")
    return Receipt(
        instance_id=a_text(told.get("instance_id"), "bad_answer"),
        outcome=Outcome(a_text(told.get("outcome"), "bad_answer")),
        lane=a_text(told.get("lane"), "bad_answer"),
        position=a_number(told.get("position"), "bad_answer"),
        epoch=epoch,
        digest=a_text(told.get("sha256"), "bad_answer"),
        backed_up_through=a_number(told.get("backed_up_through"), "bad_answer"),
        signature=a_text(told["signature"], "bad_answer") if "signature" in told else "",
    )
