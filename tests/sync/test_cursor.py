import zlib
from base64 import urlsafe_b64encode

import pytest

from sync.cursor import Change, Cursor, Start, forgetting, page, resume
from sync.errors import Unreadable

CHANGES = [Change(n, "assignment", f"k{n}", {"n": n} if n % 2 else None) for n in range(1, 8)]
COMMON = [Change(n, "list", f"c{n}", {"n": n}) for n in range(1, 3)]
HERE, THERE, WIDE = "3375010004000100", "3375010004000200", "3375010004"


def token(text: str) -> str:
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    packed = packer.compress(text.encode()) + packer.flush()
    return urlsafe_b64encode(packed).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "é",
        "MS4xLjM1",  # of an older server
        token("1.2"),
        token("1.1.5"),
        token("2.x.5.1.-"),
        token("2.1.-5.1.-"),
        token("2.1.1.1." + "9" * 200_000),
        token("2.1.1." + "9" * 19 + "."),
        token("2.1.1.1.-") + "AAAA",
        "a" * 999,
    ],
    ids=range(12),
)
def test_any_other_text_is_no_cursor(text: str) -> None:
    with pytest.raises(Unreadable) as error:
        Cursor.parse(text)
    assert error.value.code == "bad_cursor"


def test_a_cursor_of_many_areas_is_short() -> None:
    areas = tuple(f"3375010004{number:04}00" for number in range(300))
    cursor = Cursor(3, 10**9, 10**6, areas)
    assert Cursor.parse(cursor.format()) == cursor
    assert len(cursor.format()) < 2000  # an address has room for 8,000


def test_pages_join_to_the_whole_and_what_is_common_comes_first() -> None:
    seen: list[Change] = []
    cursor, more = Cursor(1, 0), True
    while more:
        shared = [each for each in COMMON if each.seq > cursor.common]
        mine = [each for each in CHANGES if each.seq > cursor.seq]
        shown = page(shared, mine, cursor, 3)
        seen += shown.changes
        cursor, more = shown.next_cursor, shown.has_more
    assert seen == [*COMMON, *CHANGES]
    assert cursor == Cursor(1, 7, 2)


def test_an_empty_page_stays_where_it_is() -> None:
    shown: object = page([], [], Cursor(1, 7, 2, (HERE,)), 3)
    assert shown == page(COMMON[:0], CHANGES[:0], Cursor(1, 7, 2, (HERE,)), 3)
    assert page(COMMON[:0], CHANGES[:0], Cursor(1, 7), 3).next_cursor == Cursor(1, 7)


def test_a_page_that_just_fits_has_no_more() -> None:
    assert not page([], CHANGES, Cursor(1, 0), 7).has_more
    assert page([], CHANGES, Cursor(1, 0), 6).has_more


def test_a_new_device_and_one_after_a_restore_begin_from_nothing() -> None:
    assert resume(None, 1, [HERE]) == Start(0, 0, ("",))
    assert resume(Cursor(1, 5, 3, (HERE,)), 2, [HERE]) == Start(0, 0, ("",))


@pytest.mark.parametrize(
    ("before", "now", "start"),
    [
        ((HERE,), (HERE,), Start(5, 3, ())),
        ((HERE,), (HERE, THERE), Start(0, 3, ())),
        ((HERE, THERE), (HERE,), Start(5, 3, (THERE,))),
        ((HERE,), (THERE,), Start(0, 3, (HERE,))),
        ((WIDE,), (HERE,), Start(0, 3, (WIDE,))),  # HERE was forgotten with the rest
        ((HERE,), (WIDE,), Start(0, 3, ())),
        ((HERE,), (), Start(5, 3, (HERE,))),
        ((), (HERE,), Start(0, 3, ())),
        (("",), ("",), Start(5, 3, ())),
    ],
)
def test_areas_that_changed_are_forgotten_or_told_anew(
    before: tuple[str, ...], now: tuple[str, ...], start: Start
) -> None:
    assert resume(Cursor(1, 5, 3, before), 1, now) == start


def test_forgetting_is_a_tombstone_of_an_area() -> None:
    assert forgetting(Start(0, 3, (HERE,))) == [Change(0, "area", HERE, None, HERE)]
