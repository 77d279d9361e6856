"""What a whole set of records tells of one: frequencies, hub phones, dense SLS, shared points.

Built once over a city's features (`matching.reference_build`), kept as JSON, used alike by batch
and online path.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from matching.features import Features
from matching.normalise import NORMALISER_VERSION

DENSE: Final = 120  # records of an SLS; above it not every pair is compared


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
        """Give the reference that `to_json` wrote, now or when it told more."""
        written = json.loads(text)
        kept = {each.name: written[each.name] for each in fields(cls) if each.name in written}
        for name in ("hub_phones", "dense_sls", "shared_points", "brands"):
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
