import csv
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.web.evaluation import as_html
from matching.evaluation.clerical import design_of
from tests.support.cities import city_of

pytestmark = pytest.mark.slow
RUN = CliRunner()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return city_of(tmp_path_factory, 500, 3)


def run(*arguments: object) -> str:
    found = RUN.invoke(app, ["dedup", "evaluate", *map(str, arguments)])
    assert found.exit_code == 0, found.output
    return found.stdout


def test_a_truth_gives_figures_and_a_page(city: Path) -> None:
    page = city / "page.html"
    printed = run(
        *("--records", city / "records.parquet", "--truth", city / "truth.csv"),
        *("--no-rivals", "--page", page, "--json"),
    )
    figures = json.loads(printed)
    assert figures["records"] == 500
    assert 0.7 < figures["ours"]["pairs"]["f1"] <= 1
    assert figures["reviewed"]["answers"] <= 50
    assert figures["blocking"]["recall"] > 0.95
    html = page.read_text("utf-8")
    assert html.startswith("<!doctype html>")
    assert html.count("<svg") == 3
    assert "Mutu pencocokan" in html
    assert "http://" not in html.replace("http://www.w3.org", "")
    assert "Quality of matching" in as_html(figures, "en")


@pytest.fixture(scope="module")
def questions(city: Path) -> Path:
    path = city / "questions.csv"
    run("--records", city / "records.csv", "--draw", path, "--questions", 200)
    return path


def test_answers_give_precision_and_recall_with_bounds(
    city: Path, questions: Path, tmp_path: Path
) -> None:
    answered = tmp_path / "answered.csv"
    shutil.copy(design_of(questions), design_of(answered))
    with (city / "truth.csv").open() as file:
        truth = {row["record_id"]: row["unit_id"] for row in csv.DictReader(file)}
    with questions.open() as file:
        rows = list(csv.DictReader(file))
    assert {"name_left", "name_right", "answer", "second"} <= set(rows[0])
    for row in rows:
        row["answer"] = "sama" if truth[row["left"]] == truth[row["right"]] else "beda"
    with answered.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    page = tmp_path / "answered.html"
    figures = json.loads(run("--answers", answered, "--page", page, "--json"))
    estimate = figures["estimate"]
    assert estimate["asked"] == len(rows)
    assert estimate["precision"]["low"] < estimate["precision"]["value"] > 0.7
    assert figures["audit"]["looked_at"] > 0
    assert page.read_text("utf-8").count("<svg") == 2
    assert "precision:" in run("--answers", answered)


def test_questions_without_answers_say_what_to_do(questions: Path) -> None:
    found = RUN.invoke(app, ["dedup", "evaluate", "--answers", str(questions)])
    assert found.exit_code == 1
    assert "fill the column answer" in found.output


def test_a_truth_of_other_records_is_refused(city: Path, tmp_path: Path) -> None:
    other = tmp_path / "truth.csv"
    other.write_text("record_id,unit_id\nX1,U1\n", "utf-8")
    records = str(city / "records.csv")
    found = RUN.invoke(app, ["dedup", "evaluate", "--records", records, "--truth", str(other)])
    assert found.exit_code == 1
    assert "lacks 500 records" in " ".join(found.output.split())


def test_a_command_without_a_task_is_misused() -> None:
    assert RUN.invoke(app, ["dedup", "evaluate"]).exit_code == 2


def test_make_truth_writes_a_city(tmp_path: Path) -> None:
    found = RUN.invoke(app, ["dedup", "make-truth", "--out", str(tmp_path), "--records", "80"])
    assert found.exit_code == 0
    assert (tmp_path / "records.parquet").exists()
