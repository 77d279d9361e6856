"""Kinds of business that one meets in Pekalongan, as kinds.csv tells them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from app.demo.chance import words

_ELSEWHERE = 0.08  # of its weight keeps a kind outside the kecamatan where it is at home
_TRADE = ("45", "46", "47")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of business; shares in per cent, revenue in millions of rupiah a worker and year."""

    key: str
    kbli: str
    weight: float
    where: Sequence[str]  # kecamatan; none: everywhere
    women: int
    names: Sequence[str]
    texts: Mapping[str, str]  # activity, product, inputs, process
    does: str  # m makes goods, f serves food, s sells goods, j gives services
    sales: str
    building: str  # codes of building_use, one letter each
    place: Sequence[str]
    workers: tuple[int, int]
    paid: int
    revenue: tuple[int, int]
    material: int  # materials or goods sold, of revenue
    creative: str
    green: str
    legal: Sequence[str]
    branch: int

    @property
    def is_trade(self) -> bool:
        """Tell whether its KBLI is one of trade."""
        return self.kbli.startswith(_TRADE)


@cache
def kinds() -> Mapping[str, Kind]:
    """Give every kind by its key."""
    return {row["kind"]: _kind(row) for row in words("kinds")}


def pick_kind(rng: Random, kecamatan: str) -> Kind:
    """Throw for a kind as they are spread in a kecamatan."""
    found = list(kinds().values())
    weights = [
        kind.weight * (1 if not kind.where or kecamatan in kind.where else _ELSEWHERE)
        for kind in found
    ]
    return rng.choices(found, weights)[0]


def _kind(row: Mapping[str, str]) -> Kind:
    return Kind(
        key=row["kind"],
        kbli=row["kbli"],
        weight=float(row["weight"]),
        where=row["where"].split(),
        women=int(row["women"]),
        names=row["names"].split("|"),
        texts={name: row[name] for name in ("activity", "product", "inputs", "process")},
        does=row["does"],
        sales=row["sales"],
        building=row["building"],
        place=row["place"].split(),
        workers=_range(row["workers"]),
        paid=int(row["paid"]),
        revenue=_range(row["revenue"]),
        material=int(row["material"]),
        creative=row["creative"],
        green=row["green"],
        legal=row["legal"].split(),
        branch=int(row["branch"]),
    )


def _range(text: str) -> tuple[int, int]:
    low, high = text.split("-")
    return int(low), int(high)
