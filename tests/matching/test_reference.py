import json
from pathlib import Path

import pytest

from matching.features import Features
from matching.normalise import NORMALISER_VERSION, features_of
from matching.record import FIELD, PRELIST, Record
from matching.reference import Reference, point_of
from matching.reference_build import HUB, SHARED, build, build_from_table
from matching.tables import to_table

SLS = "3375010001{:04}"


def features(number: int = 1, source: str = PRELIST, **known: str | float | None) -> Features:
    return features_of(Record(record_id=str(number), source=source, **known))  # type: ignore[arg-type]


def test_a_phone_of_many_is_nobodys() -> None:
    many = [features(n, phone="081234509876", name=f"TOKO N{n}") for n in range(HUB + 1)]
    reference = build(many)
    assert reference.hub_phones == {"81234509876"}
    assert reference.settled(many[0]).phone is None
    few = build(many[:HUB])
    assert few.settled(many[0]).phone == "81234509876"


def test_the_centre_of_an_sls_is_no_position() -> None:
    centre = {"latitude": -6.888812, "longitude": 109.674411, "sls": SLS.format(1)}
    many = [features(n, name=f"TOKO {'ABCDEF'[n]}NA", **centre) for n in range(SHARED)]
    reference = build(many)
    assert reference.shared_points == {"-6.888812,109.674411"}
    settled = reference.settled(many[0])
    assert (settled.latitude, settled.longitude, settled.accuracy) == (None, None, None)
    assert build(many[:-1]).settled(many[0]) == many[0]


def test_points_of_several_sources_or_of_one_business_stay() -> None:
    place = {"latitude": -6.888812, "longitude": 109.674411, "sls": SLS.format(1)}
    sources = [features(1, PRELIST, name="A1A", **place), features(2, FIELD, name="B1B", **place),
               features(3, FIELD, name="C1C", **place)]  # fmt: skip
    assert build(sources).shared_points == frozenset()
    one = [features(n, FIELD, name="TOKO LANCAR", **place) for n in range(5)]
    assert build(one).shared_points == frozenset()


def test_a_name_met_everywhere_with_one_activity_is_a_chain() -> None:
    chain = [features(n, name="ZUMBAMART", kbli="47111", sls=SLS.format(n)) for n in range(8)]
    common = [features(n, name="TOKO BAROKAH", kbli=f"{47111 + 1000 * n}", sls=SLS.format(n),
                       owner=f"OWNER {'ABCDEFGH'[n]}") for n in range(8)]  # fmt: skip
    reference = build([*chain, *common])
    assert reference.settled(chain[0]).brand == chain[0].name_joined
    assert reference.settled(common[0]).brand is None


def test_how_frequent_a_name_is() -> None:
    reference = build(
        [features(n, name=name) for n, name in enumerate(["A1B", "A1B", "C1D", None])]
    )
    assert reference.name_frequency("A1B") == pytest.approx(2 / 3)
    assert reference.name_frequency("C1D") == pytest.approx(1 / 3)
    assert reference.name_frequency("NEW") == pytest.approx(1 / 3)
    assert reference.owner_frequency("NEW") == 1.0


def test_settling_twice_changes_nothing_more() -> None:
    many = [features(n, phone="081234509876") for n in range(HUB + 1)]
    reference = build(many)
    once = reference.settled(many[0])
    assert reference.settled(once) == once


def test_a_reference_is_kept_as_text(tmp_path: Path) -> None:
    many = [features(n, phone="081234509876", name="A1B", owner="SITI") for n in range(9)]
    reference = build(many)
    reference.save(tmp_path / "reference.json")
    kept = Reference.load(tmp_path / "reference.json")
    assert kept == reference
    assert kept.version == reference.version
    assert json.loads(kept.to_json())["normaliser_version"] == NORMALISER_VERSION


def test_order_of_records_does_not_matter() -> None:
    many = [features(n, phone=f"0812345098{n % 3:02}", name=f"T{n % 4}X") for n in range(40)]
    assert build(many).to_json() == build_from_table(to_table(many[::-1])).to_json()


def test_nothing_gives_an_empty_reference() -> None:
    assert build([]) == Reference()
    assert point_of(None, 1.0) is None
