"""The answer to a pull: JSON documents, one a line, so that what arrived before a break counts.

The first line tells the epoch and what is backed up; then changes; and after every so many of
them, and at the end, a mark from which to go on.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sync.codecs.batch import PROTOCOL, PullAnswer
from sync.codecs.strict import Json, a_number, a_text, an_object, dump, load
from sync.cursor import Change
from sync.errors import Unreadable

MEDIA_TYPE: Final = "application/x-ndjson"


def head(epoch: int, backed_up_through: Mapping[str, int]) -> bytes:
    """Write the first line."""
    told = {"protocol": PROTOCOL, "epoch": epoch, "backed_up_through": dict(backed_up_through)}
    return dump(told) + b"\n"


def line(change: Change) -> bytes:
    """Write a change."""
    payload = None if change.payload is None else dump(dict(change.payload)).decode()
    return line_of(change, payload)


def line_of(change: Change, payload: str | None) -> bytes:
    """Write a change whose payload is JSON already, whatever `change` has for one."""
    kind, key, area = (json.dumps(text) for text in (change.kind, change.key, change.area))
    told = f'{{"seq":{change.seq},"kind":{kind},"key":{key},"area":{area},"payload":'
    return f"{told}{payload or 'null'}}}\n".encode()


def mark(next_cursor: str, *, has_more: bool) -> bytes:
    """Write the line that says from where to go on."""
    return dump({"next_cursor": next_cursor, "has_more": has_more}) + b"\n"


def read(lines: Iterable[str]) -> Iterator[PullAnswer]:
    """Read an answer mark by mark, as it arrives.

    Raises Unreadable (bad_answer) where a line cannot be read, and where the answer ends without a
    mark: what was given before stays good.
    """
    try:
        yield from _read(lines)
    except Unreadable:
        raise Unreadable("bad_answer") from None


def _read(lines: Iterable[str]) -> Iterator[PullAnswer]:
    documents = (an_object(load(each.encode()), "bad_answer") for each in lines if each.strip())
    first = next(documents, None)
    if first is None or first.get("protocol") != PROTOCOL:
        raise Unreadable("unknown_protocol")
    epoch = a_number(first.get("epoch"), "bad_answer")
    backed_up = _positions(first.get("backed_up_through"))
    changes: list[Change] = []
    is_open = True
    for told in documents:
        if "next_cursor" not in told:
            changes.append(_change(told))
            is_open = True
            continue
        cursor, more = _text(told["next_cursor"]), told.get("has_more") is True
        yield PullAnswer(
            epoch=epoch,
            backed_up_through=backed_up,
            changes=tuple(changes),
            next_cursor=cursor,
            has_more=more,
        )
        changes, is_open = [], False
    if is_open:
        raise Unreadable("bad_answer")


def _positions(told: object) -> dict[str, int]:
    lanes = an_object(told, "bad_answer")
    return {lane: a_number(value, "bad_answer") for lane, value in lanes.items()}


def _change(told: Json) -> Change:
    payload = told.get("payload")
    return Change(
        a_number(told.get("seq"), "bad_answer"),
        a_text(told.get("kind"), "bad_answer"),
        _text(told.get("key")),  # empty for the area that is everywhere
        None if payload is None else an_object(payload, "bad_answer"),
        _text(told.get("area", "")),
    )


def _text(told: object) -> str:
    """Read a text of any length."""
    if not isinstance(told, str):
        raise Unreadable("bad_answer")
    return told
