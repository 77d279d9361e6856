"""The model: one JSON that is a Splink settings object, with what must be known about it beside.

The weights stand where Splink expects them: each level's bits are log2(m / u), the prior is
`probability_two_random_records_match`. Splink reads the object under `splink` as it is; everything
else (versions, thresholds, calibration, evaluation, the labels' digest) is ours.
"""

import hashlib
import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal

from matching.levels.comparison import Comparison, Level
from matching.levels.comparisons import COMPARISONS

FORMAT: Final = 1
SHIPPED: Final = "se2026.json"
RAREST: Final = 1e-4  # no name counts as rarer than one in ten thousand
Dialect = Literal["duckdb", "spark"]
Json = dict[str, Any]


class ModelError(Exception):
    """A model file that cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What one level weighs, in bits: `bits` for a term as frequent as `usual`.

    A rarer term adds `rarity` bits for each halving of its frequency.
    """

    bits: float
    rarity: float = 0.0
    usual: float = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """In bits: link by itself from `automatic`, ask a person from `clerical`."""

    automatic: float
    clerical: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Weights of every level of every comparison, in their order, and what is known of them."""

    version: str
    normaliser: str
    prior: float  # bits
    weights: Mapping[str, tuple[Weight, ...]]
    thresholds: Thresholds
    calibration: Sequence[tuple[float, float]]  # bits, probability; both rising
    lean: float = 0.0  # bits within the prior that make groups join best at 0
    labels: Mapping[str, Any] = field(default_factory=dict)
    evaluation: Mapping[str, Any] = field(default_factory=dict)

    def comparisons(self) -> list[Comparison]:
        """Return the comparisons that the model weighs, in their order."""
        return [each for each in COMPARISONS if each.name in self.weights]

    def probability(self, bits: float) -> float:
        """Return how likely a pair of so many bits is one unit, by the calibration."""
        marks = [mark for mark, _ in self.calibration]
        place = bisect_right(marks, bits)
        if place == 0:
            return self.calibration[0][1]
        if place == len(marks):
            return self.calibration[-1][1]
        (low, below), (high, above) = self.calibration[place - 1 : place + 1]
        return below + (above - below) * (bits - low) / (high - low)

    def splink_settings(self, dialect: Dialect = "duckdb") -> Json:
        """Return the settings for `splink.Linker`; pairs are to be registered, none are blocked."""
        return {
            "link_type": "dedupe_only",
            "unique_id_column_name": "record_id",
            "blocking_rules_to_generate_predictions": [],
            "probability_two_random_records_match": _probability(self.prior),
            "retain_matching_columns": False,
            "retain_intermediate_calculation_columns": False,
            "comparisons": [
                _settings_of(each, self.weights[each.name], dialect) for each in self.comparisons()
            ],
        }

    def as_json(self) -> Json:
        """Return the object that is written to a model file."""
        return {
            "format": FORMAT,
            "version": self.version,
            "normaliser": self.normaliser,
            "levels": digest_of_levels(),
            "thresholds": asdict(self.thresholds),
            "calibration": [list(mark) for mark in self.calibration],
            "lean": self.lean,
            "labels": dict(self.labels),
            "evaluation": dict(self.evaluation),
            "splink": self.splink_settings(),
        }

    def save(self, path: Path) -> None:
        """Write the model file."""
        path.write_text(json.dumps(self.as_json(), indent=1, ensure_ascii=False) + "\n", "utf-8")


def digest_of_levels() -> str:
    """Return a digest of every level's condition: a model weighs these levels and no others."""
    conditions = [
        [each.name, [[level.name, level.condition("duckdb")] for level in each.levels]]
        for each in COMPARISONS
    ]
    return hashlib.sha256(json.dumps(conditions).encode()).hexdigest()[:16]


def load(path: Path | None = None) -> Model:
    """Read a model file, or the shipped model; refuse what was trained on other levels."""
    source = path if path is not None else resources.files("matching") / "models" / SHIPPED
    try:
        return from_json(json.loads(source.read_text("utf-8")))
    except OSError as problem:
        raise ModelError(f"The model file {path} cannot be read: {problem.strerror}.") from problem
    except (json.JSONDecodeError, UnicodeDecodeError) as problem:
        raise ModelError(f"The model file {path} is not JSON: {problem}.") from problem


def from_json(found: Any) -> Model:  # noqa: ANN401 — whatever the file holds
    """Return the model that a file holds."""
    try:
        return _model_of(found)
    except (KeyError, TypeError, ValueError, IndexError) as problem:
        raise ModelError(
            f"This is not a model file of format {FORMAT} ({type(problem).__name__}: {problem})."
        ) from problem


def _model_of(found: Json) -> Model:
    if found["format"] != FORMAT:
        raise ValueError(f"format {found['format']!r}")
    settings = found["splink"]
    known = {each.name: each for each in COMPARISONS}
    weights = {}
    for each in settings["comparisons"]:
        name = each["output_column_name"]
        if name not in known:
            raise ModelError(f"The model weighs {name!r}, which is not compared: train it again.")
        weights[name] = _weights_of(known[name], each["comparison_levels"])
    chance = float(settings["probability_two_random_records_match"])
    return Model(
        version=str(found["version"]),
        normaliser=str(found["normaliser"]),
        prior=math.log2(chance / (1 - chance)),
        weights=weights,
        thresholds=Thresholds(**found["thresholds"]),
        calibration=[(float(bits), float(chance)) for bits, chance in found["calibration"]],
        lean=float(found.get("lean", 0.0)),
        labels=found["labels"],
        evaluation=found["evaluation"],
    )


def _weights_of(each: Comparison, levels: list[Json]) -> tuple[Weight, ...]:
    ours = [level.condition("duckdb") for level in each.levels]
    if ours != [level["sql_condition"] for level in levels]:
        raise ModelError(f"The model knows other levels of {each.name!r}: train it again.")
    return tuple(_weight_of(level) for level in levels)


def _weight_of(level: Json) -> Weight:
    if level.get("is_null_level"):
        return Weight(0.0)
    return Weight(
        math.log2(level["m_probability"] / level["u_probability"]),
        float(level.get("tf_adjustment_weight", 0.0)),
        float(level["u_probability"]),
    )


def _settings_of(each: Comparison, weights: Sequence[Weight], dialect: Dialect) -> Json:
    return {
        "output_column_name": each.name,
        "comparison_description": each.name,
        "comparison_levels": [
            _level_settings(level, weight, dialect)
            for level, weight in zip(each.levels, weights, strict=True)
        ],
    }


def _level_settings(level: Level, weight: Weight, dialect: Dialect) -> Json:
    found: Json = {
        "sql_condition": level.condition(dialect),
        "label_for_charts": level.name,
    }
    if level.silent:
        return found | {"is_null_level": True}
    if level.frequency is None or weight.rarity == 0.0:
        high = 0.5
        m, u = (
            (high, high * 2.0**-weight.bits) if weight.bits > 0 else (high * 2.0**weight.bits, high)
        )
        return found | {"m_probability": m, "u_probability": u}
    return found | {
        "m_probability": weight.usual * 2.0**weight.bits,
        "u_probability": weight.usual,
        "tf_adjustment_column": level.frequency,
        "tf_adjustment_weight": weight.rarity,
        "tf_minimum_u_value": RAREST,
        "disable_tf_exact_match_detection": True,
    }


def _probability(bits: float) -> float:
    odds: float = 2.0**bits
    return odds / (1.0 + odds)
