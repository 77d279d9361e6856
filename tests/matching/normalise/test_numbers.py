import pytest

from matching.normalise.numbers import activity_code, area_code, business_number, phone_number


@pytest.mark.parametrize(
    "text",
    ["081234509876", "+62 812-3450-9876", "62812 3450 9876", "0062 81234509876", "(0812) 3450.9876",
     "81234509876", "81234509876.0", "0812 3450 9876 / 0813 2222 1111", "O812345O9876",
     "WA: 081234509876"],
)  # fmt: skip
def test_a_phone_in_any_layout(text: str) -> None:
    assert phone_number(text) == "81234509876"


@pytest.mark.parametrize(
    "text",
    [None, "", "-", "0", "9999", "7777", "081111111111", "080000000000", "081234567890",
     "0812", "12345", "8.12E+10", "tidak ada", "08123450987612345"],
)  # fmt: skip
def test_no_phone(text: str | None) -> None:
    assert phone_number(text) is None


def test_a_landline_keeps_its_area() -> None:
    assert phone_number("(0285) 421-634") == "285421634"


@pytest.mark.parametrize("text", ["9120304060708", "9120 3040 60708", "9120304060708.0"])
def test_a_nib(text: str) -> None:
    assert business_number(text) == "9120304060708"


def test_a_leading_zero_is_put_back() -> None:
    assert business_number("220304060708") == "0220304060708"


@pytest.mark.parametrize(
    "text",
    [None, "-", "9999", "0000000000000", "1111111111111", "1234567890123", "123", "9.12E+12"],
)
def test_no_nib(text: str | None) -> None:
    assert business_number(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("47111", "47111"), ("G47111", "47111"), ("47.11", "4711"), ("47", "47"), ("47111.0", "47111"),
     ("4", None), ("00000", None), ("99999", None), ("471112", None), (None, None)],
)  # fmt: skip
def test_kbli(text: str | None, code: str | None) -> None:
    assert activity_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("3375010001000102", "33750100010001"), ("33750100010001", "33750100010001"),
     ("3375010001", "3375010001"), ("0", None), (None, None), ("33.75.01", "337501")],
)  # fmt: skip
def test_sls(text: str | None, code: str | None) -> None:
    assert area_code(text) == code
