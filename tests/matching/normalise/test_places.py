from math import inf, nan

import pytest

from matching.normalise.places import accuracy_of, position


def test_a_position_in_indonesia() -> None:
    assert position(-6.888812, 109.674411) == (-6.888812, 109.674411)


def test_exchanged_and_signless_positions_are_put_right() -> None:
    assert position(109.674411, -6.888812) == (-6.888812, 109.674411)
    assert position(6.888812, 109.674411) == (-6.888812, 109.674411)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(None, 109.6), (-6.8, None), (0.0, 0.0), (nan, 109.67), (inf, 109.67), (-6.8888, 9.67),
     (51.5001, 0.1201), (-7.0, 110.0), (-6.88, 109.67), (999.0, 999.0), (-6888812.0, 109674411.0)],
)  # fmt: skip
def test_absurd_positions(latitude: float | None, longitude: float | None) -> None:
    assert position(latitude, longitude) is None


@pytest.mark.parametrize("metres", [None, 0.0, -1.0, nan, inf, 1e9])
def test_absurd_accuracy(metres: float | None) -> None:
    assert accuracy_of(metres) is None
    assert accuracy_of(12.0) == 12.0
