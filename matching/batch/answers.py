"""Clerks' answers from a CSV file, weighed as what they are: right in 97 of 100."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from matching.batch.errors import BadInput
from matching.batch.files import read_table, text_of
from matching.linkage import Answers

ERROR: Final = 0.03  # share of answers that are wrong
WEIGHT: Final = math.log2((1 - ERROR) / ERROR)  # bits
_SAME: Final = frozenset({"same", "sama", "1", "true", "yes", "ya", "y", "match", "benar"})
_DIFFERENT: Final = frozenset(
    {"different", "beda", "berbeda", "0", "false", "no", "tidak", "n", "nonmatch", "salah"}
)
_LEFT: Final = frozenset({"left", "record_id_l", "left_id", "id_l", "a"})
_RIGHT: Final = frozenset({"right", "record_id_r", "right_id", "id_r", "b"})
_ANSWER: Final = frozenset({"answer", "decision", "label", "match", "jawaban", "keputusan"})


@dataclass(frozen=True, slots=True)
class Review:
    """Answers about records by their numbers, each pair once, and what did not fit.

    `pairs`: the ids that `answers` are about, in the same order; `given`: how many there were;
    `unknown`: answers about records that are not there, or that say neither same nor different;
    `contradicting`: pairs answered both ways as often, which say nothing.
    """

    answers: Answers
    pairs: list[tuple[str, str]]
    given: int
    unknown: int
    contradicting: list[tuple[str, str]]


def read_review(path: Path, places: Mapping[str, int]) -> Review:
    """Read answers about the records numbered in `places`."""
    table = read_table(path)
    columns = [_texts(table, path, names) for names in (_LEFT, _RIGHT, _ANSWER)]
    votes: dict[tuple[str, str], list[int]] = {}
    unknown = 0
    for left, right, answer in zip(*columns, strict=True):
        vote = _vote(answer)
        if vote is None or left == right or left not in places or right not in places:
            unknown += 1
            continue
        pair = (left, right) if places[left] < places[right] else (right, left)
        votes.setdefault(pair, []).append(vote)
    sums = {pair: sum(each) for pair, each in votes.items()}
    numbers = np.array([(places[a], places[b]) for a, b in sums], np.int64).reshape(-1, 2).T
    bits = np.array(list(sums.values()), np.float64) * WEIGHT
    return Review(
        Answers(numbers[0], numbers[1], bits),
        list(sums),
        len(columns[0]),
        unknown,
        [pair for pair, total in sums.items() if total == 0],
    )


def _vote(answer: str | None) -> int | None:
    plain = (answer or "").strip().lower()
    if plain in _SAME:
        return 1
    return -1 if plain in _DIFFERENT else None


def _texts(table: pa.Table, path: Path, names: frozenset[str]) -> list[str | None]:
    for written in table.column_names:
        if written.strip().lower() in names:
            found: list[str | None] = text_of(table.column(written)).to_pylist()
            return found
    wanted = ", ".join(sorted(names))
    raise BadInput(
        f"Berkas {path.name} tidak punya kolom yang bernama salah satu dari: {wanted}.",
        f"The file {path.name} has no column named one of: {wanted}.",
    )
