"""What blocking overlooked: a looser rule tried on one record in a hundred."""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from matching.evaluation.scored import compared, opened
from matching.model import Model
from matching.reference import Reference
from matching.scorer import Scorer
from matching.tables import from_table

SHARE: Final = 0.01
MOST: Final = 200_000  # pairs looked at; more are a sample of them
_LEAST: Final = 50  # records tried
_LOOSER: Final = """
with heard as (
    select record_id as row, substr(sls, 1, 10) as area, latitude, longitude,
        list_transform(bag, lambda word: word[:3]) as starts
    from features
)
select least(one.row, other.row) as one, greatest(one.row, other.row) as other
from heard one join tried on tried.row = one.row
join heard other on one.area = other.area and one.row <> other.row
where list_has_any(one.starts, other.starts) or (
    abs(one.latitude - other.latitude) < 0.0018 and abs(one.longitude - other.longitude) < 0.0018
)
group by all order by all
"""


@dataclass(frozen=True, slots=True)
class Audit:
    """Pairs of one kelurahan alike in a word's start or within 200 m that were never compared.

    `missed` reach the clerical threshold; `expected` are matches among all pairs of all records
    that would, by the calibration.
    """

    tried: int
    looked_at: int
    missed: int
    expected: float

    def figures(self) -> dict[str, Any]:
        """Give everything as JSON would have it."""
        return {name: getattr(self, name) for name in ("tried", "looked_at", "missed", "expected")}


def audited(work: Path, model: Model, *, seed: int, share: float = SHARE) -> Audit:
    """Audit the blocking of the run whose folder this is."""
    features = list(
        from_table(
            pa.concat_tables([pq.read_table(each) for each in sorted(work.glob("settled-*"))])
        )
    )
    rng = Random(seed)  # noqa: S311 - draws a sample, guards nothing
    tried = rng.sample(range(len(features)), min(len(features), _many(len(features), share)))
    with opened(work) as base:
        pairs = _uncompared(base, tried)
    chosen = rng.sample(pairs, min(MOST, len(pairs)))
    scorer = Scorer(model, Reference.load(work / "reference.json"))
    bits = [scorer.bits(features[one], features[other]) for one, other in chosen]
    part = len(tried) / max(len(features), 1)
    seen = (1 - (1 - part) ** 2) * (len(chosen) / len(pairs) if pairs else 1.0)
    missed = [each for each in bits if each >= model.thresholds.clerical]
    expected = sum(model.probability(each) for each in missed)
    return Audit(len(tried), len(chosen), len(missed), expected / seen if missed else 0.0)


def _many(records: int, share: float) -> int:
    return max(_LEAST, round(records * share))


def _uncompared(base: duckdb.DuckDBPyConnection, tried: list[int]) -> list[tuple[int, int]]:
    base.register("tried", pa.table({"row": pa.array(tried, pa.int64())}))
    found = base.execute(_LOOSER).fetchnumpy()
    one, other = (np.asarray(found[side], dtype=np.int64) for side in ("one", "other"))
    left = ~compared(base, one, other)
    return list(zip(one[left].tolist(), other[left].tolist(), strict=True))
