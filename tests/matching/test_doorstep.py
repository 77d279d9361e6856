"""What a phone is told of listed businesses: enough to warn, too little to tell who they are."""

from collections import Counter, defaultdict
from dataclasses import fields, replace
from pathlib import Path

import pytest

from matching.doorstep import (
    LONG,
    ROW_BYTES,
    WORDS,
    Marker,
    Marks,
    levels,
    packed,
    shipped,
    tokens_of,
    unpacked,
)
from matching.record import FIELD, PRELIST, Record
from matching.training.doorstep import learned, visits
from matching.truth.make import make_truth

PROTOCOL = Path(__file__).parents[2] / "docs" / "protocol.md"
WARUNG = Record(
    record_id="IDSBR0000001",
    source=PRELIST,
    name="Warung Melati Jaya",
    owner="Hj. Siti Contohwati",
    address="Jl. Contoh Raya No. 017 RT 03/RW 02",
    phone="0812-3456-0017",
    nib="9120001234567",
    kbli="56103",
)
TYPED = replace(
    WARUNG,
    record_id="",
    name="WR. MELATI JAYA",
    owner="siti tjontohwati",
    phone="+62 812 3456 0017",
)


def quarters(one: Record, other: Record, key: str = "k") -> int:
    marker = Marker(key)
    return shipped().quarters(marker.marks(one), marker.marks(other))


def test_the_same_business_is_warned_of_however_written() -> None:
    assert quarters(WARUNG, TYPED) >= shipped().warning
    assert tokens_of(WARUNG)["words"] == tokens_of(TYPED)["words"]
    assert tokens_of(TYPED)["trades"] == ["WR"]
    assert tokens_of(WARUNG)["numbers"] == ["17", "2", "3"]


def test_another_business_next_door_is_not() -> None:
    other = Record(record_id="", source=FIELD, name="Bengkel Las Karya", owner="Budi Umpama",
                   address="Jl. Contoh No. 19", phone="081398760042", kbli="25920")  # fmt: skip
    assert quarters(WARUNG, other) < shipped().warning


def test_nothing_known_is_nothing_warned_of() -> None:
    empty = Record(record_id="", source=FIELD, name="-", owner="9999", phone="0000000000")
    marks = Marker("k").marks(empty)
    assert [getattr(marks, part.name) for part in fields(Marks)[1:]] == [0] * 7
    assert quarters(WARUNG, empty) < shipped().warning
    assert quarters(empty, empty) < shipped().warning


def test_levels_count_what_falls_together() -> None:
    one = Marks(unit=1, words=0b0111, trades=1, streets=0, numbers=4, phone=9, nib=0, activity=0x21)
    other = replace(one, words=0b1110, trades=2, phone=8, nib=3, activity=0x31)
    assert levels(one, other) == (
        "words 2/3", "trades 0/1", "streets 0/0", "numbers 1/1",
        "phone differs", "nib unknown", "division same", "group differs",
    )  # fmt: skip
    assert levels(one, other) == levels(other, one)


def test_rows_are_small_and_in_no_order_of_the_office() -> None:
    marker = Marker("k")
    marks = [marker.marks(replace(WARUNG, record_id=f"IDSBR{n:07}")) for n in range(200)]
    rows = packed(marks)
    assert len(rows) == 200 * ROW_BYTES == 3_000
    assert rows == packed(reversed(marks))
    assert sorted(unpacked(rows), key=lambda each: each.unit) == sorted(
        marks, key=lambda each: each.unit
    )


def test_an_area_s_marks_say_nothing_under_another_key() -> None:
    one, other = Marker("one").marks(WARUNG), Marker("other").marks(WARUNG)
    assert one != other
    assert one == Marker("one").marks(WARUNG)


@pytest.mark.unmeasured
def test_every_bucket_stands_for_many_words() -> None:
    """Who tries every word of a dictionary learns a bucket, of which many words are one."""
    words = {
        word
        for seed in range(30, 38)
        for each in make_truth(1500, seed)
        for word in tokens_of(each.record)["words"]
    }
    marker = Marker("k")
    sizes = Counter(marker.bucket("word", word, WORDS) for word in words)
    assert len(sizes) == WORDS
    assert min(sizes.values()) >= 20, len(words)


@pytest.mark.unmeasured
def test_who_tries_every_phone_number_learns_one_of_255() -> None:
    marker = Marker("k")
    told = marker.marks(WARUNG).phone
    tried = 20_000
    fitting = sum(marker.bucket("phone", f"8123456{n:05}", LONG) + 1 == told for n in range(tried))
    assert fitting > tried / LONG / 2


@pytest.mark.unmeasured
@pytest.mark.parametrize(("seed", "records"), [(7, 2500), (45, 2500)])
def test_listed_businesses_are_warned_of_and_new_ones_seldom(seed: int, records: int) -> None:
    weights = shipped()
    found: defaultdict[bool, list[bool]] = defaultdict(list)
    for visit in visits(make_truth(records, seed)):
        warned = {
            unit
            for unit, marks in visit.listed
            if weights.quarters(visit.typed, marks) >= weights.warning
        }
        known = any(unit == visit.unit for unit, _ in visit.listed)
        found[known].append(visit.unit in warned if known else bool(warned))
    caught, needless = (sum(found[known]) / len(found[known]) for known in (True, False))
    assert caught >= 0.9, caught
    assert needless <= 0.35, needless  # one town in six has more than 0.2


def test_equal_towns_teach_equal_weights() -> None:
    taught = learned([3], 600)
    assert taught == learned([3], 600)
    assert taught.levels["words 2/2"] > 0 > taught.levels["words 0/2"]


def test_the_row_that_the_protocol_tells_is_the_one_that_is_made() -> None:
    record = Record(
        record_id="IDSBR0000001",
        source=FIELD,
        name="TOKO BATIK SEKAR",
        owner="Siti Contohwati",
        address="Gg. Contoh No 3 RT 001/RW 002",
        phone="+62 813-2555-0142",
        nib="9120001234567",
        kbli="13134",
    )
    made = packed([Marker("kunci contoh").marks(record)]).hex()
    assert f"`{made}`" in PROTOCOL.read_text(encoding="utf-8")
