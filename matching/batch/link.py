"""One run: from a file of records to a file of units, and the pairs worth knowing of."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from matching.batch.answers import Review, read_review
from matching.batch.favour import favoured
from matching.batch.features import Rows, Told, in_order
from matching.batch.files import read_records, write_table
from matching.batch.folder import Folder, digest_of, digest_of_rules
from matching.batch.report import Report
from matching.batch.score import FLOOR, score
from matching.batch.zones import APART, AUTOMATIC, CLERICAL, Scene, Zones, zones_of
from matching.linkage import Answers, Rules, Weights, group
from matching.linkage.graph import Ints
from matching.model import Model, load

SHOWN: Final = -4.0  # bits; pairs below are not written
RULES: Final = Rules(threshold=1.25, floor=FLOOR)  # of favoured weights


@dataclass(frozen=True, slots=True)
class Request:
    """What to link, and where to write what comes of it."""

    records: Path
    out: Path
    edges: Path | None = None
    model: Path | None = None
    review: Path | None = None
    work: Path | None = None  # kept when named; else beside `out` while the run lasts
    processes: int = 0  # 0: as many as there are processors
    rules: Rules = RULES


def link(request: Request, told: Told) -> Report:
    """Link the records of a file; raise `BadInput` or `ModelError` for what cannot be used."""
    report = Report()
    model = load(request.model)
    report.model = model.version
    with report.timing("reading"):
        read = read_records(request.records)
        report.ignored_columns, report.missing_columns = read.ignored, read.missing
        report.unknown_sources, report.records = read.unknown_sources, len(read.records)
        report.sources = _counted(read.records.column("source"))
        records, rows = in_order(read.records)
        review = _review(request, rows)
    folder = Folder(
        request.work or request.out.with_name(f".{request.out.name}.work"),
        _inputs(request.records, model),
    )
    report.resumed = folder.resumed
    score(records, model, folder, report, told=told, processes=request.processes)
    with report.timing("linking"):
        scene = _scene(_weights(folder, rows), rows, review, request.rules)
        zones = zones_of(scene, model.thresholds.automatic, request.rules)
    with report.timing("writing"):
        _tell(scene, zones, review, report)
        write_table(_units(scene, rows, report), request.out)
        if request.edges is not None:
            write_table(_edges(scene, zones, rows), request.edges)
    if request.work is None:
        folder.remove()
    return report


def _inputs(records: Path, model: Model) -> dict[str, object]:
    return {
        "rules": digest_of_rules(),
        "records": digest_of(records),
        "model": model.splink_settings(),
    }


def _counted(column: pa.ChunkedArray) -> dict[str, int]:
    counts = pc.value_counts(column)
    return {each["values"]: each["counts"] for each in counts.to_pylist()}


def _review(request: Request, rows: Rows) -> Review:
    if request.review is None:
        return Review(Answers(), [], 0, 0, [])
    names = rows.ids.to_pylist()
    places = dict(zip(names, rows.rank.tolist(), strict=True))
    return read_review(request.review, places)


def _weights(folder: Folder, rows: Rows) -> Weights:
    """Read the scored pairs; records get the numbers by which ties are broken."""
    places = sorted(folder.path.glob("edges-*.parquet"))
    if not places:
        return Weights()
    table = pa.concat_tables([pq.read_table(each).replace_schema_metadata() for each in places])
    left, right = (rows.rank[table.column(side).to_numpy()] for side in ("left", "right"))
    return Weights(left, right, table.column("bits").to_numpy())


def _scene(weights: Weights, rows: Rows, review: Review, rules: Rules) -> Scene:
    """Group the records."""
    field = np.empty(len(rows), np.bool_)
    field[rows.rank] = rows.field
    said = review.answers
    best = favoured(len(rows), weights)
    found = group(len(rows), best, answers=said, rules=rules)
    return Scene(weights, best, found.of, field, said, said.bits > 0)


def _first_given(rows: Rows) -> tuple[Ints, pa.Array]:
    """Tell for each record number its place in the file, and the ids in the file's order."""
    given = np.empty(len(rows), np.int64)
    given[rows.rank] = rows.given
    ids = rows.ids.take(pa.array(np.argsort(rows.given)))
    return given, ids


def _units(scene: Scene, rows: Rows, report: Report) -> pa.Table:
    """Name each group by its first record in the file; records in the file's order."""
    given, ids = _first_given(rows)
    first = np.full(scene.size, scene.size, np.int64)
    np.minimum.at(first, scene.groups, given)
    unit = np.empty(scene.size, np.int64)
    unit[given] = first[scene.groups]
    report.count_groups(np.unique(unit, return_counts=True)[1].tolist())
    return pa.table({"record_id": ids, "unit_id": ids.take(pa.array(unit))})


def _edges(scene: Scene, zones: Zones, rows: Rows) -> pa.Table:
    """Give questions in their order, then links, then pairs that stay apart."""
    bits = scene.weights.bits
    asked = np.flatnonzero(zones.rank)
    asked = asked[np.argsort(zones.rank[asked])]
    sure = np.flatnonzero(zones.automatic)
    apart = np.flatnonzero(zones.apart & (bits >= SHOWN))
    chosen = np.concatenate([asked, sure, apart])
    given, ids = _first_given(rows)
    one, other = given[scene.weights.left[chosen]], given[scene.weights.right[chosen]]
    rank = pa.array(zones.rank[chosen], pa.int32(), mask=zones.rank[chosen] == 0)
    names = np.repeat([CLERICAL, AUTOMATIC, APART], [len(asked), len(sure), len(apart)])
    return pa.table(
        {
            "left": ids.take(pa.array(np.minimum(one, other))),
            "right": ids.take(pa.array(np.maximum(one, other))),
            "bits": bits[chosen],
            "zone": pa.array(names, pa.string()),
            "rank": rank,
        }
    )


def _tell(scene: Scene, zones: Zones, review: Review, report: Report) -> None:
    """Count zones, and tell the answers that did not come to hold."""
    report.scored = len(scene.weights)
    report.automatic = int(zones.automatic.sum())
    report.questions = int((zones.rank > 0).sum())
    report.answers, report.answers_unknown = review.given, review.unknown
    report.answers_contradicting = review.contradicting
    said = review.answers
    together = scene.groups[said.left] == scene.groups[said.right]
    overruled = (together & (said.bits < 0)) | (~together & (said.bits > 0))
    report.answers_overruled = [
        pair for pair, lost in zip(review.pairs, overruled.tolist(), strict=True) if lost
    ]
