"""Model, reference and normaliser as one thing that compares units."""

from dataclasses import fields
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import RowMapping

from matching import model as models
from matching.features import Features
from matching.keys import keys_of, kind_of, most_holders
from matching.model import Model
from matching.normalise import NORMALISER_VERSION, features_of
from matching.record import Record
from matching.reference import Reference
from matching.scorer import Reason, Scored, Scorer

NORMALISER: Final = str(NORMALISER_VERSION)
MOST_HOLDERS: Final = 255  # of any key: as much as its last byte can say
_KEY_BYTES: Final = 8
_USUAL: Final = 1e-3  # share of records
_NAMES: Final = tuple(field.name for field in fields(Features))
_BAG: Final = _NAMES.index("bag")
_values = attrgetter(*_NAMES)


class _Unheard:
    """The frequencies of a place of which nothing is known: every term is as rare as usual."""

    def name_frequency(self, name: str) -> float:
        del name
        return _USUAL

    def owner_frequency(self, owner: str) -> float:
        del owner
        return _USUAL


class Matcher:
    """Compares units as the batch does: the same features, keys and bits."""

    def __init__(self, model: Model, reference: Reference) -> None:
        self.model = model
        self.reference = reference
        self._scorer = Scorer(model, reference if reference.records else _Unheard())
        self.version = f"{model.version}.{NORMALISER}.{reference.version}"

    def settled(self, features: Features) -> Features:
        """Give features as they are compared, without what the reference says tells nothing."""
        return self.reference.settled(features)

    def keys(self, features: Features) -> set[int]:
        """Give the keys under which a unit is looked for, as 64 bits of a digest.

        So nobody's number lies about in an index. The last eight bits say how many units may share
        a key: one of more tells nothing of any two of them.
        """
        return {_shortened(key) for key in keys_of(self.settled(features), self.reference)}

    def score(self, one: Features, other: Features) -> Scored:
        """Give the bits of two units with settled features."""
        return self._scorer.score(one, other)

    def score_above(self, one: Features, other: Features, least: float) -> Scored | None:
        """Give what `score` does, None where the bits are below `least`."""
        return self._scorer.score_above(one, other, least)

    def reasons(self, one: Features, other: Features) -> list[Reason]:
        """Give what every comparison says of two units with settled features."""
        return self._scorer.reasons(one, other)


def _shortened(key: str) -> int:
    digest = blake2b(key.encode(), digest_size=_KEY_BYTES).digest()
    holders = min(most_holders(kind_of(key)), MOST_HOLDERS)
    return int.from_bytes(digest[:-1] + bytes((holders,)), signed=True)


def packed(features: Features) -> list[Any]:
    """Give features as a row keeps them."""
    values = list(_values(features))
    values[_BAG] = list(values[_BAG])
    return values


def unpacked(row: list[Any]) -> Features:
    """Give the features that a row keeps."""
    values = dict(zip(_NAMES, row, strict=True))
    values["bag"] = tuple(values["bag"])
    return Features(**values)


def made_features(record: Record) -> Features:
    """Give what of a record is compared."""
    return features_of(record)


def record_of(row: RowMapping) -> Record:
    """Give what the registry knows of a unit as a record to be matched."""
    return Record(
        record_id=row["unit_id"],
        source=row["source"],
        enumerator=row["enumerator"],
        name=row["business_name"] or None,
        owner=row["owner_name"] or None,
        address=row["address"] or None,
        phone=row["phone"] or None,
        nib=row["nib"] or None,
        latitude=row["latitude"],
        longitude=row["longitude"],
        accuracy=row["accuracy"],
        kbli=row["kbli"] or None,
        sls=row["area_code"],
    )


@lru_cache(maxsize=1)
def shipped_model() -> Model:
    """Give the model that is shipped."""
    return models.load()


@lru_cache(maxsize=1)
def plain() -> Matcher:
    """Give the shipped model's matcher for a place of which nothing is known yet."""
    return Matcher(shipped_model(), Reference())
