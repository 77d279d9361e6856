"""Evaluation where nobody knows the truth: questions go out as a table and come back answered."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from matching.batch.errors import BadInput
from matching.batch.features import Told
from matching.batch.files import TEXTS, read_records, read_table
from matching.batch.link import Request, link
from matching.evaluation.agreement import coded
from matching.evaluation.audit import audited
from matching.evaluation.estimate import Said, estimated, marks
from matching.evaluation.sample import UNSCORED, Design, Drawn, draw
from matching.evaluation.scored import Scored, scored_pairs
from matching.model import load
from matching.training.labels import DIFFERENT, SAME

Figures = dict[str, Any]
_SHOWN: Final = (*TEXTS[1:], "lat", "lon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """What is to be judged, where the questions go, and how many there are."""

    records: Path
    out: Path  # the table of questions
    work: Path
    model: Path | None = None
    questions: int = 1200
    seed: int = 1


def design_of(questions: Path) -> Path:
    """Tell where the design of a table of questions lies: beside it."""
    return questions.with_suffix(".design.json")


def sampled(sampling: Sampling, told: Told) -> Figures:
    """Link, draw questions and write them; give the design's figures."""
    request = Request(
        sampling.records,
        sampling.work / "units.parquet",
        model=sampling.model,
        work=sampling.work / "run",
    )
    report = link(request, told)
    model = load(sampling.model)
    run = sampling.work / "run"
    scored = scored_pairs(sampling.records, run)
    left, right, bits, linked = _population(scored, request.out)
    drawn = draw(bits, linked, model.probability, questions=sampling.questions, seed=sampling.seed)
    pairs = [(scored.ids[left[at]], scored.ids[right[at]]) for at in drawn.places]
    _write(sampling, pairs)
    figures: Figures = {
        "records": report.records,
        "units": report.units,
        "model": report.model,
        "seconds": report.seconds,
        "questions": len(pairs),
        "audit": audited(run, model, seed=sampling.seed).figures(),
        "distribution": _distribution(bits),
        "design": drawn.design.figures(),
        "strata": _by_question(drawn, pairs),
    }
    design_of(sampling.out).write_text(json.dumps(figures, indent=1), "utf-8")
    return figures


def answered(questions: Path) -> Figures:
    """Read an answered table and its design; give precision and recall with their bounds."""
    try:
        figures: Figures = json.loads(design_of(questions).read_text("utf-8"))
    except (OSError, json.JSONDecodeError) as problem:
        name = design_of(questions).name
        raise BadInput(
            f"Rancangan {name} tidak dapat dibaca; berkas itu dibuat bersama pertanyaannya.",
            f"The design {name} cannot be read; it was written with the questions.",
        ) from problem
    design = Design.of(figures["design"])
    strata = figures.pop("strata")
    said = list(_said(questions, strata))
    if not any(each.same is not None for each in said):
        raise BadInput(
            f"Belum ada jawaban di {questions.name}: isi kolom answer dengan sama atau beda.",
            f"No answers yet in {questions.name}: fill the column answer with same or different.",
        )
    estimate = estimated(design, said)
    return {**figures, "estimate": estimate.figures(), "calibration": marks(design, estimate)}


def _population(scored: Scored, out: Path) -> tuple[Any, Any, Any, Any]:
    """Give every scored pair, and those linked by others alone."""
    units = dict(pl.read_parquet(out).select("record_id", "unit_id").iter_rows())
    unit = coded([units[each] for each in scored.ids])
    members: dict[int, list[int]] = {}
    for row, number in enumerate(unit.tolist()):
        members.setdefault(number, []).append(row)
    low, high = np.minimum(scored.left, scored.right), np.maximum(scored.left, scored.right)
    known = set((low * len(unit) + high).tolist())
    silent = [
        pair
        for rows in members.values()
        for pair in combinations(rows, 2)
        if pair[0] * len(unit) + pair[1] not in known
    ]
    more = np.array(silent, dtype=np.int64).reshape(-1, 2)
    bits = np.concatenate([scored.bits, np.full(len(more), UNSCORED)])
    linked = np.concatenate([unit[low] == unit[high], np.ones(len(more), dtype=np.bool_)])
    return np.concatenate([low, more[:, 0]]), np.concatenate([high, more[:, 1]]), bits, linked


def _distribution(bits: Any) -> list[Figures]:  # noqa: ANN401 - an array
    places, counts = np.unique(
        np.clip(np.floor(bits[bits > UNSCORED]), -30, 30), return_counts=True
    )
    return [
        {"low": float(place), "high": float(place) + 1, "pairs": int(count)}
        for place, count in zip(places, counts, strict=True)
    ]


def _by_question(drawn: Drawn, pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    return {_key(*pair): stratum for pair, stratum in zip(pairs, drawn.strata, strict=True)}


def _key(left: str, right: str) -> str:
    return "\t".join(sorted((left, right)))


def _write(sampling: Sampling, pairs: Sequence[tuple[str, str]]) -> None:
    rows = read_records(sampling.records).records.to_pylist()
    records = {row["record_id"]: row for row in rows}
    shown = [f"{name}_{side}" for name in _SHOWN for side in ("left", "right")]
    with sampling.out.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["question", "left", "right", *shown, "answer", "second"])
        for number, (left, right) in enumerate(pairs, 1):
            both = [records[each][name] for name in _SHOWN for each in (left, right)]
            table.writerow([number, left, right, *both, "", ""])


def _said(questions: Path, strata: Mapping[str, int]) -> Iterable[Said]:
    table = read_table(questions)
    missing = {"left", "right", "answer"} - set(table.column_names)
    if missing:
        raise BadInput(
            f"Berkas {questions.name} tidak punya kolom {', '.join(sorted(missing))}.",
            f"The file {questions.name} has no column {', '.join(sorted(missing))}.",
        )
    for row in table.to_pylist():
        stratum = strata.get(_key(str(row["left"]), str(row["right"])))
        if stratum is not None:
            yield Said(stratum, _vote(row["answer"]), _vote(row.get("second")))


def _vote(answer: str | None) -> bool | None:
    plain = (answer or "").strip().lower()
    if plain in SAME:
        return True
    return False if plain in DIFFERENT else None
