"""The units that are most like a business as somebody describes it."""

from collections.abc import Mapping
from heapq import heappop, heappush
from math import inf
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlmodel import Session

from app.auth.actor import Actor
from app.core.problems import NotFound
from app.dedup import repository, store
from app.dedup.matcher import Matcher, made_features, unpacked
from app.dedup.references import matcher_of
from app.dedup.schemas import Described, MemberOut, NearOut, NearPage, ReasonOut
from matching.features import Features
from matching.record import FIELD, Record

LANE_DIGITS: Final = 4
AUTOMATIC: Final = "automatic"
CLERICAL: Final = "clerical"
APART: Final = "apart"


def near(session: Session, actor: Actor, told: Described) -> NearPage:
    """Give the units most like a description, within the regency of its area.

    Raises NotFound for an area that the actor's scope does not touch. Of a unit outside the scope
    only name and kelurahan are told.
    """
    lane = told.idsubsls[:LANE_DIGITS]
    if not actor.scope.touches(told.idsubsls):
        raise NotFound
    matcher = matcher_of(session, lane)
    mine = made_features(_record(told, actor))
    rows = store.sharing_keys(session, lane, matcher.keys(mine))
    others = {unit_id: row for unit_id, row in rows if unit_id != told.unit_id}
    mine = matcher.settled(mine)
    best = _best(matcher, mine, others, told.limit)
    units = repository.units(session, actor.scope, lane, [unit_id for _, unit_id, _ in best])
    return NearPage(
        items=[
            _near(matcher, (mine, theirs), row, bits, visible=visible)
            for bits, unit_id, theirs in best
            for row, visible in [units[unit_id]]
        ],
        compared=len(others),
        model=matcher.version,
    )


def _best(
    matcher: Matcher, mine: Features, others: Mapping[str, list[Any]], most: int
) -> list[tuple[float, str, Features]]:
    """Give bits, unit and features of those most like mine, the best first.

    Once so many are found, only what outdoes the least of them is scored to the end.
    """
    found: list[tuple[float, str, Features]] = []
    for unit_id, row in others.items():
        theirs = matcher.settled(unpacked(row))
        least = found[0][0] if len(found) == most else -inf
        scored = matcher.score_above(mine, theirs, least)
        if scored is None:
            continue
        heappush(found, (scored.bits, unit_id, theirs))
        if len(found) > most:
            heappop(found)
    return sorted(found, key=itemgetter(0, 1), reverse=True)


def _record(told: Described, actor: Actor) -> Record:
    return Record(
        record_id="",
        source=FIELD,
        enumerator=str(actor.id),
        name=told.name or None,
        owner=told.owner or None,
        address=told.address or None,
        phone=told.phone or None,
        nib=told.nib or None,
        latitude=told.latitude,
        longitude=told.longitude,
        accuracy=told.accuracy,
        kbli=told.kbli or None,
        sls=told.idsubsls,
    )


def _near(
    matcher: Matcher,
    pair: tuple[Features, Features],
    row: RowMapping,
    bits: float,
    *,
    visible: bool,
) -> NearOut:
    return NearOut(
        zone=zone_of(matcher, bits),
        bits=bits,
        probability=matcher.model.probability(bits),
        unit=MemberOut.of({**row, "visible": visible}),
        group_id=row["group_id"] if visible else None,
        reasons=[
            ReasonOut.of(each, shows_left=True, shows_right=visible)
            for each in matcher.reasons(*pair)
        ],
    )


def zone_of(matcher: Matcher, bits: float) -> str:
    """Tell in which of the three zones a pair lies."""
    thresholds = matcher.model.thresholds
    if bits >= thresholds.automatic:
        return AUTOMATIC
    return CLERICAL if bits >= thresholds.clerical else APART
