"""Clerks who answer the questions of a link run, and err as people do."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final, NamedTuple

PER_THOUSAND: Final = 100
SAME: Final = "same"
DIFFERENT: Final = "different"


class Answer(NamedTuple):
    """What a clerk said of two records; a row of the file of answers."""

    left: str
    right: str
    answer: str


def answered(
    questions: Sequence[tuple[str, str]],
    truth: Mapping[str, str],
    rng: Random,
    *,
    records: int,
    error: float = 0.03,
) -> list[Answer]:
    """Answer the first questions, as many as an office can afford: 100 for 1,000 records."""
    affordable = questions[: records * PER_THOUSAND // 1000]
    return [
        Answer(left, right, _said(rng, error, same=truth[left] == truth[right]))
        for left, right in affordable
    ]


def _said(rng: Random, error: float, *, same: bool) -> str:
    return SAME if same != (rng.random() < error) else DIFFERENT
