"""The ledger's requests and answers as JSON, batch protocol v1."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sync.codecs.batch import PROTOCOL, read_receipt, tell_receipt
from sync.codecs.strict import Json, a_list, a_number, a_text, an_object, dump, load
from sync.errors import Unreadable
from sync.ledger import Line
from sync.receipts import Receipt

MAX_LINES: Final = 5_000
_BUCKET: Final = re.compile(r"[0-9a-f]{2}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class LedgerAsked:
    """What a device tells: digests of buckets, or the lines of some; the other is empty."""

    device: str
    buckets: Mapping[str, str]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class LedgerAnswer:
    """Which buckets differ; or, for each line, a receipt, None for what is to be sent again."""

    epoch: int
    backed_up_through: Mapping[str, int]
    differ: tuple[str, ...] = ()
    receipts: tuple[Receipt | None, ...] = ()


def encode_buckets(device: str, buckets: Mapping[str, str]) -> bytes:
    """Write the first request."""
    return dump({"protocol": PROTOCOL, "device": device, "buckets": dict(buckets)})


def encode_lines(device: str, lines: Sequence[Line]) -> bytes:
    """Write the second request; at most 5,000 lines."""
    told = [
        {"kind": each.kind, "instance_id": each.instance_id, "sha256": each.digest}
        for each in lines
    ]
    return dump({"protocol": PROTOCOL, "device": device, "lines": told})


def decode_ledger(body: bytes) -> LedgerAsked:
    """Read either request.

    Raises Unreadable (not_json, bad_request, unknown_protocol, too_many).
    """
    told = an_object(load(body), "bad_request")
    if told.get("protocol") != PROTOCOL:
        raise Unreadable("unknown_protocol")
    buckets = an_object(told.get("buckets", {}), "bad_request")
    lines = a_list(told.get("lines", []), "bad_request")
    if len(lines) > MAX_LINES:
        raise Unreadable("too_many")
    return LedgerAsked(
        a_text(told.get("device"), "bad_request"),
        {_bucket(name): _digest(digest) for name, digest in buckets.items()},
        tuple(_line(an_object(each, "bad_request")) for each in lines),
    )


def encode_ledger_answer(told: LedgerAnswer) -> bytes:
    """Write the answer to either request."""
    receipts = [
        {"index": index, "missing": True} if each is None else tell_receipt(index, each)
        for index, each in enumerate(told.receipts)
    ]
    return dump(
        {
            "protocol": PROTOCOL,
            "epoch": told.epoch,
            "backed_up_through": dict(told.backed_up_through),
            "differ": list(told.differ),
            "receipts": receipts,
        }
    )


def decode_ledger_answer(body: bytes) -> LedgerAnswer:
    """Read the answer. Raises Unreadable (bad_answer)."""
    try:
        told = an_object(load(body), "bad_answer")
        epoch = a_number(told.get("epoch"), "bad_answer")
        marks = an_object(told.get("backed_up_through"), "bad_answer")
        items = [an_object(each, "bad_answer") for each in a_list(told["receipts"], "bad_answer")]
        return LedgerAnswer(
            epoch,
            {lane: a_number(value, "bad_answer") for lane, value in marks.items()},
            tuple(str(each) for each in a_list(told["differ"], "bad_answer")),
            tuple(_result(index, each, epoch) for index, each in enumerate(items)),
        )
    except (Unreadable, ValueError, KeyError):
        raise Unreadable("bad_answer") from None


def _result(index: int, told: Json, epoch: int) -> Receipt | None:
    return None if told.get("missing") is True else read_receipt(index, told, epoch)


def _line(told: Json) -> Line:
    kind, instance_id = (a_text(told.get(key), "bad_request") for key in ("kind", "instance_id"))
    return Line(instance_id, _digest(told.get("sha256")), kind)


def _bucket(name: str) -> str:
    if not _BUCKET.fullmatch(name):
        raise Unreadable("bad_request")
    return name


def _digest(told: object) -> str:
    if not isinstance(told, str) or not _SHA256.fullmatch(told):
        raise Unreadable("bad_request")
    return told
