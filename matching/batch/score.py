"""From records to scored pairs, in a folder of chunks."""

import os
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from matching.batch.crew import crew
from matching.batch.features import Told, chunk_starts, make_features
from matching.batch.folder import Folder, put
from matching.batch.pairs import Span, ask, compared, load_keys, load_prepared, spans
from matching.batch.report import Report
from matching.batch.scoring import Scores
from matching.levels.comparison import frequencies
from matching.levels.sql import asked
from matching.model import Model
from matching.reference import Reference

FLOOR: Final = -12.0  # bits; pairs below count as if at it
MOST: Final = 200  # records that may hold one key
MEMORY: Final = "1200MB"  # of DuckDB; more goes to the disk
_ASKED: Final = b"asked"


def score(
    records: pa.Table, model: Model, folder: Folder, report: Report, *, told: Told, processes: int
) -> None:
    """Write the scored pairs of all records into the folder."""
    most = processes or os.cpu_count() or 1
    with crew(min(most, len(chunk_starts(records)))) as workers:
        reference = make_features(records, folder, workers, report, told)
    report.hub_phones = len(reference.hub_phones)
    report.dense_sls = len(reference.dense_sls)
    report.shared_points = len(reference.shared_points)
    with duckdb.connect() as base:
        base.execute(f"set memory_limit = '{MEMORY}'").fetchall()
        base.execute("set temp_directory = $1", [str(folder.path / "spilled")]).fetchall()
        base.execute("set preserve_insertion_order = false").fetchall()
        with report.timing("blocking"):
            wanted = asked(model.comparisons())
            terms = frequencies(model.comparisons())
            places = sorted(folder.path.glob("settled-*.parquet"))
            load_prepared(base, places, {*wanted.columns, *terms})
            report.cut_keys = load_keys(base, folder.all_of("keys"), MOST)
            report.keyless = report.records - compared(base)
            work = spans(base)
        with report.timing("scoring"):
            scores = Scores(base, model, wanted, _shares(base, terms, reference))
            for span in work:
                report.pairs += _score(base, scores, span, folder)
                told("pairs", span.number + 1, len(work))
    report.chunks = len(work)


def _score(base: duckdb.DuckDBPyConnection, scores: Scores, span: Span, folder: Folder) -> int:
    """Score one chunk, unless it is finished; tell how many pairs it has."""
    place = folder.place("edges", span.number)
    if place.exists():
        return int(pq.read_schema(place).metadata[_ASKED])
    pairs = ask(base, span)
    put(scores.of_asked(FLOOR).replace_schema_metadata({_ASKED: str(pairs)}), place)
    return pairs


def _shares(
    base: duckdb.DuckDBPyConnection, fields: list[str], reference: Reference
) -> dict[str, dict[str, float]]:
    """Tell the share of records of every term whose rarity counts."""
    found = {}
    for field in fields:
        terms = base.table("prepared").project(field).distinct().fetchall()
        known = [term for (term,) in terms if term is not None]
        found[field] = {term: reference.frequency(field, term) for term in known}
    return found
