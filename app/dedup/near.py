"""The units that are most like a business as somebody describes it."""

from heapq import nlargest
from typing import Final

from sqlalchemy import RowMapping
from sqlmodel import Session

from app.auth.actor import Actor
from app.core.problems import NotFound
from app.dedup import repository
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
    rows = repository.sharing_keys(session, actor.scope, lane, matcher.keys(mine))
    settled = matcher.settled(mine)
    scored = [
        (matcher.score(settled, theirs).bits, row["unit_id"], row, theirs, visible)
        for row, visible in rows
        if row["unit_id"] != told.unit_id
        for theirs in [matcher.settled(unpacked(row["features"]))]
    ]
    best = nlargest(told.limit, scored, key=lambda each: (each[0], each[1]))
    return NearPage(
        items=[
            _near(matcher, (settled, theirs), row, bits, visible=visible)
            for bits, _, row, theirs, visible in best
        ],
        compared=len(scored),
        model=matcher.version,
    )


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
