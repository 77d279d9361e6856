"""What of a record is compared: one flat row, the same for Splink and for the online path."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final

import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """A record in its normalised parts; ASCII capitals, None where nothing is known.

    Made by `matching.normalise.features_of` alone.
    """

    record_id: str
    source: str
    enumerator: str | None
    legal_form: str | None  # CV, PT, UD …
    honorific: str | None  # BU, PAK, HJ … in the business name
    business_type: str | None  # TOKO, BATIK, BENGKEL …: one spelling each, the most telling one
    trade: str | None  # what that type deals in; None where it says little (TOKO, USAHA)
    name: str | None  # distinctive words, joined by one space
    name_joined: str | None  # the same without spaces
    name_skeleton: str | None  # its sound
    ordinal: str | None  # 2, BARU, CABANG …: which one of several
    brand: str | None  # canonical name of a chain; told by the reference
    owner: str | None
    owner_skeleton: str | None
    bag: tuple[str, ...]  # skeletons of the words of name and owner, sorted, each once
    phone: str | None  # national number without 0 or 62
    nib: str | None  # 13 digits
    street: str | None
    street_skeleton: str | None
    site: str | None  # market, housing estate, hamlet
    house_number: str | None
    stall: str | None  # block, kiosk or stall: B-12
    rt: str | None  # 3 digits
    rw: str | None  # 3 digits
    latitude: float | None
    longitude: float | None
    accuracy: float | None  # metres
    kbli: str | None  # 5 digits, fewer where no more is known
    sls: str | None  # 14 digits


_OTHER_TYPES: Final = {
    "bag": pa.list_(pa.string()),
    "latitude": pa.float64(),
    "longitude": pa.float64(),
    "accuracy": pa.float64(),
}
FIELDS: Final = tuple(each.name for each in fields(Features))
SCHEMA: Final = pa.schema([(name, _OTHER_TYPES.get(name, pa.string())) for name in FIELDS])
_row: Final = attrgetter(*FIELDS)


def to_table(features: Iterable[Features]) -> pa.Table:
    """Give features as a table of `SCHEMA`, in their order."""
    columns = list(zip(*map(_row, features), strict=True)) or [()] * len(FIELDS)
    arrays = [pa.array(column, type=SCHEMA.field(at).type) for at, column in enumerate(columns)]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def from_table(table: pa.Table) -> Iterator[Features]:
    """Give the features in a table that `to_table` wrote."""
    for batch in table.select(FIELDS).to_batches(max_chunksize=10_000):
        columns = batch.to_pydict()
        columns["bag"] = [tuple(bag or ()) for bag in columns["bag"]]
        for row in zip(*columns.values(), strict=True):
            yield Features(**dict(zip(FIELDS, row, strict=True)))
