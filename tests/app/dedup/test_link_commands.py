import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.dedup.link_report import sentences
from matching.batch.pairs import Cut
from matching.batch.report import Report

RECORDS = """record_id,source,name,owner,address,phone,lat,lon,kbli,sls,colour
a,prelist,TOKO SEKAR ARUM,SRI MULYANI,JL SERUNI 12,081234512345,,,47510,3375010001000100,red
b,field,Tk. Sekar Arum,Ibu Sri Mulyani,Jl Seruni 12,+62 812-3451-2345,,,47510,3375010001000100,blue
c,field,BENGKEL MOTOR JAYA ABADI,SLAMET RIYADI,JL SERUNI NO 3,0,,,45407,3375010001000100,
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["dedup", "link", *map(str, arguments)])


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "records.csv"
    path.write_text(RECORDS)
    return path


def test_a_file_is_linked_without_a_server(records: Path, tmp_path: Path) -> None:
    out, edges = tmp_path / "units.parquet", tmp_path / "edges.csv"
    done = run("--records", records, "--out", out, "--edges", edges, "--json")
    assert done.exit_code == 0, done.output
    assert dict(pl.read_parquet(out).iter_rows()) == {"a": "a", "b": "a", "c": "c"}
    assert pl.read_csv(edges).columns == ["left", "right", "bits", "zone", "rank"]
    told = json.loads(done.stdout)
    assert told["records"] == 3
    assert told["units"] == 2
    assert told["ignored_columns"] == ["colour"]
    assert told["missing_columns"] == ["enumerator", "nib"]
    assert told["unusable"] == {"phone": 1}
    assert set(told["seconds"]) >= {"reading", "features", "scoring", "linking", "writing"}


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Columns not used: colour."), ("id", "Kolom yang tidak dipakai: colour.")],
)
def test_a_run_is_told_in_the_users_language(
    records: Path, tmp_path: Path, language: str, told: str
) -> None:
    done = run("--records", records, "--out", tmp_path / "u.csv", "--language", language)
    assert done.exit_code == 0
    assert told in done.stdout


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "1 record_ids come more than once"), ("id", "1 record_id muncul lebih dari sekali")],
)
def test_a_bad_file_ends_with_a_sentence_and_1(
    records: Path, tmp_path: Path, language: str, told: str
) -> None:
    records.write_text("record_id\na\na\n")
    done = run("--records", records, "--out", tmp_path / "u.csv", "--language", language)
    assert done.exit_code == 1
    assert told in done.stderr
    assert not (tmp_path / "u.csv").exists()


def test_a_model_that_is_none_ends_with_a_sentence_and_1(records: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.json"
    model.write_text("{}")
    done = run("--records", records, "--out", tmp_path / "u.csv", "--model", model)
    assert done.exit_code == 1
    assert "Berkas model tidak dapat dipakai" in done.stderr


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    assert run("--records", tmp_path / "none.csv", "--out", tmp_path / "u.csv").exit_code == 2


FULL = Report(
    records=10,
    sources={"field": 10},
    resumed=True,
    ignored_columns=("x",),
    missing_columns=("nib",),
    unknown_sources=1,
    unusable={"phone": 2},
    nameless=3,
    hub_phones=4,
    shared_points=5,
    dense_sls=6,
    cut_keys=[Cut("S", 1, 900, 900)],
    keyless=7,
    groups={1: 3, 40: 1},
    answers=8,
    answers_unknown=1,
    answers_contradicting=[("a", "b")],
    answers_overruled=[("a", "c")],
)


def test_everything_odd_has_its_line_in_both_languages() -> None:
    english, indonesian = sentences(FULL, "en"), sentences(FULL, "id")
    assert len(english) == len(indonesian) == 19
    assert not set(english) & set(indonesian)
    assert "1 keys are held by too many records (up to 900), not used: S 1." in english
    assert "1 units hold more than 12 records (up to 40): look at them." in english


def test_what_is_not_odd_is_not_told() -> None:
    assert len(sentences(Report(), "en")) == 3
