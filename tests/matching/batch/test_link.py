"""A whole run over an invented town."""

import random
from pathlib import Path

import duckdb
import polars as pl
import pytest

from matching.batch import score as scoring
from matching.batch.link import Request, link
from matching.linkage import Rules
from matching.model import load
from matching.reference import Reference
from matching.scorer import Scorer
from matching.tables import from_table
from matching.truth.files import frame
from matching.truth.make import make_truth

RECORDS = 500


def quietly(_what: str, _done: int, _total: int) -> None:
    pass


class Run:
    def __init__(self, folder: Path, records: pl.DataFrame, **options: object) -> None:
        folder.mkdir(exist_ok=True)
        self.records = records
        self.file = folder / "records.parquet"
        records.write_parquet(self.file)
        self.request = Request(
            self.file, folder / "units.parquet", folder / "edges.parquet", **options
        )
        self.report = link(self.request, quietly)
        self.units = pl.read_parquet(folder / "units.parquet")
        self.edges = pl.read_parquet(folder / "edges.parquet")

    def parts(self) -> set[frozenset[str]]:
        grouped = self.units.group_by("unit_id").agg("record_id")["record_id"]
        return {frozenset(members) for members in grouped.to_list()}


@pytest.fixture(scope="module")
def town() -> pl.DataFrame:
    labelled = make_truth(RECORDS, seed=4)
    return frame([each.record for each in labelled])


