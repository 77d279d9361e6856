"""A sealed stretch of the journal opens only whole, unaltered, and under its own secret."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.codecs.segment import BadSegment, Seal, decode_entries, encode_entries, seal, unseal
from sync.engine import ingest
from sync.envelope import Arrival, Attachment, Envelope
from sync.journal import Entry, breaks
from sync.memory import MemoryJournal

NOON = datetime(2026, 7, 1, 5, 0, tzinfo=UTC)
OURS, THEIRS = Seal.of(b"x" * 32), Seal.of(b"y" * 32)
HEADER = {"kind": "journal", "lane": "3375", "first": 1, "last": 2}


def entries() -> list[Entry]:
    journal = MemoryJournal()
    batch = [
        Envelope(
            instance_id=f"uuid:{name}",
            form_id="se2026_l",
            form_version="1",
            body=f"<data>{name}\N{SNOWMAN}</data>".encode(),
            captured_at=NOON if name == "a" else None,
            attachments=(Attachment("foto.jpg", "0" * 64, 12),),
        )
        for name in "ab"
    ]
    with journal.transaction():
        ingest(batch, journal, Arrival(lane="3375", actor="1", received_at=NOON, door="batch"))
    return list(journal.entries("3375"))


def test_entries_come_back_whole_and_chained() -> None:
    told = entries()
    again = decode_entries(unseal(OURS, seal(OURS, HEADER, encode_entries(told))).content)
    assert again == told
    assert list(breaks(again)) == []


def test_the_same_content_gives_the_same_bytes_and_other_content_another_nonce() -> None:
    assert seal(OURS, HEADER, b"one") == seal(OURS, HEADER, b"one")
    assert seal(OURS, HEADER, b"one")[-12:] != seal(OURS, HEADER, b"two")[-12:]


def test_nothing_can_be_read_without_the_secret() -> None:
    sealed = seal(OURS, HEADER, b"SANGAT RAHASIA" * 20)
    assert b"RAHASIA" not in sealed
    with pytest.raises(BadSegment):
        unseal(THEIRS, sealed)


@given(st.data())
def test_any_altered_byte_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(seal(OURS, HEADER, b"content"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BadSegment):
        unseal(OURS, bytes(sealed))


@given(st.data())
def test_a_cut_file_is_noticed(data: st.DataObject) -> None:
    sealed = seal(OURS, HEADER, b"content")
    with pytest.raises(BadSegment):
        unseal(OURS, sealed[: data.draw(st.integers(0, len(sealed) - 1))])


@given(st.binary(max_size=200))
def test_rubbish_is_no_segment(rubbish: bytes) -> None:
    with pytest.raises(BadSegment):
        unseal(OURS, rubbish)


def test_lines_that_are_no_entries_are_told() -> None:
    with pytest.raises(BadSegment):
        decode_entries(b'{"lane": "3375"}\n')
    with pytest.raises(BadSegment):
        decode_entries(b"nothing\n")


def test_a_secret_has_a_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Seal.of(b"short")


def test_the_header_is_bound_to_its_content() -> None:
    one = seal(OURS, HEADER, b"one")
    other = seal(OURS, {**HEADER, "first": 3}, b"one")
    cut = len(other) - (len(one) - one.index(b"}") - 1 - 64)
    with pytest.raises(BadSegment):
        unseal(OURS, other[:cut] + one[-(len(other) - cut) :])


def test_entries_keep_every_field() -> None:
    told = replace(entries()[0], prior_instance_id="uuid:z", device="tablet \N{BLACK STAR}")
    assert decode_entries(encode_entries([told])) == [told]
