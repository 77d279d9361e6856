"""A trial with known truth: link as an office would, answer its questions, and judge both."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, Final

import numpy as np
import polars as pl

from matching.batch.errors import BadInput
from matching.batch.features import Told
from matching.batch.files import read_records, read_table
from matching.batch.link import Request, link
from matching.batch.report import Report
from matching.batch.zones import AUTOMATIC, CLERICAL
from matching.evaluation.agreement import Judgement, Mask, coded, judged, pairwise
from matching.evaluation.clerks import answered
from matching.evaluation.components import components
from matching.evaluation.curves import curves
from matching.evaluation.exact import exact_units
from matching.evaluation.scored import compared, opened, scored_pairs
from matching.evaluation.textbook import textbook_units
from matching.model import load
from matching.record import Record

CLERK_ERROR: Final = 0.03
JOIN: Final = "+"  # between the hard classes of one record
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Truth:
    """Of each record its unit, and of each hard class its records; in the records' order."""

    ids: Sequence[str]
    units: Sequence[str]
    classes: Mapping[str, Mask]

    def of(self) -> dict[str, str]:
        """Give the unit of each record."""
        return dict(zip(self.ids, self.units, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is tried, where it may write, and what chance the clerks err by."""

    records: Path
    truth: Path
    work: Path
    model: Path | None = None
    seed: int = 1
    clerk_error: float = CLERK_ERROR
    rivals: bool = True


def tried(trial: Trial, told: Told) -> Figures:
    """Run a trial; give all figures by name, as JSON would have them."""
    records = read_records(trial.records).records
    truth = read_truth(trial.truth, records.column("record_id").to_pylist())
    request = Request(
        trial.records,
        trial.work / "units.parquet",
        trial.work / "edges.parquet",
        trial.model,
        work=trial.work / "run",
    )
    report, ours = _linked(request, truth, told)
    questions = _questions(request)
    answers = answered(
        questions,
        truth.of(),
        Random(trial.seed),  # noqa: S311 - plays clerks, guards nothing
        records=len(truth.ids),
        error=trial.clerk_error,
    )
    review = trial.work / "answers.csv"
    _write(review, [("left", "right", "answer"), *answers])
    after = replace(request, out=trial.work / "reviewed.parquet", edges=None, review=review)
    _, reviewed = _linked(after, truth, told)
    return {
        "records": len(truth.ids),
        "model": report.model,
        "hard_classes": sorted(truth.classes),
        "ours": ours.figures(),
        "reviewed": {**reviewed.figures(), "answers": len(answers), "error": trial.clerk_error},
        "questions": len(questions),
        "automatic": _automatic(request, truth),
        "rivals": _rivals(trial, truth, told) if trial.rivals else {},
        **_pictures(trial, request, truth),
        "seconds": report.seconds,
        "pairs_compared": report.pairs,
    }


def read_truth(path: Path, ids: Sequence[str]) -> Truth:
    """Read `record_id, unit_id[, hard_class]`; every record must be in it."""
    table = read_table(path)
    if not {"record_id", "unit_id"} <= set(table.column_names):
        raise BadInput(
            f"Berkas {path.name} perlu kolom record_id dan unit_id.",
            f"The file {path.name} needs the columns record_id and unit_id.",
        )
    names = [str(each) for each in table.column("record_id").to_pylist()]
    units = dict(zip(names, table.column("unit_id").to_pylist(), strict=True))
    lacking = [each for each in ids if each not in units]
    if lacking:
        raise BadInput(
            f"Berkas {path.name} tidak memuat {len(lacking)} catatan, di antaranya {lacking[0]}.",
            f"The file {path.name} lacks {len(lacking)} records, {lacking[0]} among them.",
        )
    said = table.column("hard_class").to_pylist() if "hard_class" in table.column_names else []
    hard = dict(zip(names, said, strict=False))
    held = [set((hard.get(each) or "").split(JOIN)) - {""} for each in ids]
    classes = {
        name: np.array([name in each for each in held]) for name in sorted(set().union(*held))
    }
    return Truth(ids, [str(units[each]) for each in ids], classes)


def _linked(request: Request, truth: Truth, told: Told) -> tuple[Report, Judgement]:
    report = link(request, told)
    units = dict(pl.read_parquet(request.out).select("record_id", "unit_id").iter_rows())
    return report, judged([units[each] for each in truth.ids], truth.units, truth.classes)


def _questions(request: Request) -> list[tuple[str, str]]:
    assert request.edges is not None
    edges = pl.read_parquet(request.edges)
    asked = edges.filter(pl.col("zone") == CLERICAL).sort("rank")
    return list(asked.select("left", "right").iter_rows())


def _automatic(request: Request, truth: Truth) -> Figures:
    """Judge what is linked without anybody asked: the clusters of the automatic links alone."""
    assert request.edges is not None
    edges = pl.read_parquet(request.edges).filter(pl.col("zone") == AUTOMATIC)
    places = {name: at for at, name in enumerate(truth.ids)}
    links = np.array(
        [(places[one], places[other]) for one, other in edges.select("left", "right").iter_rows()],
        dtype=np.int64,
    ).reshape(-1, 2)
    judgement = judged(components(len(truth.ids), links), truth.units)
    true = np.array(coded(truth.units))
    right = int((true[links[:, 0]] == true[links[:, 1]]).sum())
    return {
        **judgement.pairs.figures(),
        "pure_clusters": judgement.pure,
        "links": len(links),
        "links_right": right,
    }


def _rivals(trial: Trial, truth: Truth, told: Told) -> Figures:
    rows = read_records(trial.records).records.rename_columns(
        {"lat": "latitude", "lon": "longitude"}
    )
    records = [Record(**row) for row in rows.to_pylist()]
    rivals: dict[str, Callable[[Sequence[Record]], list[int]]] = {
        "textbook": textbook_units,
        "exact": exact_units,
    }
    figures: Figures = {}
    for number, (name, rival) in enumerate(rivals.items(), 1):
        start = perf_counter()
        judgement = judged(rival(records), truth.units, truth.classes)
        figures[name] = {**judgement.figures(), "seconds": round(perf_counter() - start, 2)}
        told("rivals", number, len(rivals))
    return figures


def _pictures(trial: Trial, request: Request, truth: Truth) -> Figures:
    """Draw up curves over all scored pairs, and count the true pairs that were compared at all."""
    assert request.work is not None
    scored = scored_pairs(trial.records, request.work)
    units = truth.of()
    unit = coded([units[each] for each in scored.ids])
    same = unit[scored.left] == unit[scored.right]
    true = pairwise(unit, unit).true
    drawn = curves(scored.bits, same, load(trial.model).probability, true)
    with opened(request.work) as base:
        met = int(compared(base, *_true_pairs(unit.tolist())).sum())
    return {
        "curves": {
            "distribution": [each._asdict() for each in drawn.distribution],
            "calibration": [
                {**each._asdict(), "seen": each.seen._asdict()} for each in drawn.calibration
            ],
            "by_threshold": [each._asdict() for each in drawn.by_threshold],
        },
        "blocking": {"true_pairs": true, "compared": met, "recall": met / true if true else 1.0},
    }


def _true_pairs(units: Sequence[int]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    members: dict[int, list[int]] = {}
    for row, unit in enumerate(units):
        members.setdefault(unit, []).append(row)
    pairs = [pair for rows in members.values() for pair in combinations(rows, 2)]
    one, other = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return one, other


def _write(path: Path, rows: Sequence[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