@pytest.fixture(scope="module")
def run(town: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("link")
    return Run(folder, town, work=folder / "work")


def test_every_record_is_written_once_in_its_order(run: Run) -> None:
    assert run.units["record_id"].to_list() == run.records["record_id"].to_list()
    assert run.report.records == len(run.records)
    assert run.report.units == run.units["unit_id"].n_unique() < len(run.records)


def test_a_unit_is_named_by_its_first_record(run: Run) -> None:
    firsts = run.units.group_by("unit_id").agg(pl.col("record_id").first())
    assert firsts["unit_id"].to_list() == firsts["record_id"].to_list()


def test_questions_come_first_and_in_the_order_of_their_rank(run: Run) -> None:
    zones = run.edges["zone"].to_list()
    order = ["clerical", "automatic", "apart"]
    assert zones == sorted(zones, key=order.index)
    asked = run.edges.filter(zone="clerical")
    assert asked["rank"].to_list() == list(range(1, len(asked) + 1))
    assert 0 < len(asked) <= len(run.records) / 10
    assert len(asked) == run.report.questions
    assert run.edges.filter(pl.col("zone") != "clerical")["rank"].null_count() == len(
        run.edges
    ) - len(asked)


def test_zones_agree_with_the_units(run: Run) -> None:
    unit = dict(run.units.iter_rows())
    automatic = load().thresholds.automatic
    for left, right, bits, zone, _ in run.edges.iter_rows():
        if zone == "automatic":
            assert unit[left] == unit[right]
            assert bits >= automatic
        if zone == "apart":
            assert unit[left] != unit[right]
    assert run.report.automatic > RECORDS / 10


def test_two_field_documents_are_never_linked_by_themselves(run: Run) -> None:
    source = dict(run.records.select("record_id", "source").iter_rows())
    linked = run.edges.filter(zone="automatic").select("left", "right").rows()
    groups: dict[str, set[str]] = {}
    for left, right in linked:
        joined = groups.get(left, {left}) | groups.get(right, {right})
        groups |= dict.fromkeys(joined, joined)
    assert max(sum(source[each] == "field" for each in group) for group in groups.values()) == 1


def test_the_order_of_the_file_changes_no_group(
    run: Run, town: pl.DataFrame, tmp_path: Path
) -> None:
    assert Run(tmp_path, town.sample(fraction=1, shuffle=True, seed=3)).parts() == run.parts()


def test_splink_finds_the_bits_that_the_online_path_finds(run: Run) -> None:
    assert run.request.work is not None
    work = str(run.request.work)
    base = duckdb.connect()
    features = list(
        from_table(base.read_parquet(f"{work}/settled-*.parquet").order("row").to_arrow_table())
    )
    edges = base.read_parquet(f"{work}/edges-*.parquet").fetchall()
    reference = Reference.from_json((run.request.work / "reference.json").read_text())
    scorer = Scorer(load(), reference)
    assert len(edges) > RECORDS
    furthest = max(
        abs(bits - scorer.bits(features[left], features[right])) for left, right, bits in edges
    )
    assert furthest < 1e-9


def test_a_run_that_was_stopped_goes_on_with_what_is_finished(
    town: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.batch.features.CHUNK", 200)
    monkeypatch.setattr("matching.batch.pairs.PAIRS", 6_000)
    work = tmp_path / "work"
    whole = Run(tmp_path, town, work=work, processes=2)
    chunks = sorted(work.glob("*-*.parquet"))
    assert whole.report.chunks > 3
    kept = {path: path.stat().st_mtime_ns for path in chunks[1::2]}
    for path in chunks[::2]:
        path.unlink()
    again = Run(tmp_path, town, work=work, processes=1)
    assert again.report.resumed
    assert again.report.pairs == whole.report.pairs
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert again.edges.equals(whole.edges)
    assert again.units.equals(whole.units)


def test_other_records_begin_anew(town: pl.DataFrame, tmp_path: Path) -> None:
    work = tmp_path / "work"
    Run(tmp_path, town.head(60), work=work)
    second = Run(tmp_path, town.head(50), work=work)
    assert not second.report.resumed
    assert len(second.units) == 50


def test_without_a_folder_named_nothing_is_left_behind(town: pl.DataFrame, tmp_path: Path) -> None:
    Run(tmp_path, town.head(50))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "edges.parquet",
        "records.parquet",
        "units.parquet",
    ]


def answered(run: Run, folder: Path, *, same: bool) -> Run:
    asked = run.edges.filter(zone="clerical").select("left", "right")
    review = folder / "review.csv"
    asked.with_columns(answer=pl.lit("sama" if same else "beda")).write_csv(review)
    return Run(folder, run.records, review=review, work=run.request.work)


def test_answers_of_clerks_move_groups_and_are_not_asked_again(run: Run, tmp_path: Path) -> None:
    same = answered(run, tmp_path, same=True)
    different = answered(run, tmp_path, same=False)
    assert same.report.resumed
    assert same.report.units < run.report.units < different.report.units
    assert same.report.answers == run.report.questions
    asked = set(run.edges.filter(zone="clerical").select("left", "right").rows())
    again = set(same.edges.filter(zone="clerical").select("left", "right").rows())
    assert not asked & again


def test_an_answer_against_all_evidence_is_told(run: Run, tmp_path: Path) -> None:
    strongest = run.edges.filter(zone="automatic").sort("bits").row(-1)
    review = tmp_path / "review.csv"
    review.write_text(f"left,right,answer\n{strongest[0]},{strongest[1]},different\n")
    told = Run(tmp_path, run.records, review=review, work=run.request.work).report
    assert [set(pair) for pair in told.answers_overruled] == [set(strongest[:2])]


def business(number: int, **columns: object) -> dict[str, object]:
    chance = random.Random(number)
    usual = {
        "record_id": f"r{number}",
        "source": "field" if number % 2 else "prelist",
        "enumerator": None,
        "name": "TOKO " + "".join(chance.choices("BDGKLMNPRST", k=8)),
        "owner": "".join(chance.choices("BDGKLMNPRST", k=9)),
        "address": f"JL MERDEKA NO {number}",
        "phone": None,
        "nib": None,
        "lat": None,
        "lon": None,
        "kbli": "47112",
        "sls": "3375010001000200",
    }
    return usual | columns


def test_two_regencies_meet_by_nib_and_phone_alone(tmp_path: Path) -> None:
    carried = {"name": "BATIK SEKAR ARUM", "owner": "SRI MULYANI", "nib": "1234509876543"}
    rows = [
        business(0, **carried, sls="3375010001000200"),
        business(1, **carried, sls="3326010001000200"),
        business(2, **(carried | {"nib": None}), sls="3327010001000200"),
        business(3, sls="3327010001000200"),
    ]
    found = Run(tmp_path, pl.DataFrame(rows, infer_schema_length=None), work=tmp_path / "work")
    pairs = duckdb.read_parquet(str(tmp_path / "work" / "edges-*.parquet")).fetchall()
    settled = duckdb.read_parquet(str(tmp_path / "work" / "settled-*.parquet"))
    names = dict(settled.project("row, record_id").fetchall())
    met = {frozenset({names[left], names[right]}) for left, right, _ in pairs}
    assert frozenset({"r0", "r1"}) in met
    assert not any("r2" in pair and pair & {"r0", "r1"} for pair in met)
    assert found.report.chunks == 2


def test_a_thousand_identical_records_are_cut_and_told(tmp_path: Path) -> None:
    rows = [business(number) | business(0, record_id=f"r{number}") for number in range(1_000)]
    found = Run(tmp_path, pl.DataFrame(rows, infer_schema_length=None))
    assert max(found.report.groups) < 50
    assert max(cut.largest for cut in found.report.cut_keys) == 1_000
    assert found.report.keyless == 1_000


def test_a_file_of_no_records_gives_a_file_of_no_units(town: pl.DataFrame, tmp_path: Path) -> None:
    found = Run(tmp_path, town.head(0))
    assert len(found.units) == len(found.edges) == 0


def test_records_without_anything_are_units_of_their_own(tmp_path: Path) -> None:
    found = Run(tmp_path, pl.DataFrame({"record_id": ["a", "b", "c"]}))
    assert found.report.units == 3
    assert set(found.report.missing_columns) >= {"source", "name", "lat"}
    assert found.report.nameless == 3


def test_a_stricter_threshold_links_less(run: Run, tmp_path: Path) -> None:
    strict = Run(tmp_path, run.records, work=run.request.work, rules=Rules(threshold=8.0))
    assert strict.report.units > run.report.units


def test_the_pairs_of_a_city_do_not_depend_on_how_they_are_cut(
    run: Run, town: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.batch.pairs.PAIRS", 8_000)
    cut = Run(tmp_path, town)
    assert cut.report.chunks > 2
    assert cut.report.pairs == run.report.pairs
    assert cut.edges.equals(run.edges)
    assert scoring.MOST > 120
