"""An office's own model: the shipped weights, moved as far as its clerks' answers say."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from matching.levels.comparisons import COMPARISONS
from matching.model import Model
from matching.normalise import NORMALISER_VERSION
from matching.record import Record
from matching.training.active import first_questions, next_questions
from matching.training.calibrate import Scores, calibrated, zones
from matching.training.design import Coding, Floats
from matching.training.fit import Fit, Sample, bits_of, fitted
from matching.training.labels import Label, Labels
from matching.training.learn import DOUBT, EASY, PRECISION
from matching.training.towns import Town, answered

RIDGE: Final = 6.0  # how hard it is to move a shipped weight
FOLDS: Final = 5
FEWEST: Final = 20  # labels of each answer
ENOUGH: Final = 500  # labels for thresholds of its own
_RENAMED: Final = {"lat": "latitude", "lon": "longitude"}


class TooFewLabelsError(Exception):
    """Labels that teach nothing; the message says how many are needed."""


def records_of(table: pa.Table) -> Iterator[Record]:
    """Return the records of a table as `matching.batch.files.read_records` reads it."""
    names = [_RENAMED.get(name, name) for name in table.column_names]
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        yield Record(**dict(zip(names, row, strict=True)))


def relearn(town: Town, labels: Labels, base: Model, version: str) -> Model:
    """Return the model that the labels make of `base`; judged in folds on labels it did not see.

    Raises TooFewLabelsError below 20 usable labels of either answer.
    """
    chosen, same, missed = answered(town, labels)
    if min(int(same.sum()), int((~same).sum())) < FEWEST:
        raise TooFewLabelsError(
            f"{int(same.sum())} pairs labelled same and {int((~same).sum())} different could be "
            f"used ({missed} are not compared): label at least {FEWEST} of each."
        )
    coding = Coding(COMPARISONS)
    home = _home(base)
    pairs = town.graded.where(chosen)
    sample = Sample(pairs, same, np.ones(len(same)))
    fit = fitted(coding, sample, ridge=RIDGE, around=home, start=home)
    bits = _unseen(coding, sample, home) + base.lean
    scores = Scores(bits, same, np.ones(len(same)), np.zeros(len(same), dtype=np.int64))
    calibration = calibrated(scores)
    own = len(same) >= ENOUGH
    return replace(
        base,
        version=version,
        normaliser=str(NORMALISER_VERSION),
        prior=fit.prior + base.lean,
        weights=fit.weights,
        calibration=calibration,
        thresholds=zones(scores, calibration, precision=PRECISION, doubt=DOUBT)
        if own
        else base.thresholds,
        labels={
            "kind": "answers",
            "sha256": labels.sha256,
            "same": int(same.sum()),
            "different": int((~same).sum()),
            "not compared": missed,
            "contradicted": len(labels.contradicted),
            "around": base.version,
        },
        evaluation={
            "how": f"{FOLDS} folds of the labels",
            "right": round(float(((bits > base.lean) == same).mean()), 4),
            "right before": round(float(((bits_of(coding, home, pairs) > 0) == same).mean()), 4),
        },
    )


def _unseen(coding: Coding, sample: Sample, home: Fit) -> Floats:
    """Return the bits of every labelled pair by weights that did not learn from it."""
    fold = np.random.default_rng(0).permutation(len(sample.same)) % FOLDS
    bits = np.zeros(len(sample.same))
    for each in range(FOLDS):
        kept = fold != each
        taught = Sample(sample.pairs.where(kept), sample.same[kept], sample.counts[kept])
        fit = fitted(coding, taught, ridge=RIDGE, around=home, start=home)
        bits[~kept] = bits_of(coding, fit, sample.pairs.where(~kept))
    return bits


def questions(
    town: Town, labels: Labels, model: Model, count: int, chance: random.Random
) -> list[tuple[str, str]]:
    """Return the pairs to ask about next; the first round is spread over all bits."""
    coding = Coding(COMPARISONS)
    bits = bits_of(coding, _home(model), town.graded)
    chosen, _, _ = answered(town, labels)
    places = (
        next_questions(town.graded, bits, chosen.tolist(), count, chance)
        if len(chosen)
        else first_questions(bits, count, chance)
    )
    return [
        (town.records[left].record_id, town.records[right].record_id)
        for left, right in town.pairs[places].tolist()
    ]


def labels_from(town: Town, units: Sequence[str], model: Model) -> list[Label]:
    """Return what somebody who knows the truth (a unit for each record) answers.

    Asked are all pairs of one unit, and of the others those that the model does not find plain.
    """
    of = np.asarray(units, dtype=np.str_)
    same = of[town.pairs[:, 0]] == of[town.pairs[:, 1]]
    bits = bits_of(Coding(COMPARISONS), _home(model), town.graded)
    asked = same | (bits > EASY)
    ids = [features.record_id for features in town.records]
    return [
        Label(min(ids[left], ids[right]), max(ids[left], ids[right]), answer)
        for (left, right), answer in zip(
            town.pairs[asked].tolist(), same[asked].tolist(), strict=True
        )
    ]


def _home(model: Model) -> Fit:
    """Return the model's weights without the lean of its prior."""
    return Fit(model.prior - model.lean, dict(model.weights))
