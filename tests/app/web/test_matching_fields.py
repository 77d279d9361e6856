"""Two texts of one field, and a map of two points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.matching_fields import Piece, field_of, marked, phone_key
from app.web.matching_map import HEIGHT, WIDTH, Point, metres_between, pair_map


def text_of(pieces: list[Piece]) -> str:
    return "".join(text for _, text in pieces)


def shown(pieces: list[Piece]) -> str:
    return "".join(f"[{text}]" if differs else text for differs, text in pieces)


@given(st.text(max_size=60), st.text(max_size=60))
def test_pieces_joined_are_the_texts(left: str, right: str) -> None:
    before, after = marked(left, right)
    assert (text_of(before), text_of(after)) == (left, right)


@pytest.mark.parametrize(
    ("left", "right", "before", "after"),
    [
        ("BATIK SEKAR", "Batik Sekarr", "BATIK SEKAR", "Batik Sekar[r]"),
        ("GG CONTOH NO 3", "GG CONTOH 3", "GG CONTOH [NO ]3", "GG CONTOH 3"),
        ("TOKO MAJU", "TOKO SUBUR", "TOKO [MAJU]", "TOKO [SUBUR]"),
        ("JL. MAWAR", "JL MAWAR 2", "JL. MAWAR", "JL MAWAR[ 2]"),
        ("GG ٣", "GG ٤", "GG [٣]", "GG [٤]"),
    ],
)
def test_what_differs_is_marked(left: str, right: str, before: str, after: str) -> None:
    ours, theirs = marked(left, right)
    assert (shown(ours), shown(theirs)) == (before, after)


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("Toko Maju", "Toko Maju", "same"),
        ("Toko Maju", "TOKO  MAJU.", "close"),
        ("Toko Maju", "Toko Majur", "different"),
        ("Toko Maju", "", "one"),
    ],
)
def test_a_verdict_on_a_field(left: str, right: str, verdict: str) -> None:
    found = field_of("name", "Nama", left, right)
    assert found is not None
    assert found.verdict == verdict


def test_a_field_of_which_nobody_says_anything_is_left_out() -> None:
    assert field_of("name", "Nama", "", "") is None


def test_a_phone_is_the_same_however_it_is_written() -> None:
    found = field_of("phone", "Telepon", "+62 812-3456-9172", "081234569172", key=phone_key)
    assert found is not None
    assert found.verdict == "close"


HERE = Point(-6.9, 109.67, 8.0)


def test_the_map_shows_both_points_to_scale() -> None:
    found = pair_map(HERE, Point(-6.9, 109.671), [(-6.9, 109.6705), (-6.8, 109.67)])
    assert found is not None
    assert found.left is not None
    assert found.right is not None
    assert found.metres == pytest.approx(110.4, abs=0.1)
    scale = (found.right.x - found.left.x) / found.metres
    assert found.bar / found.bar_metres == pytest.approx(scale, rel=0.01)
    assert found.left.radius == pytest.approx(8 * scale, rel=0.02)
    assert (found.right.radius, len(found.others)) == (0.0, 1)  # who is far away is not drawn


@given(
    st.floats(-11, 6),
    st.floats(95, 141),
    st.floats(-0.5, 0.5),
    st.floats(-0.5, 0.5),
    st.floats(0, 1e6),
)
def test_both_points_are_on_the_map(
    north: float, east: float, up: float, along: float, accuracy: float
) -> None:
    found = pair_map(Point(north, east, accuracy), Point(north + up, east + along), [])
    assert found is not None
    for spot in (found.left, found.right):
        assert spot is not None
        inside = 0 <= spot.x <= WIDTH and 0 <= spot.y <= HEIGHT
        assert inside
    assert 0 < found.bar <= WIDTH


def test_one_point_is_a_map_and_none_is_none() -> None:
    found = pair_map(None, HERE, [])
    assert found is not None
    assert (found.left, found.metres) == (None, None)
    assert pair_map(None, None, [(-6.9, 109.67)]) is None


def test_metres_do_not_depend_on_the_order() -> None:
    other = Point(-6.91, 109.68)
    assert metres_between(HERE, other) == metres_between(other, HERE)
