"""What labels say, and how pairs fall into strata; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.auth.models import Role
from matching.model import Thresholds

LABEL: Final = "match-label"  # kind of the entries that carry rounds, answers, retractions
SIZES: Final = (25, 50, 100)  # pairs of a round
LABELLERS: Final = frozenset({Role.COORDINATOR, Role.REGENCY_ADMIN, Role.NATIONAL_ADMIN})
TRAINERS: Final = frozenset({Role.REGENCY_ADMIN, Role.NATIONAL_ADMIN})
APART: Final = "apart"
AUTOMATIC: Final = "automatic"
BANDS: Final = 4  # of doubt, between the thresholds


class Answer(StrEnum):
    """What somebody says of a pair."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


class Entry(StrEnum):
    """What an entry of labelling does."""

    ROUND = "round"
    ANSWER = "answer"
    RETRACT = "retract"


@dataclass(frozen=True, slots=True)
class Question:
    """A pair that is asked about: how it looked to the model, and for how many it stands."""

    left: str
    right: str
    bits: float
    levels: tuple[int, ...]
    stratum: str
    weight: float


def cuts_of(thresholds: Thresholds) -> list[float]:
    """Give the bits at which one stratum of compared pairs ends and the next begins."""
    step = (thresholds.automatic - thresholds.clerical) / BANDS
    inner = [thresholds.clerical + step * place for place in range(1, BANDS)]
    return [*inner, thresholds.automatic]


def stratum_of(place: int) -> str:
    """Give the name of the stratum before the first cut (0), behind it (1), and so on."""
    return AUTOMATIC if place >= BANDS else f"doubt {place + 1}"


def strata() -> Sequence[str]:
    """Give all strata, from plain differences to plain likeness."""
    return [APART, *(stratum_of(place) for place in range(BANDS + 1))]
