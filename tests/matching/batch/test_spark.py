"""Splink on Spark finds the same bits as the scorer, and so as Splink on DuckDB."""

import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from matching.batch.spark import scores_on_spark
from matching.model import load
from matching.scorer import Scorer
from tests.matching.invented import Shares, arrow, crowd

sql = pytest.importorskip(
    "pyspark.sql", reason="Spark is an extra of its own: install requirements/spark.txt"
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, and there is none"),
    pytest.mark.filterwarnings("ignore"),  # of Spark's own
]
PAIRS = 10_000


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    built = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "2g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", str(tmp_path / "warehouse"))
        .config("spark.local.dir", str(tmp_path))
        .getOrCreate()
    )
    built.sparkContext.setLogLevel("ERROR")
    yield built
    built.stop()


def test_spark_finds_the_same_bits_on_ten_thousand_pairs(session: Any) -> None:
    rows = crowd(400, seed=11)
    chosen = random.Random(12).sample(range(len(rows) ** 2), k=3 * PAIRS)
    both = [divmod(each, len(rows)) for each in chosen]
    pairs = [(rows[left], rows[right]) for left, right in both if left < right][:PAIRS]
    assert len(pairs) == PAIRS
    model, shares = load(), Shares(rows)

    asked = pa.table(
        {
            "join_key_l": [left.record_id for left, _ in pairs],
            "join_key_r": [right.record_id for _, right in pairs],
        }
    )
    terms = {
        field: session.createDataFrame(
            pa.table({field: list(found), f"tf_{field}": list(found.values())})
        )
        for field, found in shares.shares.items()
    }
    found = scores_on_spark(
        session,
        model,
        session.createDataFrame(arrow(rows)),
        session.createDataFrame(asked),
        terms,
    ).collect()

    bits = {(row.record_id_l, row.record_id_r): row.match_weight for row in found}
    scorer = Scorer(model, shares)
    furthest = max(
        abs(scorer.score(left, right).bits - bits[left.record_id, right.record_id])
        for left, right in pairs
    )
    assert furthest < 1e-9
