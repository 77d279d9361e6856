"""`se2026 dedup train` from outside: questions, answers, a model of one's own."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from matching.model import load
from tests.support.cities import city_of

runner = CliRunner()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return city_of(tmp_path_factory, 300, 77)


def units(city: Path) -> dict[str, str]:
    with (city / "truth.csv").open(encoding="utf-8") as file:
        return {row["record_id"]: row["unit_id"] for row in csv.DictReader(file)}


@pytest.mark.slow
def test_questions_are_answered_and_make_a_model_of_ones_own(city: Path, tmp_path: Path) -> None:
    records, asked = str(city / "records.csv"), tmp_path / "questions.csv"
    first = ["dedup", "train", "--records", records, "--out", str(tmp_path / "first.json")]
    found = runner.invoke(app, [*first, "--questions", str(asked), "--ask", "300"])
    assert found.exit_code == 0, found.output
    assert load(tmp_path / "first.json").version == load().version

    truth, answers = units(city), tmp_path / "answers.csv"
    with asked.open(encoding="utf-8") as file, answers.open("w", encoding="utf-8") as written:
        table = csv.writer(written)
        table.writerow(["kiri", "kanan", "jawaban"])
        for row in csv.DictReader(file):
            same = truth[row["left"]] == truth[row["right"]]
            table.writerow([row["left"], row["right"], "sama" if same else "beda"])
    own = tmp_path / "own.json"
    command = ["dedup", "train", "--records", records, "--labels", str(answers)]
    found = runner.invoke(app, [*command, "--out", str(own), "--json"])
    assert found.exit_code == 0, found.output
    learned = load(own)
    assert learned.version == "own"
    assert learned.labels["same"] + learned.labels["different"] == 300
    assert json.loads(found.stdout)["right"] > 0.8


def test_too_few_labels_teach_nothing_and_that_is_told(city: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text("left,right,answer\na,b,same\n", "utf-8")
    records = str(city / "records.csv")
    command = ["dedup", "train", "--records", records, "--labels", str(answers)]
    found = runner.invoke(app, [*command, "--out", str(tmp_path / "own.json")])
    assert found.exit_code == 1
    assert "at least 20 of each" in found.output.replace("\n", " ")


def test_without_records_one_is_told_what_to_give(tmp_path: Path) -> None:
    found = runner.invoke(app, ["dedup", "train", "--out", str(tmp_path / "own.json")])
    assert found.exit_code == 1
    assert "--invented" in found.output


@pytest.mark.slow
def test_the_truth_of_a_city_teaches_without_questions(city: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.json"
    found = runner.invoke(
        app,
        [
            *("dedup", "train", "--records", str(city / "records.csv")),
            *("--truth", str(city / "truth.csv"), "--out", str(own)),
        ],
    )
    assert found.exit_code == 0, found.output
    assert load(own).labels["same"] > 50
