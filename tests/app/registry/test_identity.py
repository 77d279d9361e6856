import pytest

from app.registry.identity import owner_key

NIK = "3375034107800001"


@pytest.mark.parametrize(
    "nik", ["", "9999", "9" * 16, "337503410780000", "not a number....", "٣" * 16]
)
def test_what_is_no_nik_makes_no_owner(nik: str) -> None:
    assert owner_key("3375", nik) == ""


def test_an_owner_is_known_without_the_nik() -> None:
    assert owner_key("3375", NIK) == owner_key("3375", "33750341 07800001") != ""
    assert NIK not in owner_key("3375", NIK)
    assert owner_key("3375", NIK) != owner_key("3326", NIK)
