"""The textbook rival: a Fellegi-Sunter model as Splink's guide builds it.

Comparisons of Splink's library on the fields as they were written (in capitals), parameters by
expectation maximisation without labels, pairs from blocking rules, connected components.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from matching.batch.scoring import quiet
from matching.evaluation.components import components
from matching.record import Record

TOGETHER: Final = 0.95  # probability at which Splink's tutorial clusters
_TEXTS: Final = ("name", "owner", "address", "kbli", "sls")
_PHONE: Final = 9  # digits of a telephone number that is one


def textbook_units(records: Sequence[Record], *, threshold: float = TOGETHER) -> list[int]:
    """Group records as somebody would who follows the guide."""
    with quiet():
        backend = DuckDBAPI()
        linker = Linker(backend.register(_table(records)), _settings(), log_level=None)
        _train(linker)
        pairs = _predicted(linker, threshold)
    links = [pairs.column(name).to_numpy() for name in ("record_id_l", "record_id_r")]
    return components(len(records), np.column_stack(links).astype(np.int64))


def _predicted(linker: Any, threshold: float) -> pa.Table:  # noqa: ANN401 - Splink tells no types
    found = linker.inference.predict(threshold_match_probability=threshold, warning_mode="never")
    return found.as_pyarrow_table()


def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=[
            compare.NameComparison("name"),
            compare.NameComparison("owner"),
            compare.JaroWinklerAtThresholds("address", [0.9, 0.7]),
            compare.ExactMatch("phone"),
            compare.ExactMatch("nib"),
            compare.DistanceInKMAtThresholds("lat", "lon", [0.02, 0.1, 1]),
            compare.ExactMatch("kbli").configure(term_frequency_adjustments=True),
            compare.ExactMatch("sls"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("name", "sls"),
            block_on("owner", "sls"),
            block_on("phone"),
            block_on("nib"),
            block_on("kbli", "sls"),
            block_on("substr(name, 1, 4)", "substr(sls, 1, 10)"),
            block_on("substr(owner, 1, 4)", "substr(sls, 1, 10)"),
        ],
    )


def _train(linker: Any) -> None:  # noqa: ANN401 - Splink tells no types
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("name", "owner"), block_on("nib"), block_on("phone", "sls")], recall=0.7
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("name"), block_on("owner"), block_on("kbli", "sls")):
        training.estimate_parameters_using_expectation_maximisation(rule)


def _table(records: Sequence[Record]) -> pa.Table:
    """Give records with places as ids, in capitals and without blanks around."""
    columns: dict[str, Any] = {"record_id": pa.array(range(len(records)), pa.int64())}
    for name in _TEXTS:
        columns[name] = pa.array([_plain(getattr(each, name)) for each in records], pa.string())
    columns["phone"] = pa.array([_phone(each.phone) for each in records], pa.string())
    columns["nib"] = pa.array([_plain(each.nib) for each in records], pa.string())
    columns["lat"] = pa.array([each.latitude for each in records], pa.float64())
    columns["lon"] = pa.array([each.longitude for each in records], pa.float64())
    return pa.table(columns)


def _plain(text: str | None) -> str | None:
    return " ".join(text.upper().split()) or None if text else None


def _phone(text: str | None) -> str | None:
    digits = "".join(filter(str.isdigit, text or ""))
    return digits[-_PHONE:] if len(digits) >= _PHONE else None
