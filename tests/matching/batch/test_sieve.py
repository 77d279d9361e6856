"""Prepared columns say what the features say, and the sieve loses no pair that counts."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matching.batch.measures import facts_of
from matching.batch.pairs import load_prepared
from matching.batch.sieve import Sieve
from matching.features import Features
from matching.levels.python import grades
from matching.levels.sql import Asked, asked
from matching.model import load
from matching.scorer import Scorer
from tests.matching.invented import Shares, any_weights, arrow, crowd

ODD = {"name_joined": "B-2/X", "owner": "B-2", "street": "X", "stall": "B", "house_number": "12A"}


@pytest.fixture(scope="module")
def rows() -> list[Features]:
    found = crowd(110, seed=21)
    found += [replace(each, record_id=f"o{each.record_id}", **ODD) for each in found[:4]]
    return [*found, replace(found[0], record_id="none", bag=(), sls="3375", kbli="4")]


@pytest.fixture(scope="module")
def wanted() -> Asked:
    return asked(load().comparisons())


@pytest.fixture(scope="module")
def base(
    rows: list[Features], wanted: Asked, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Two files of settled features and every pair of them."""
    folder, half = tmp_path_factory.mktemp("settled"), len(rows) // 2
    table = arrow(rows).append_column("row", pa.array(range(len(rows)), pa.int32()))
    places = [folder / "1.parquet", folder / "2.parquet"]
    for place, part in zip(places, (table.slice(0, half), table.slice(half)), strict=True):
        pq.write_table(part, place)
    with duckdb.connect() as connection:
        load_prepared(connection, places, wanted.columns)
        connection.execute(
            "create table asked as select l.row as join_key_l, r.row as join_key_r"
            " from prepared l join prepared r on l.row < r.row"
        ).fetchall()
        yield connection


def test_prepared_columns_reach_the_levels_of_the_features(
    base: duckdb.DuckDBPyConnection, rows: list[Features], wanted: Asked
) -> None:
    places = ", ".join(wanted.places.values())
    pairs = facts_of(base, "asked", wanted, wanted.measures)
    found = pairs.order("join_key_l, join_key_r").project(places)
    grade = grades(load().comparisons())
    assert found.fetchall() == [grade(a, b) for at, a in enumerate(rows) for b in rows[at + 1 :]]


@pytest.mark.parametrize("shipped", [True, False])
def test_the_sieve_loses_no_pair_and_keeps_few_others(
    base: duckdb.DuckDBPyConnection, rows: list[Features], wanted: Asked, *, shipped: bool
) -> None:
    model = load() if shipped else any_weights(load())
    scorer = Scorer(model, Shares(rows))
    bits = {
        (left, right): scorer.bits(rows[left], rows[right])
        for left in range(len(rows))
        for right in range(left + 1, len(rows))
    }
    sieve = Sieve(base, model, wanted)
    for floor in sorted(bits.values())[:: len(bits) // 3]:
        counting = {pair for pair, found in bits.items() if found >= floor}
        sieve.sift(floor)
        kept = set(base.table("promising").fetchall())
        assert counting <= kept
        assert len(kept) <= 1.1 * len(counting) + 0.05 * len(bits)
