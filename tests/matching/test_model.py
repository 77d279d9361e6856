"""A model file is read as it was written, and refused where it would weigh something else."""

import json
from pathlib import Path

import pytest
from splink import SettingsCreator

from matching.model import ModelError, load
from matching.normalise import NORMALISER_VERSION


def test_the_shipped_model_is_for_this_normaliser_and_these_levels() -> None:
    model = load()
    assert model.normaliser == str(NORMALISER_VERSION)
    assert model.thresholds.clerical < 0 < model.thresholds.automatic
    assert model.evaluation["f1"] > 0.9


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    model = load()
    model.save(tmp_path / "model.json")
    again = load(tmp_path / "model.json")
    assert again.prior == pytest.approx(model.prior, abs=1e-12)
    for name, weights in model.weights.items():
        bits = [weight.bits for weight in again.weights[name]]
        assert bits == pytest.approx([weight.bits for weight in weights], abs=1e-12)
    assert again.calibration == model.calibration


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
def test_splink_reads_the_settings_as_they_are(dialect: str) -> None:
    settings = load().splink_settings(dialect)  # type: ignore[arg-type]  # parametrised text
    made = SettingsCreator.from_path_or_dict(settings).get_settings(dialect)
    assert len(made.core_model_settings.comparisons) == len(settings["comparisons"])


def test_probabilities_rise_with_bits_and_stay_within_the_calibration() -> None:
    model = load()
    found = [model.probability(bits / 2) for bits in range(-60, 60)]
    assert found == sorted(found)
    assert found[0] == model.calibration[0][1]
    assert found[-1] == model.calibration[-1][1]


def written(tmp_path: Path, **changes: object) -> Path:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(load().as_json() | changes), "utf-8")
    return path


def test_other_levels_are_refused_with_advice(tmp_path: Path) -> None:
    settings = load().splink_settings()
    settings["comparisons"][0]["comparison_levels"][1]["sql_condition"] = "1 = 1"
    with pytest.raises(ModelError, match="train it again"):
        load(written(tmp_path, splink=settings))
    settings["comparisons"][0]["output_column_name"] = "colour"
    with pytest.raises(ModelError, match="'colour'"):
        load(written(tmp_path, splink=settings))


@pytest.mark.parametrize("changes", [{"format": 9}, {"splink": {}}, {"thresholds": {"high": 1}}])
def test_what_is_no_model_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(ModelError, match="not a model file"):
        load(written(tmp_path, **changes))


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load(tmp_path / "absent.json")
    (tmp_path / "text.json").write_text("no", "utf-8")
    with pytest.raises(ModelError, match="not JSON"):
        load(tmp_path / "text.json")
