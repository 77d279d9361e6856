"""The units of a lane as a fold over its journal."""

from collections.abc import Collection, Sequence
from typing import ClassVar

from sqlmodel import Session, SQLModel

from app.core.outbox import AREA_TOUCHED, DOCUMENT_TOUCHED, UNIT_TOUCHED, leave
from app.intake.chains import Chain, chains_of
from app.intake.feed import Change, publish
from app.intake.repository import entries_at
from app.registry import store
from app.registry.fold import (
    PRELIST,
    SUB_SLS_DIGITS,
    Derived,
    Reported,
    derived,
    prelisted,
    reported,
)
from app.registry.models import PrelistUnit, Unit, UnitReport
from sync.envelope import SUBMISSION
from sync.journal import Entry

Units = dict[str, Derived]


class UnitsProjector:
    """Keeps prelist, reports and units.

    Each batch says which units it touches; those are derived anew from everything that speaks of
    them, so that the result depends on the journal alone, not on how it was cut into batches.
    """

    name = store.PROJECTOR
    tables: ClassVar[Sequence[type[SQLModel]]] = (PrelistUnit, UnitReport, Unit)
    feeds: ClassVar[Sequence[str]] = ("unit",)

    def apply(self, session: Session, lane: str, entries: Sequence[Entry]) -> None:
        """Take in the next entries of a lane."""
        touched = _take_prelist(session, entries) | _take_reports(session, lane, entries)
        if not touched:
            return
        sources = store.sources_of(session, lane, touched)
        before = store.units_of(session, lane, touched)
        made = {unit_id: derived(lane, unit_id, sources[unit_id]) for unit_id in touched}
        after = {unit_id: unit for unit_id, unit in made.items() if unit is not None}
        changed = {each for each in touched if before.get(each) != after.get(each)}
        store.keep_units(
            session,
            lane,
            changed - after.keys(),
            [after[each] for each in sorted(changed & after.keys())],
        )
        leave(session, UNIT_TOUCHED, lane, touched)
        leave(session, AREA_TOUCHED, lane, _areas(changed, before) | _areas(changed, after))
        publish(session, lane, _changes(changed, before, after))


def _take_prelist(session: Session, entries: Sequence[Entry]) -> set[str]:
    """Keep the newest prelist row of each unit; give the units."""
    told = [prelisted(entry) for entry in entries if entry.kind == PRELIST]
    newest = {row.unit_id: row for row in told if row is not None}
    store.keep_prelist(session, [newest[unit_id] for unit_id in sorted(newest)])
    return set(newest)


def _take_reports(session: Session, lane: str, entries: Sequence[Entry]) -> set[str]:
    """Keep one report per document; give the units that it or an older version told of."""
    arrived = {entry.instance_id for entry in entries if entry.kind == SUBMISSION}
    if not arrived:
        return set()
    chains = chains_of(session, lane, arrived, entries[-1].position)
    reports = _current_reports(session, lane, chains, entries)
    names = {name for chain in chains for name in chain.named}
    leave(session, DOCUMENT_TOUCHED, lane, names)
    return store.replace_reports(session, lane, names, reports) | {
        report.unit_id for report in reports
    }


def _current_reports(
    session: Session, lane: str, chains: Sequence[Chain], entries: Sequence[Entry]
) -> list[Reported]:
    """Read the current version of each chain; rival versions never speak."""
    speaking = [chain for chain in chains if not chain.current.is_rival]
    bodies = {entry.position: entry for entry in entries}
    older = {chain.current.position for chain in speaking} - bodies.keys()
    if older:
        bodies.update(entries_at(session, lane, older))
    told = (reported(bodies[each.current.position], each.document_id) for each in speaking)
    return [report for report in told if report is not None]


def _areas(changed: Collection[str], units: Units) -> set[str]:
    """Give the areas whose counts these units are part of."""
    found = (units[unit_id] for unit_id in changed if unit_id in units)
    return {area for unit in found for area in (unit.area_code, unit.prelist_area_code) if area}


def _changes(changed: Collection[str], before: Units, after: Units) -> list[Change]:
    """Give what devices should learn; a unit that moved leaves a tombstone where it was."""
    return [
        change
        for unit_id in sorted(changed)
        for change in _moved(before.get(unit_id), after.get(unit_id))
    ]


def _moved(before: Derived | None, after: Derived | None) -> list[Change]:
    gone = before is not None and (after is None or after.area_code != before.area_code)
    changes = [_change(before, None)] if gone and before is not None else []
    if after is not None:
        changes.append(_change(after, _payload(after)))
    return changes


def _change(unit: Derived, payload: dict[str, str | None] | None) -> Change:
    key = f"{unit.unit_id}@{unit.area_code}"
    return Change(kind="unit", key=key, area_code=unit.area_code, payload=payload)


def _payload(unit: Derived) -> dict[str, str | None]:
    known = len(unit.area_code) == SUB_SLS_DIGITS
    return {
        "unit_id": unit.unit_id,
        "name": unit.business_name or unit.owner_name,
        "address": unit.address,
        "idsubsls": unit.area_code if known else "",
        "presence": unit.presence,
        "origin": unit.origin,
    }
