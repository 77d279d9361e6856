"""What is known of a business that several records speak of: field by field, with its source; pure.

The latest verified visit speaks before other visits, these before what a firm says of itself
online, and that before the prelist. An address is taken whole from one record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from app.registry.fold import NEW
from matching.record import FIELD, ONLINE, PRELIST

FOUND: Final = frozenset({"1", NEW})
SEEN: Final = FOUND | {"3"}  # somebody was there and saw what became of it
_SILENCES: Final = (frozenset({"9"}), frozenset({"00"}), frozenset({"4"}))  # least silent first
_NOWHERE: Final = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What one prelist row or one document says of a unit; `document_id` is None for the former."""

    unit_id: str
    kind: str
    position: int
    document_id: str | None = None
    is_verified: bool = False
    presence: str | None = None
    area_code: str | None = None
    business_name: str = ""
    owner_name: str = ""
    address: str = ""
    kbli: str = ""
    phone: str = ""
    nib: str = ""
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None

    @property
    def tier(self) -> int:
        """Give how far down the source stands: the best are 0."""
        if self.kind == FIELD:
            return 0 if self.is_verified and self.presence in SEEN else 1
        return {ONLINE: 2, PRELIST: 3}[self.kind]

    @property
    def rank(self) -> tuple[int, int]:
        """Give what orders sources, the best first: within a tier the latest speaks."""
        return self.tier, -self.position


@dataclass(frozen=True, slots=True)
class Survivor:
    """The values that stand, and which source each is from; `home` is where the prelist has it."""

    values: Mapping[str, Any]
    provenance: Mapping[str, Mapping[str, Any]]
    presence: str | None
    area_code: str | None
    home: str | None
    document_id: str | None
    report_count: int


def survivor(sources: Sequence[Source]) -> Survivor:
    """Give what stands of these sources, of which there is at least one."""
    ranked = sorted(sources, key=lambda each: (each.rank, each.unit_id))
    chosen = {
        "business_name": _most_complete_name(ranked),
        **{
            name: _first(ranked, attrgetter(name))
            for name in ("owner_name", "address", "kbli", "phone", "nib")
        },
    }
    values: dict[str, Any] = {
        name: getattr(source, name) if source else "" for name, source in chosen.items()
    }
    point = _most_accurate(ranked)
    for name in ("latitude", "longitude", "accuracy"):
        values[name] = None if point is None else getattr(point, name)
    speaking = _speaking(sources)
    visits = [each for each in ranked if each.document_id is not None]
    listed = [each for each in ranked if each.kind == PRELIST]
    told = {**chosen, "coordinates": point, "presence": speaking}
    return Survivor(
        values=values,
        provenance={name: _reference(source) for name, source in told.items() if source},
        presence=speaking.presence if speaking else None,
        area_code=_area(speaking, visits, listed),
        home=listed[0].area_code if listed else None,
        document_id=speaking.document_id if speaking else None,
        report_count=len(visits),
    )


def _speaking(sources: Sequence[Source]) -> Source | None:
    """Give the visit that tells what became of a business; None: nobody was there.

    The latest of those who saw it. *Not found* or *a duplicate* says nothing against them: it was
    another record of the same that was looked for in vain.
    """
    visits = [each for each in sources if each.document_id is not None]
    for presences in (SEEN, *_SILENCES):
        some = [each for each in visits if each.presence in presences]
        if some:
            return max(some, key=_lateness)
    return max(visits, key=_lateness) if visits else None


def _lateness(source: Source) -> tuple[bool, int]:
    return source.is_verified, source.position


def _most_complete_name(ranked: Sequence[Source]) -> Source | None:
    """Give the most complete name of the best source that has one; of equal ones the latest."""
    named = [each for each in ranked if each.business_name]
    best = [each for each in named if each.tier == named[0].tier]
    return max(best, key=lambda each: _completeness(each.business_name), default=None)


def _completeness(name: str) -> tuple[int, int]:
    return len(name.split()), len(name)


def _most_accurate(ranked: Sequence[Source]) -> Source | None:
    located = [each for each in ranked if each.latitude is not None and each.longitude is not None]
    return min(
        located,
        key=lambda each: (_NOWHERE if each.accuracy is None else each.accuracy, each.rank),
        default=None,
    )


def _area(
    speaking: Source | None, visits: Sequence[Source], listed: Sequence[Source]
) -> str | None:
    """Give where it was seen, or else listed."""
    wanted = [speaking, *visits, *listed]
    return next((each.area_code for each in wanted if each is not None and each.area_code), None)


def _first(ranked: Sequence[Source], has: Callable[[Source], object]) -> Source | None:
    return next((each for each in ranked if has(each)), None)


def _reference(source: Source) -> dict[str, Any]:
    return {
        "unit_id": source.unit_id,
        "document_id": source.document_id,
        "position": source.position,
    }
