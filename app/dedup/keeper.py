"""Keeps records, keys, edges, groups and questions true: the units of which a note was left.

What is kept depends on the registry, the decisions, the model and the reference alone, not on the
order in which notes came or how they were cut into batches.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
import structlog
from sqlmodel import Session

from app.core.db import advisory_lock, table_of, writing
from app.core.outbox import UNIT_OUTDATED, UNIT_TOUCHED, take
from app.dedup import store
from app.dedup.matcher import (
    MOST_HOLDERS,
    Matcher,
    made_features,
    packed,
    record_of,
    unpacked,
)
from app.dedup.models import (
    Edge,
    GoldenRecord,
    MatchCase,
    UnitKey,
    UnitMembership,
    UnitRecord,
)
from app.dedup.references import matcher_of
from app.dedup.regroup import Affected, regroup
from app.dedup.rules import Pair, pair_of
from app.dedup.settled import settled_features
from app.dedup.store import Kept
from app.registry.models import Unit
from matching.features import Features

log = structlog.get_logger()

BATCH: Final = 500  # notes
OUTDATED: Final = 200  # notes that may wait: who decides meanwhile waits for no more than these
SILENT: Final = frozenset({"3", "4"})  # presence: nothing is there that could be counted twice
TABLES: Final = (GoldenRecord, MatchCase, UnitMembership, Edge, UnitKey, UnitRecord)


@dataclass(frozen=True, slots=True)
class _Fresh:
    """Units as they now are: those that exist, and which of all are other than before."""

    kept: Mapping[str, Kept]
    changed: frozenset[str]


def advance_matching(engine: sa.Engine, lane: str, *, most: int = MOST_HOLDERS) -> int:
    """Match the units that were touched since the last time; give how many notes told of them.

    Notes and tables change in one transaction. Call again until nothing is left. Units of which
    nothing was said, but which a newer reference compares otherwise, come when no others wait.
    """
    with writing(engine) as session:
        lock(session, lane)
        touched = take(session, UNIT_TOUCHED, lane, limit=BATCH)
        touched = touched or take(session, UNIT_OUTDATED, lane, limit=OUTDATED)
        if touched:
            match(session, lane, touched, most=most)
        return len(touched)


def rebuild_matching(engine: sa.Engine, lane: str, *, most: int = MOST_HOLDERS) -> int:
    """Match every unit of a lane afresh; give how many there are.

    Readers see the old state until the new one is whole.
    """
    with writing(engine) as session:
        lock(session, lane)
        return _match_all(session, lane, most)


def _match_all(session: Session, lane: str, most: int) -> int:
    for topic in (UNIT_TOUCHED, UNIT_OUTDATED):
        while take(session, topic, lane):
            pass  # what these notes told of is matched below
    for model in TABLES:
        table = table_of(model)
        session.execute(sa.delete(table).where(table.c.lane == lane))
    unit = table_of(Unit)
    wanted = sa.select(unit.c.unit_id).where(unit.c.lane == lane).order_by(unit.c.unit_id)
    every = list(session.execute(wanted).scalars())
    for start in range(0, len(every), BATCH):
        match(session, lane, every[start : start + BATCH], most=most)
    return len(every)


def match(
    session: Session, lane: str, touched: Collection[str], *, most: int = MOST_HOLDERS
) -> Affected:
    """Bring everything up that follows from these units; give whose group is another now."""
    matcher = matcher_of(session, lane)
    fresh = _take_in(session, lane, touched, matcher.version)
    moved = _rekey(session, lane, fresh, matcher, most) if fresh.changed else _NOBODY
    seeds = {*touched, *moved.units, *moved.parted}
    if moved.units:
        # whom a new edge ties hangs together with them anyway; whom a lost one tied would not
        seeds |= store.tied(session, lane, moved.units, matcher.model.thresholds.automatic)
        _rescore(session, lane, moved, matcher)
    return regroup(session, lane, seeds, matcher)


def lock(session: Session, lane: str) -> None:
    """Wait until nobody else matches in a lane, and hold it until the transaction ends."""
    advisory_lock(session, "projector:matching", lane)


def _take_in(session: Session, lane: str, touched: Collection[str], version: str) -> _Fresh:
    """Write the records of these units as the registry now has them."""
    kept = {
        row["unit_id"]: Kept(
            unit_id=row["unit_id"],
            source=row["source"],
            born=row["born"],
            is_silent=row["presence"] in SILENT,
            normaliser=version,
            features=packed(made_features(record_of(row))),
        )
        for row in store.facts(session, lane, touched)
    }
    before = store.records_of(session, lane, touched)
    changed = frozenset(each for each in touched if before.get(each) != kept.get(each))
    gone = changed - kept.keys()
    store.keep_records(session, lane, gone, [kept[each] for each in sorted(changed & kept.keys())])
    return _Fresh(kept, changed)


@dataclass(frozen=True, slots=True)
class _Moved:
    """Units whose edges are to be found anew, keys that pair nobody, and units that lost edges."""

    units: frozenset[str]
    without: frozenset[int]
    parted: frozenset[str]


_NOBODY: Final = _Moved(frozenset(), frozenset(), frozenset())


def _rekey(session: Session, lane: str, fresh: _Fresh, matcher: Matcher, most: int) -> _Moved:
    """Give the changed units their keys.

    Where a key becomes crowded, its holders lose the edges that nothing else founds; where one
    ceases to be, they are compared again.
    """
    changed = fresh.changed
    after = {each: _keys_of(fresh.kept.get(each), matcher) for each in changed}
    before = store.keys_of(session, lane, changed)
    keys = set().union(*after.values(), *before.values())
    was = store.crowded(session, lane, keys, most)
    other = {each: after[each] for each in changed if after[each] != before.get(each, set())}
    if other:
        store.replace_keys(session, lane, other)
    now = store.crowded(session, lane, keys, most)
    parted = set[str]()
    if now - was:
        log.info("keys of too many units pair nobody", lane=lane, keys=len(now - was))
        parted = _part(session, lane, store.holders(session, lane, now - was), most)
    moved = changed | store.holders(session, lane, was - now)
    if moved > changed:  # the others may have crowded keys of their own
        theirs = store.keys_of(session, lane, moved)
        now = store.crowded(session, lane, set().union(*theirs.values()), most)
    return _Moved(moved, frozenset(now), frozenset(parted))


def _part(session: Session, lane: str, unit_ids: Collection[str], most: int) -> set[str]:
    """Remove the edges among these units that no key founds any more; give who lost one."""
    among = set(unit_ids)
    edges = [
        pair
        for pair in store.edges_at(session, lane, among)
        if pair[0] in among and pair[1] in among
    ]
    keys = store.keys_of(session, lane, {name for pair in edges for name in pair})
    crowded = store.crowded(session, lane, set[int]().union(*keys.values()), most)
    telling = {name: some - crowded for name, some in keys.items()}
    lost = [(one, other) for one, other in edges if telling[one].isdisjoint(telling[other])]
    store.drop_edges(session, lane, lost)
    return {name for pair in lost for name in pair}


def _keys_of(kept: Kept | None, matcher: Matcher) -> set[int]:
    if kept is None or kept.is_silent:
        return set()
    return matcher.keys(unpacked(kept.features))


def _rescore(session: Session, lane: str, moved: _Moved, matcher: Matcher) -> None:
    """Find the edges of these units anew."""
    near = store.near(session, lane, moved.units, moved.without)
    pairs = {pair_of(one, other) for one, some in near.items() for other in some}
    names = {name for pair in pairs for name in pair}
    features = settled_features(session, lane, names, matcher)
    found = _scored(pairs, features, matcher)
    store.replace_edges(session, lane, moved.units, found, matcher.version)


def _scored(
    pairs: Iterable[Pair], features: Mapping[str, Features], matcher: Matcher
) -> list[store.Scored]:
    """Give the pairs that a person or a machine might call one."""
    least = matcher.model.thresholds.clerical
    found: list[store.Scored] = []
    for left, right in sorted(pairs):
        scored = matcher.score_above(features[left], features[right], least)
        if scored is not None:
            found.append(store.Scored(left, right, scored.bits, list(scored.levels)))
    return found
