"""The same bits in Python as in Splink's `predict` on DuckDB."""

import random

import duckdb
import pyarrow as pa
import pytest
from splink import DuckDBAPI, Linker

from matching.features import Features
from matching.levels.comparisons import COMPARISONS
from matching.model import Model, load
from matching.scorer import Scorer
from tests.matching.invented import Shares, any_weights, arrow, crowd

PAIRS = 12_000


@pytest.fixture(scope="module")
def rows() -> list[Features]:
    return crowd(700, seed=5)


@pytest.fixture(scope="module")
def pairs(rows: list[Features]) -> list[tuple[Features, Features]]:
    chance = random.Random(7)
    chosen = chance.sample(range(len(rows) ** 2), k=3 * PAIRS)
    found = [divmod(each, len(rows)) for each in chosen]
    return [(rows[left], rows[right]) for left, right in found if left < right][:PAIRS]


def predicted(
    model: Model,
    rows: list[Features],
    pairs: list[tuple[Features, Features]],
    shares: Shares,
) -> dict[tuple[str, str], float]:
    connection = duckdb.connect()
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register(arrow(rows)), model.splink_settings())
    for field, found in shares.shares.items():
        table = pa.table({field: list(found), f"tf_{field}": list(found.values())})
        linker.table_management.register_term_frequency_lookup(api.register(table), field)
    asked = pa.table(
        {
            "match_key": ["0"] * len(pairs),
            "join_key_l": [left.record_id for left, _ in pairs],
            "join_key_r": [right.record_id for _, right in pairs],
        }
    )
    linker.table_management.register_blocked_pairs_for_predict(api.register(asked))
    table = linker.inference.predict().as_duckdbpyrelation().to_arrow_table()
    return {
        (row["record_id_l"], row["record_id_r"]): row["match_weight"] for row in table.to_pylist()
    }


@pytest.mark.parametrize("shipped", [True, False])
def test_python_and_splink_find_the_same_bits(
    rows: list[Features], pairs: list[tuple[Features, Features]], *, shipped: bool
) -> None:
    shares = Shares(rows)
    model = load() if shipped else any_weights(load())
    scorer = Scorer(model, shares)
    batch = predicted(model, rows, pairs, shares)
    assert len(pairs) == len(batch) == PAIRS
    furthest = max(
        abs(scorer.score(left, right).bits - batch[left.record_id, right.record_id])
        for left, right in pairs
    )
    assert furthest < 1e-9


def test_the_pairs_meet_nearly_every_level(pairs: list[tuple[Features, Features]]) -> None:
    scorer = Scorer(load(), Shares([]))
    met = {level for pair in pairs for level in enumerate(scorer.score(*pair).levels)}
    all_levels = sum(len(each.levels) for each in COMPARISONS)
    assert len(met) > 0.9 * all_levels


def test_the_order_of_a_pair_does_not_matter(pairs: list[tuple[Features, Features]]) -> None:
    scorer = Scorer(load(), Shares([]))
    for left, right in pairs[:3000]:
        assert scorer.score(left, right) == scorer.score(right, left)


def test_reasons_add_up_to_the_bits(
    rows: list[Features], pairs: list[tuple[Features, Features]]
) -> None:
    model = load()
    scorer = Scorer(model, Shares(rows))
    for left, right in pairs[:500]:
        reasons = scorer.reasons(left, right)
        total = model.prior + sum(reason.bits for reason in reasons)
        assert total == pytest.approx(scorer.score(left, right).bits, abs=1e-9)
        assert reasons[0].left == (left.name,)
        assert reasons[0].right == (right.name,)
