"""How a reference is built from the features of a whole city."""

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl
import pyarrow as pa

from matching.features import Features
from matching.reference import DENSE, Reference, point_of
from matching.tables import to_table

HUB: Final = 6  # records; a phone of more is a call centre's or a village clerk's
SHARED: Final = 3  # records of one source at exactly one point of one SLS: its centroid
CHAIN_SLS: Final = 5  # SLS in which a chain is met
CHAIN_TRADE: Final = 0.8  # share of a chain's records with its commonest activity


def build(features: Iterable[Features]) -> Reference:
    """Build the reference of a set of features as `features_of` gave them."""
    return build_from_table(to_table(features))


def build_from_table(table: pa.Table) -> Reference:
    """Build the reference of a table of features, before anything was settled in it."""
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return Reference(
        records=frame.height,
        names=_repeated(frame, "name"),
        owners=_repeated(frame, "owner"),
        named=frame["name"].count(),
        owned=frame["owner"].count(),
        hub_phones=frozenset(_held_by_more(frame, "phone", HUB)),
        dense_sls=frozenset(_held_by_more(frame, "sls", DENSE)),
        shared_points=_shared_points(frame),
        brands=_brands(frame),
    )


def _counts(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    return frame.drop_nulls(column).group_by(column).len(name="records")


def _repeated(frame: pl.DataFrame, column: str) -> Mapping[str, int]:
    counts = _counts(frame, column).filter(pl.col("records") > 1)
    return dict(counts.iter_rows())


def _held_by_more(frame: pl.DataFrame, column: str, limit: int) -> list[str]:
    return _counts(frame, column).filter(pl.col("records") > limit)[column].to_list()


def _shared_points(frame: pl.DataFrame) -> frozenset[str]:
    """Give points that several unlike records of one source and SLS name exactly alike."""
    placed = frame.drop_nulls(["latitude", "longitude"]).with_columns(
        pl.col("latitude").round(6), pl.col("longitude").round(6)
    )
    shared = (
        placed.group_by("latitude", "longitude", "source", "sls")
        .agg(pl.len().alias("records"), pl.struct("name", "owner").n_unique().alias("unlike"))
        .filter((pl.col("records") >= SHARED) & (pl.col("unlike") > 1))
    )
    points = {point_of(*point) for point in shared.select("latitude", "longitude").iter_rows()}
    return frozenset(point for point in points if point)


def _brands(frame: pl.DataFrame) -> frozenset[str]:
    """Give names met in many SLS with one activity, and not those of persons: chains."""
    named = frame.drop_nulls(["name_joined", "sls"]).filter(pl.col("honorific").is_null())
    met = named.group_by("name_joined").agg(
        pl.col("sls").n_unique().alias("places"),
        (pl.col("kbli").str.slice(0, 4).unique_counts().max() / pl.len()).alias("alike"),
    )
    chains = met.filter((pl.col("places") >= CHAIN_SLS) & (pl.col("alike") >= CHAIN_TRADE))
    return frozenset(chains["name_joined"].to_list())
