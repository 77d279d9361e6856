"""Splink scores the pairs of one chunk after the other, with the settings of the model file."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker

from matching.batch.measures import CARRIER, carried, facts_of, reading
from matching.batch.sieve import Sieve
from matching.levels.sql import Asked
from matching.model import Model


class Scores:
    """A Splink linker over the table `prepared` of a connection, whose ids are row numbers."""

    def __init__(
        self,
        base: duckdb.DuckDBPyConnection,
        model: Model,
        wanted: Asked,
        shares: Mapping[str, Mapping[str, float]],
    ) -> None:
        """`shares`: for each field whose rarity counts, the share of records of each term."""
        self._base = base
        self._sieve = Sieve(base, model, wanted)
        self._wanted = wanted
        settings = reading(model.splink_settings(), model.comparisons())
        terms = ["row as record_id", *shares, "null::integer as match_key"]
        base.table("prepared").project(", ".join(terms)).create_view("records")
        with quiet():
            self._api = DuckDBAPI(connection=base)
            records = self._api.register("records")
            # Splink would warn of a column that is neither left nor right: the levels
            self._linker = Linker(records, settings, log_level=None, validate_settings=False)
            for field, found in shares.items():
                self._tell_shares(field, found)

    def _tell_shares(self, field: str, found: Mapping[str, float]) -> None:
        shares = pa.table(
            {
                field: pa.array(found.keys(), pa.string()),
                f"tf_{field}": pa.array(found.values(), pa.float64()),
            }
        )
        self._linker.table_management.register_term_frequency_lookup(
            self._api.register(shares), field
        )

    def _measure(self) -> None:
        """Make the table `measured`: promising pairs, and their levels for Splink to read."""
        levels = f"{carried(self._wanted.places)} as {CARRIER}, join_key_l, join_key_r"
        self._base.execute("drop table if exists measured").fetchall()
        found = facts_of(self._base, "promising", self._wanted, self._wanted.measures)
        found.project(levels).create("measured")

    def of_asked(self, floor: float) -> pa.Table:
        """Score the pairs of the table `asked`: `left`, `right` (rows), `bits` from `floor` up."""
        self._sieve.sift(floor)
        with quiet():
            self._measure()
            measured = self._api.register("measured")
            self._linker.table_management.register_blocked_pairs_for_predict(measured)
            found = self._linker.inference.predict(
                threshold_match_weight=floor, warning_mode="never"
            )
            table = (
                self._base.table(found.physical_name)
                .project('record_id_l as "left", record_id_r as "right", match_weight as bits')
                .order('"left", "right"')
                .to_arrow_table()
            )
            found.drop_table_from_database_and_remove_from_cache()
        return table


@contextmanager
def quiet() -> Iterator[None]:
    """Let Splink keep to itself what is meant for those who write settings by hand."""
    log: Any = logging.getLogger("splink")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)
