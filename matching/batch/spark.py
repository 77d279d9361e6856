"""The same model on Splink's Spark backend, for what one machine cannot hold.

Needs the extra `spark` (pyspark) and Java; nothing else of matching does. Names are compared by
RapidFuzz here too, on every node: the functions that Splink ships for Spark halve transpositions
another way, and levels near a bound would differ.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import JaroWinkler

from matching.batch.scoring import quiet
from matching.model import Model

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def scores_on_spark(
    session: "SparkSession",
    model: Model,
    features: "DataFrame",
    pairs: "DataFrame",
    shares: Mapping[str, "DataFrame"],
) -> "DataFrame":
    """Score pairs: `record_id_l`, `record_id_r` and `match_weight` in bits, as on one machine.

    `features` has the columns of `matching.tables.SCHEMA`, `pairs` the columns `join_key_l` and
    `join_key_r` (record ids); `shares` holds for each field whose rarity counts a table of its
    terms, `<field>`, and the share of records that have them, `tf_<field>`.
    """
    from pyspark.sql.functions import lit
    from splink import Linker
    from splink.backends.spark import SparkAPI

    session.udf.register("jaro_winkler", _jaro_winkler, "double")
    backend: Any = SparkAPI
    with quiet():
        api = backend(
            spark_session=session,
            break_lineage_method="persist",
            register_udfs_automatically=False,
        )
        linker = Linker(
            api.register(features),
            model.splink_settings("spark"),
            log_level=None,
            validate_settings=False,
        )
        for field, found in shares.items():
            linker.table_management.register_term_frequency_lookup(api.register(found), field)
        asked = api.register(pairs.withColumn("match_key", lit("0")))
        linker.table_management.register_blocked_pairs_for_predict(asked)
        scored: Any = linker.inference.predict(warning_mode="never")
    table: DataFrame = scored.as_spark_dataframe()
    return table.select("record_id_l", "record_id_r", "match_weight")


def _jaro_winkler(left: str | None, right: str | None) -> float | None:
    return None if left is None or right is None else JaroWinkler.similarity(left, right)
