"""The keeper finds what the batch finds, and gives every pair the same bits."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from app.core.db import reading, writing
from app.dedup import store
from app.dedup.keeper import advance_matching
from app.dedup.matcher import Matcher, record_of, shipped_model, unpacked
from app.dedup.models import Edge
from app.dedup.references import matcher_of
from app.dedup.renewal import renew_matching
from app.intake.journal import SqlJournal
from matching.batch import score as scoring
from matching.batch.features import in_order
from matching.batch.files import read_records
from matching.batch.folder import Folder
from matching.batch.report import Report
from matching.record import PRELIST, Record
from matching.reference import Reference
from matching.truth.files import frame
from matching.truth.make import make_truth
from sync.engine import ingest
from sync.envelope import Arrival, Envelope
from tests.app.dedup.conftest import Town
from tests.app.registry.conftest import HEADER, submission
from tests.conftest import NOON

RECORDS = 600
WITHIN = 1e-9  # bits

pytestmark = pytest.mark.slow


class Batch(NamedTuple):
    """What the batch made of the registry's records."""

    compared: int
    bits: dict[tuple[str, str], float]  # of every pair, the lesser id first
    reference: str


def test_the_keeper_gives_what_the_batch_gives(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "FLOOR", -1000.0)  # bits: every pair that is compared
    town = settled_city(engine)
    batch = scored_at_once(recorded(town), tmp_path)
    assert batch.compared == len(batch.bits) >= 10_000
    with reading(engine) as session:
        matcher = matcher_of(session, town.lane)
    assert matcher.reference.version == batch.reference
    online = edges(town)
    least = matcher.model.thresholds.clerical
    assert online.keys() == {pair for pair, bits in batch.bits.items() if bits >= least}
    assert max(abs(online[pair] - batch.bits[pair]) for pair in online) <= WITHIN
    assert any(bits >= matcher.model.thresholds.automatic for bits in online.values())
    assert furthest(town, matcher, batch) <= WITHIN


def settled_city(engine: sa.Engine, size: int = RECORDS) -> Town:
    """Bring a city's register and what the field found of it; match it."""
    records = [each.record for each in make_truth(size, seed=15)]
    town = Town(engine, next(each.sls for each in records if each.sls)[:4])
    listed = [each for each in records if each.source == PRELIST and each.sls]
    town.bring(*map(line, listed), header=HEADER)
    visits = defaultdict[str, list[Envelope]](list)
    for each in records:
        if each.source != PRELIST:
            visits[each.enumerator or "online"].append(visit(each))
    with writing(engine) as session:
        for actor, some in visits.items():
            arrival = Arrival(lane=town.lane, actor=actor, received_at=NOON, door="batch")
            ingest(some, SqlJournal(session), arrival)
    town.settle()
    renew_matching(engine, town.lane, NOON)
    assert advance_matching(engine, town.lane) == 0
    return town


def line(record: Record) -> str:
    texts = (record.name, record.owner, record.address, record.kbli, record.phone, record.nib)
    sls = (record.sls or "").ljust(16, "0")
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow([record.record_id, sls, *(t or "" for t in texts)])
    return row.getvalue()


def visit(record: Record) -> Envelope:
    place = ""
    if record.latitude is not None and record.longitude is not None:
        place = f"{record.latitude} {record.longitude} 0 {record.accuracy or 5}"
    return submission(
        record.record_id,
        presence="2",
        idsubsls=(record.sls or "").ljust(16, "0"),
        business_name=record.name or "",
        owner_name=record.owner or "",
        street=record.address or "",
        mobile=record.phone or "",
        nib=record.nib or "",
        kbli=record.kbli or "",
        geotag=place,
    )


def recorded(town: Town) -> list[Record]:
    """Give the records that the registry holds by now."""
    with reading(town.engine) as session:
        wanted = sa.select(store.UNIT.c.unit_id).where(store.UNIT.c.lane == town.lane)
        names = session.execute(wanted).scalars().all()
        return [record_of(row) for row in store.facts(session, town.lane, names)]


def scored_at_once(records: Iterable[Record], folder: Path) -> Batch:
    """Let the batch score these records from a file, as `se2026 dedup link` does."""
    frame(list(records)).write_parquet(folder / "records.parquet")
    table, rows = in_order(read_records(folder / "records.parquet").records)
    work = Folder(folder / "work", {})
    report = Report()
    scoring.score(table, shipped_model(), work, report, told=lambda *_: None, processes=1)
    found = pa.concat_tables(
        pq.read_table(each).replace_schema_metadata() for each in work.path.glob("edges-*.parquet")
    )
    ids = rows.ids.to_pylist()
    bits = {
        (min(ids[left], ids[right]), max(ids[left], ids[right])): worth
        for left, right, worth in zip(*(each.to_pylist() for each in found.columns), strict=True)
    }
    return Batch(report.pairs, bits, Reference.load(work.path / "reference.json").version)


def edges(town: Town) -> dict[tuple[str, str], float]:
    rows: list[dict[str, Any]] = town.rows(Edge)
    return {(row["left_id"], row["right_id"]): row["bits"] for row in rows}


def furthest(town: Town, matcher: Matcher, batch: Batch) -> float:
    """Give by how much the two paths differ at most, also of pairs that nobody keeps."""
    with reading(town.engine) as session:
        kept = store.records_of(session, town.lane, {one for pair in batch.bits for one in pair})
    features = {name: matcher.settled(unpacked(each.features)) for name, each in kept.items()}
    return max(
        abs(matcher.score(features[left], features[right]).bits - bits)
        for (left, right), bits in batch.bits.items()
    )
