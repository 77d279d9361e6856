"""Coordinates that can be meant; in degrees."""

from math import isfinite
from typing import Final

_SOUTH, _NORTH = -11.5, 6.5
_WEST, _EAST = 94.5, 141.5
_WORST: Final = 5_000.0  # metres; a fix that says less than this says nothing
_FINE: Final = 100  # a hundredth of a degree is a kilometre


def position(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """Give a position within Indonesia; exchanged or signless ones put right, others None."""
    if latitude is None or longitude is None:
        return None
    if not (isfinite(latitude) and isfinite(longitude)):
        return None
    if _WEST <= latitude <= _EAST:
        latitude, longitude = longitude, latitude
    if _NORTH < latitude <= -_SOUTH:
        latitude = -latitude
    if not (_SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST):
        return None
    if _is_coarse(latitude) and _is_coarse(longitude):
        return None
    return float(latitude), float(longitude)


def accuracy_of(metres: float | None) -> float | None:
    """Give an accuracy above zero; None where there is none."""
    if metres is None or not isfinite(metres) or not 0 < metres <= _WORST:
        return None
    return float(metres)


def _is_coarse(degrees: float) -> bool:
    return abs(degrees * _FINE - round(degrees * _FINE)) < 1e-9  # noqa: PLR2004 - float error
