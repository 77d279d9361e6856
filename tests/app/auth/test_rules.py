from datetime import timedelta

import pytest

from app.auth.rules import WINDOW, address_digest, user_digest, wait_of
from tests.conftest import NOON


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("10.0.0.1", "::ffff:10.0.0.1", True),
        ("::ffff:10.0.0.2", "::ffff:10.0.0.1", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("", "unix", False),
    ],
)
def test_one_house_is_one_address(one: str, other: str, *, same: bool) -> None:
    assert (address_digest(one) == address_digest(other)) is same


def test_a_user_name_is_one_however_it_is_written() -> None:
    assert user_digest(" Siti ") == user_digest("siti")
    assert user_digest("siti") != user_digest("budi")


def test_one_waits_until_enough_failures_are_old() -> None:
    newest_first = [NOON - timedelta(minutes=minutes) for minutes in (1, 4, 9, 20)]
    assert wait_of(newest_first, 4, NOON) == timedelta(0)
    assert wait_of(newest_first, 3, NOON) == timedelta(minutes=6)
    assert wait_of(newest_first, 1, NOON) == timedelta(minutes=14)
    assert wait_of([NOON - WINDOW], 1, NOON) == timedelta(0)
