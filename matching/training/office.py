"""An office's own model: the shipped weights, moved as far as its clerks' answers say."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.levels.comparisons import COMPARISONS
from matching.model import Model, Thresholds
from matching.normalise import NORMALISER_VERSION, features_of
from matching.record import Record
from matching.reference import Reference
from matching.training.active import first_questions, next_questions
from matching.training.calibrate import Scores, calibrated, zones
from matching.training.design import USUAL, Coding, Floats, Graded, graded
from matching.training.examples import Example
from matching.training.fit import Fit, Sample, bits_of, fitted
from matching.training.labels import Label, Labels, gathered
from matching.training.learn import DOUBT, EASY, PRECISION
from matching.training.towns import Town, answered

if TYPE_CHECKING:
    import pyarrow as pa

RIDGE: Final = 60.0  # how hard it is to move a shipped weight; docs/matching.md says why
FOLDS: Final = 5
FEWEST: Final = 20  # labels of each answer
TELLING: Final = 100  # labels for a calibration of its own
ENOUGH: Final = 500  # labels for thresholds of its own
ASTRAY: Final = 0.03  # share of people's answers that is wrong
_RENAMED: Final = {"lat": "latitude", "lon": "longitude"}


class TooFewLabelsError(Exception):
    """Labels that teach nothing; the message says how many are needed."""


def records_of(table: "pa.Table") -> Iterator[Record]:
    """Return the records of a table as `matching.batch.files.read_records` reads it."""
    names = [_RENAMED.get(name, name) for name in table.column_names]
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        yield Record(**dict(zip(names, row, strict=True)))


@dataclass(frozen=True, slots=True)
class _Taught:
    """Answered pairs; the weights say for how many pairs of the place each stands."""

    pairs: Graded
    same: NDArray[np.bool_]
    weights: Floats


def relearn(town: Town, labels: Labels, base: Model, version: str) -> Model:
    """Return the model that the labels make of `base`; judged in folds on labels it did not see.

    Raises TooFewLabelsError below 20 usable labels of either answer.
    """
    chosen, same, missed = answered(town, labels)
    taught = _Taught(town.graded.where(chosen), same, np.ones(len(same)))
    told = {"not compared": missed, "contradicted": len(labels.contradicted)}
    return _moved(taught, base, version, {"sha256": labels.sha256} | told)


def taught_by(
    examples: Sequence[Example], reference: Reference, base: Model, version: str
) -> Model:
    """Return the model that these pairs make of `base`, by the frequencies of their place.

    Nothing but the pairs is needed: records that have changed since teach as they were. Without a
    reference every term is as rare as usual. Raises TooFewLabelsError as `relearn`.
    """
    pairs = [
        tuple(reference.settled(features_of(record)) for record in (each.left, each.right))
        for each in examples
    ]
    heard = reference if reference.records else _Unheard()
    taught = _Taught(
        graded(COMPARISONS, ((one, other) for one, other in pairs), heard),
        np.asarray([each.same for each in examples], dtype=np.bool_),
        np.asarray([each.weight for each in examples], dtype=np.float64),
    )
    labels = gathered(
        Label(each.left.record_id, each.right.record_id, each.same) for each in examples
    )
    return _moved(taught, base, version, {"sha256": labels.sha256})


class _Unheard:
    """The frequencies of a place of which nothing is known."""

    def name_frequency(self, name: str) -> float:
        del name
        return USUAL

    def owner_frequency(self, owner: str) -> float:
        del owner
        return USUAL


def _moved(taught: _Taught, base: Model, version: str, told: dict[str, Any]) -> Model:
    """Return `base` with its weights moved as far as the answers say.

    Pairs were chosen by how they look, never by their answer: so every answer counts alike for the
    weights. How many links are right is an average over the place, so there `weights` count.
    """
    same = taught.same
    if min(int(same.sum()), int((~same).sum())) < FEWEST:
        missed = told.get("not compared", 0)
        raise TooFewLabelsError(
            f"{int(same.sum())} pairs labelled same and {int((~same).sum())} different could be "
            f"used ({missed} are not compared): label at least {FEWEST} of each."
        )
    coding = Coding(COMPARISONS)
    home = _home(base)
    sample = Sample(taught.pairs, same, np.ones(len(same)))
    fit = fitted(coding, sample, ridge=RIDGE, around=home, start=home)
    bits = _unseen(coding, sample, home) + base.lean
    groups = np.zeros(len(same), dtype=np.int64)
    calibration, thresholds = list(base.calibration), base.thresholds
    if len(same) >= TELLING:
        calibration = calibrated(Scores(bits, same, np.ones(len(same)), groups))
    if len(same) >= ENOUGH:
        scores = Scores(bits, same, taught.weights, groups)
        thresholds = raised(scores, calibration, base.thresholds)
    return replace(
        base,
        version=version,
        normaliser=str(NORMALISER_VERSION),
        prior=fit.prior + base.lean,
        weights=fit.weights,
        calibration=calibration,
        thresholds=thresholds,
        labels={
            "kind": "answers",
            "same": int(same.sum()),
            "different": int((~same).sum()),
            "around": base.version,
            **told,
        },
        evaluation=_figures(bits, bits_of(coding, home, taught.pairs) + base.lean, same),
    )


def _figures(bits: Floats, before: Floats, same: NDArray[np.bool_]) -> dict[str, Any]:
    """Return how often the answers are met by bits that did not see them, and were before.

    A pair is called one above 0 bits, as groups join. Judged on few answers the two differ by
    chance alone: `gained` and `lost` tell how many answers are met now, or not any more.
    """
    now, then = (bits > 0) == same, (before > 0) == same
    return {
        "how": f"{FOLDS} folds of the labels",
        "right": round(float(now.mean()), 4),
        "right before": round(float(then.mean()), 4),
        "gained": int((now & ~then).sum()),
        "lost": int((then & ~now).sum()),
    }


def raised(scores: Scores, calibration: list[tuple[float, float]], base: Thresholds) -> Thresholds:
    """Return thresholds that ask where the calibration says so, and link no sooner than `base`.

    Some hundred answers cannot show that links are right in 99.6 of 100, and people err more often
    than that: so they may only speak against linking.
    """
    found = zones(scores, calibration, precision=PRECISION - ASTRAY, doubt=DOUBT)
    automatic = max(found.automatic, base.automatic)
    return Thresholds(automatic=automatic, clerical=min(found.clerical, automatic))


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
