from base64 import urlsafe_b64encode

import pytest

from sync.cursor import Change, Cursor, page, resume
from sync.errors import Unreadable

CHANGES = [Change(n, "assignment", f"k{n}", {"n": n} if n % 2 else None) for n in range(1, 8)]


def test_a_cursor_survives_its_journey() -> None:
    assert Cursor.parse(Cursor(3, 120).format()) == Cursor(3, 120)


def token(text: str) -> str:
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "é",
        token("1.2"),
        token("2.1.5"),
        token("1.x.5"),
        token("1.01.5"),
        token("1.1.-5"),
        token("1.1." + "9" * 19),
        "a" * 999,
    ],
)
def test_any_other_text_is_no_cursor(text: str) -> None:
    with pytest.raises(Unreadable) as error:
        Cursor.parse(text)
    assert error.value.code == "bad_cursor"


def test_pages_join_to_the_whole() -> None:
    seen, cursor, more = [], None, True
    while more:
        shown = page(CHANGES, cursor, 1, 3)
        seen += shown.changes
        cursor, more = shown.next_cursor, shown.has_more
    assert seen == CHANGES
    assert cursor == Cursor(1, 7)


def test_an_empty_page_stays_where_it_is() -> None:
    shown = page(CHANGES, Cursor(1, 7), 1, 3)
    assert shown.changes == ()
    assert (shown.next_cursor, shown.has_more) == (Cursor(1, 7), False)


def test_a_page_that_just_fits_has_no_more() -> None:
    assert not page(CHANGES, None, 1, 7).has_more


def test_after_a_restore_a_device_begins_again() -> None:
    assert resume(Cursor(1, 5), 1) == 5
    assert resume(Cursor(1, 5), 2) == 0
    assert resume(None, 1) == 0
