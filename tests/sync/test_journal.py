from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from sync.envelope import Attachment
from sync.journal import GENESIS, Break, Entry, breaks, link, sealed
from sync.receipts import Outcome

NOON = datetime(2026, 6, 15, 5, 0, 0, 123456, tzinfo=UTC)


def entry(position: int, previous_hash: str = GENESIS, **told: object) -> Entry:
    body = f"body {position}".encode()
    fields = {
        "lane": "3375",
        "position": position,
        "kind": "submission",
        "outcome": Outcome.STORED,
        "instance_id": f"uuid:{position}",
        "form_id": "se2026_l",
        "form_version": "1",
        "actor": "ppl-001",
        "device": "tablet",
        "door": "batch",
        "captured_at": NOON,
        "received_at": NOON,
        "digest": sha256(body).hexdigest(),
        "body": body,
        "prior_instance_id": None,
        "attachments": (Attachment("a.jpg", "0" * 64, 12),),
    }
    return sealed(Entry(**{**fields, **told}), previous_hash)


def lane(length: int) -> list[Entry]:
    entries: list[Entry] = []
    for position in range(1, length + 1):
        entries.append(entry(position, entries[-1].hash if entries else GENESIS))
    return entries


def test_a_sound_lane_has_no_breaks() -> None:
    assert list(breaks(lane(5))) == []
    assert list(breaks([])) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"lane": "3376"},
        {"position": 2},
        {"kind": "review"},
        {"outcome": Outcome.RIVAL},
        {"instance_id": "uuid:x"},
        {"form_id": "x"},
        {"form_version": "x"},
        {"actor": "x"},
        {"device": "x"},
        {"door": "x"},
        {"captured_at": NOON + timedelta(microseconds=1)},
        {"captured_at": None},
        {"received_at": NOON + timedelta(microseconds=1)},
        {"digest": "f" * 64},
        {"prior_instance_id": "x"},
        {"attachments": ()},
        {"attachments": (Attachment("a.jpg", "0" * 64, 13),)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_the_hash_binds_every_field(changed: dict[str, object]) -> None:
    first = entry(1)
    assert link(GENESIS, replace(first, **changed)) != first.hash
    assert link("f" * 64, first) != first.hash


def test_the_hash_does_not_depend_on_the_offset_of_a_time() -> None:
    jakarta = timezone(timedelta(hours=7))
    moved = entry(1, captured_at=NOON.astimezone(jakarta), received_at=NOON.astimezone(jakarta))
    assert moved.hash == entry(1).hash


def test_fields_cannot_flow_into_each_other() -> None:
    assert entry(1, actor="ab", device="c").hash != entry(1, actor="a", device="bc").hash


def test_a_changed_field_breaks_the_hash() -> None:
    entries = lane(3)
    entries[1] = replace(entries[1], actor="someone else")
    assert list(breaks(entries)) == [Break("3375", 2, "hash")]


def test_a_changed_body_breaks_the_digest() -> None:
    entries = lane(3)
    entries[1] = replace(entries[1], body=b"forged")
    assert list(breaks(entries)) == [Break("3375", 2, "body")]
    assert list(breaks(entries, with_bodies=False)) == []


def test_a_removed_entry_breaks_position_and_chain() -> None:
    first, _, third = lane(3)
    assert list(breaks([first, third])) == [
        Break("3375", 3, "position"),
        Break("3375", 3, "previous"),
    ]


def test_a_resealed_forgery_breaks_at_the_next_entry() -> None:
    entries = lane(3)
    entries[1] = sealed(replace(entries[1], actor="someone else"), entries[0].hash)
    assert list(breaks(entries)) == [Break("3375", 3, "previous")]


def test_the_chain_is_the_one_that_was_promised() -> None:
    # a journal written years ago must still verify: this value may never change
    assert entry(1).hash == "33f93ad7a47b8de2d785e62c1812096165c947479759c2431a5364d027e0988f"
