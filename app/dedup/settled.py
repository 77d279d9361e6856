"""Features as they are compared, kept in memory from one batch to the next.

Whoever arrives is compared with those around it, and so are the next: reading all of them each time
would cost more than comparing them. What is kept counts only for the very version of the row that
it was made of, which PostgreSQL tells by the place and the transaction of its writing.
"""

from collections.abc import Collection
from typing import Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlmodel import Session

from app.core.rows import among
from app.dedup import store
from app.dedup.matcher import Matcher, unpacked
from app.dedup.store import RECORD
from matching.features import Features

MOST: Final = 20_000  # units of one matcher that are kept, about 2 kB each
_Kept = dict[str, tuple[str, Features]]  # unit → version of its row, features
_kept: WeakKeyDictionary[sa.Engine | sa.Connection, dict[tuple[str, str], _Kept]] = (
    WeakKeyDictionary()
)


def settled_features(
    session: Session, lane: str, unit_ids: Collection[str], matcher: Matcher
) -> dict[str, Features]:
    """Give the settled features of these units, as far as they have a record, by unit."""
    kept = _of(session, lane, matcher)
    versions = _versions(session, lane, unit_ids)
    found = {
        unit_id: held[1]
        for unit_id, version in versions.items()
        if (held := kept.get(unit_id)) is not None and held[0] == version
    }
    missing = versions.keys() - found.keys()
    if len(kept) + len(missing) > MOST:
        kept.clear()
    for unit_id, row in store.records_of(session, lane, missing).items():
        found[unit_id] = matcher.settled(unpacked(row.features))
        if len(kept) < MOST:
            kept[unit_id] = versions[unit_id], found[unit_id]
    return found


def _of(session: Session, lane: str, matcher: Matcher) -> _Kept:
    """Give what is kept for a lane; what an older reference settled is let go."""
    lanes = _kept.setdefault(session.get_bind(), {})
    name = lane, matcher.version
    if name not in lanes:
        lanes.clear()
    return lanes.setdefault(name, {})


def _versions(session: Session, lane: str, unit_ids: Collection[str]) -> dict[str, str]:
    """Tell which versions of their rows the transaction sees, all in one message."""
    place = sa.cast(sa.literal_column("unit_record.ctid"), sa.Text)
    written = sa.cast(sa.literal_column("unit_record.xmin"), sa.Text)
    wanted = sa.select(
        sa.func.array_agg(RECORD.c.unit_id), sa.func.array_agg(place + "/" + written)
    ).where(RECORD.c.lane == lane, RECORD.c.unit_id == among(unit_ids))
    names, versions = session.execute(wanted).one()
    return dict(zip(names or (), versions or (), strict=True))
