from dataclasses import replace
from itertools import combinations

import pytest

from matching.features import Features
from matching.keys import CROWD, CROWDS, keys_of, kind_of, most_holders
from matching.normalise import features_of
from matching.record import PRELIST, Record
from matching.reference import DENSE, Reference
from matching.reference_build import build

SLS = "33750100010001"
NEIGHBOUR = "33750100010002"
NOTHING_KNOWN = Reference()


def features(number: int = 1, **known: str | float | None) -> Features:
    return features_of(Record(record_id=str(number), source=PRELIST, **known))  # type: ignore[arg-type]


def shared(one: Features, other: Features, reference: Reference = NOTHING_KNOWN) -> set[str]:
    """Kinds of key that two records share."""
    common = set(keys_of(one, reference)) & set(keys_of(other, reference))
    return {kind_of(key) for key in common}


def test_all_records_of_an_sls_meet() -> None:
    assert shared(features(sls=SLS), features(sls=SLS + "02")) == {"S"}
    assert shared(features(sls=SLS), features(sls=NEIGHBOUR)) == set()


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("P", {"phone": "081234509876"}),
        ("I", {"nib": "9120304060708"}),
        ("N", {"name": "TOKO LANCAR"}),
        ("N", {"owner": "JOKO"}),
        ("A", {"address": "JL ANGSANA NO 12"}),
        ("A", {"address": "PASAR SENEN BLOK B-12"}),
        ("G1", {"latitude": -6.888812, "longitude": 109.674411}),
        ("X", {"owner": "SITI AMINAH"}),
        ("O", {"name": "TOKO LANCAR", "owner": "SITI AMINAH"}),
        ("B", {"name": "TOKO LANCAR", "kbli": "47111"}),
    ],
)
def test_records_of_two_sls_meet_by(kind: str, known: dict[str, str | float]) -> None:
    assert kind in shared(features(sls=SLS, **known), features(sls=NEIGHBOUR, **known))


def test_exchanged_name_and_owner_meet() -> None:
    one = features(name="LANCAR", owner="DARMO", sls=SLS)
    other = features(name="DARMO", owner="LANCAR", sls=NEIGHBOUR)
    assert {"N", "X"} <= shared(one, other)


@pytest.mark.parametrize(("metres", "meet"), [(0, True), (20, True), (29, True), (200, False)])
def test_points_within_thirty_metres_share_a_cell(metres: float, *, meet: bool) -> None:
    for start in range(0, 70, 7):  # metres, across the borders of cells
        here = -6.88 - start / 111_195
        there = here - metres / 111_195
        one = features(latitude=here, longitude=109.674411)
        other = features(latitude=there, longitude=109.674411)
        assert bool(shared(one, other)) is meet


def test_a_dense_sls_is_cut_into_words_numbers_and_activities() -> None:
    market = [
        features(n, name=f"TOKO {chr(65 + n % 20)}{chr(65 + n // 20)}NG", kbli=f"47{n % 9}11",
                 address=f"PASAR SENEN BLOK B-{n}", sls=SLS)
        for n in range(DENSE + 1)
    ]  # fmt: skip
    reference = build(market)
    assert reference.dense_sls == {SLS}
    kinds = {kind_of(key) for each in market for key in keys_of(each, reference)}
    assert "S" not in kinds
    assert {"W", "U", "J", "K"} <= kinds


def test_strong_keys_come_first_and_each_once() -> None:
    full = features(name="TOKO LANCAR", owner="SITI LANCAR", phone="081234509876",
                    nib="9120304060708", kbli="47111", sls=SLS, address="JL ANGSANA NO 1",
                    latitude=-6.888812, longitude=109.674411)  # fmt: skip
    keys = keys_of(full, NOTHING_KNOWN)
    assert len(keys) == len(set(keys))
    kinds = [kind_of(key) for key in keys]
    assert kinds[:3] == ["P", "I", "O"]
    assert kinds[-1] == "X"


def test_nobody_knows_anything() -> None:
    assert keys_of(features(), NOTHING_KNOWN) == []
    assert keys_of(features(sls="3375"), NOTHING_KNOWN) == []


def test_ten_thousand_identical_records_make_no_pair() -> None:
    """Every key has more holders than it may have: nothing is compared, in no time."""
    one = features(name="TOKO LANCAR", owner="SITI", address="JL ANGSANA 1", kbli="47111", sls=SLS,
                   phone="081234509876", latitude=-6.888812, longitude=109.674411)  # fmt: skip
    crowd = [replace(one, record_id=str(number)) for number in range(10_000)]
    reference = build(crowd)
    settled = reference.settled(one)
    assert settled.phone is None
    assert "S" not in {kind_of(key) for key in keys_of(settled, reference)}
    assert max(most_holders(kind_of(key)) for key in keys_of(settled, reference)) <= CROWD


def test_crowds_are_bounded() -> None:
    assert all(1 < most <= DENSE for most in CROWDS.values())
    assert most_holders("S") == DENSE
    for one, other in combinations(("G0", "P"), 2):
        assert most_holders(one) == most_holders(other) == CROWD
