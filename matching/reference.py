"""What a whole set of records tells of one: frequencies, hub phones, dense SLS, shared points.

Built once over a city's features, kept as JSON, and used alike by batch and online path.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa

from matching.features import Features, to_table
from matching.normalise import NORMALISER_VERSION

HUB: Final = 6  # records; a phone of more is a call centre's or a village clerk's
DENSE: Final = 120  # records of an SLS; above it not every pair is compared
SHARED: Final = 3  # records of one source at exactly one point of one SLS: its centroid
CHAIN_SLS: Final = 5  # SLS in which a chain is met
CHAIN_TRADE: Final = 0.8  # share of a chain's records with its commonest activity


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The tables beside a model; empty ones where nothing is known of a place yet."""

    normaliser_version: int = NORMALISER_VERSION
    records: int = 0
    names: Mapping[str, int] = field(default_factory=dict)  # name → records, from two on
    owners: Mapping[str, int] = field(default_factory=dict)
    named: int = 0  # records with a name
    owned: int = 0  # records with an owner
    hub_phones: frozenset[str] = frozenset()
    dense_sls: frozenset[str] = frozenset()
    shared_points: frozenset[str] = frozenset()  # of `point_of`
    brands: frozenset[str] = frozenset()  # joined names of chains
    crowded: frozenset[str] = frozenset()  # keys left out
    cut: Mapping[str, int] = field(default_factory=dict)  # kind of key → holders left out

    @property
    def version(self) -> str:
        """Give a digest of everything in it."""
        return sha256(self.to_json().encode()).hexdigest()[:16]

    def settled(self, features: Features) -> Features:
        """Give features without hub phone and shared point, with the brand; idempotent."""
        changes: dict[str, Any] = {}
        if features.phone in self.hub_phones:
            changes["phone"] = None
        if self.shared_points and point_of(features.latitude, features.longitude) in (
            self.shared_points
        ):
            changes |= {"latitude": None, "longitude": None, "accuracy": None}
        if features.name_joined in self.brands:
            changes["brand"] = features.name_joined
        return replace(features, **changes) if changes else features

    def name_frequency(self, name: str) -> float:
        """Give the share of named records with this name; one record's where it is new."""
        return self.names.get(name, 1) / max(self.named, 1)

    def owner_frequency(self, owner: str) -> float:
        """Give the share of owned records with this owner; one record's where it is new."""
        return self.owners.get(owner, 1) / max(self.owned, 1)

    def frequency(self, field: str, value: str) -> float:
        """Give the share of records that write a field so, among those that know it."""
        return self.owner_frequency(value) if field == "owner" else self.name_frequency(value)

    def to_json(self) -> str:
        """Give the reference as JSON, sorted: equal references give equal text."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        return json.dumps(plain, default=sorted, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Reference":
        """Give the reference that `to_json` wrote."""
        kept = json.loads(text)
        for name in ("hub_phones", "dense_sls", "shared_points", "brands", "crowded"):
            kept[name] = frozenset(kept[name])
        return cls(**kept)

    def save(self, path: Path) -> None:
        """Write `to_json` to a file."""
        path.write_text(self.to_json(), encoding="ascii")

    @classmethod
    def load(cls, path: Path) -> "Reference":
        """Read what `save` wrote."""
        return cls.from_json(path.read_text(encoding="ascii"))


def point_of(latitude: float | None, longitude: float | None) -> str | None:
    """Give a position to a tenth of a metre; None where there is none."""
    if latitude is None or longitude is None:
        return None
    return f"{latitude:.6f},{longitude:.6f}"


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
