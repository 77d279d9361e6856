from typing import Any

import pytest

from app.registry.keys import KeyFacts, key_digest, keys_of, owner_key

NIB, NIK = "1234567890123", "3375034107800001"
SUB_SLS = "3375010004000100"


def keys(**facts: Any) -> dict[str, str]:
    nothing = {"business_name": "", "area_code": "3375", "presence": "1", "nib": "", "mobile": ""}
    return dict(keys_of(KeyFacts(**({**nothing, "owner_key": "", "idsbr": ""} | facts))))


def test_a_nib_is_a_key_of_its_own() -> None:
    assert keys(nib=NIB) == {"nib": NIB}


def test_an_idsbr_is_a_key_of_its_own() -> None:
    assert keys(idsbr="1234567") == {"idsbr": "1234567"}


def test_owner_mobile_and_sls_are_keys_only_together_with_the_name() -> None:
    apart: dict[str, Any] = {
        "owner_key": "digest",
        "mobile": "081234567890",
        "area_code": SUB_SLS,
    }
    assert keys(**apart) == {}
    assert keys(business_name="TOKO", **apart) == {}
    assert keys(business_name="Batik Sekar", **apart) == {
        "nik+name": "digest BTKSKR#",
        "mobile+name": "81234567890 BTKSKR#",
        "name+sls": f"{SUB_SLS[:14]} BTKSKR#",
    }


def test_a_unit_without_known_sub_sls_has_no_key_of_place() -> None:
    assert keys(business_name="Batik Sekar", area_code="3375") == {}


@pytest.mark.parametrize("nib", ["1111111111111", "123456789012", "7777", "9999", "12345678901234"])
def test_what_is_no_nib_is_no_key(nib: str) -> None:
    assert keys(nib=nib) == {}


@pytest.mark.parametrize("sentinel", ["7777", "8888", "9999"])
def test_sentinels_are_never_keys(sentinel: str) -> None:
    told = {"nib": sentinel, "mobile": sentinel, "idsbr": sentinel, "business_name": sentinel}
    assert keys(area_code=SUB_SLS, owner_key=owner_key("3375", sentinel), **told) == {}


@pytest.mark.parametrize("presence", ["00", "3", "4", "9"])
def test_what_is_not_there_has_no_keys(presence: str) -> None:
    assert keys(nib=NIB, presence=presence) == {}


@pytest.mark.parametrize("presence", [None, "1", "2"])
def test_what_is_or_may_be_there_has(presence: str | None) -> None:
    assert keys(nib=NIB, presence=presence) == {"nib": NIB}


@pytest.mark.parametrize(
    "nik", ["", "9999", "9" * 16, "337503410780000", "not a number....", "٣" * 16]
)
def test_what_is_no_nik_makes_no_owner(nik: str) -> None:
    assert owner_key("3375", nik) == ""


def test_an_owner_is_known_without_the_nik() -> None:
    assert owner_key("3375", NIK) == owner_key("3375", "33750341 07800001") != ""
    assert NIK not in owner_key("3375", NIK)
    assert owner_key("3375", NIK) != owner_key("3326", NIK)


def test_a_digest_tells_kinds_and_lanes_apart() -> None:
    told = {
        key_digest(*each)
        for each in (("3375", "nib", "1"), ("3375", "x", "1"), ("3326", "nib", "1"))
    }
    assert len(told) == 3
