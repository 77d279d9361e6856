"""Importing a table of areas: decide what changes, then write it whole or not at all."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.areas import repository
from app.areas.codes import LENGTHS, AreaCode, Level
from app.areas.models import AreaVersion
from app.areas.repository import FIELDS
from app.areas.schemas import ImportReport, RowError
from app.areas.scope import NATION
from app.areas.table import AreaRow, AreaTable, read_table
from app.core.outbox import AREA_TOUCHED, leave

State = Mapping[str, Any]
_LANE = LENGTHS[Level.REGENCY]
_LEAF = LENGTHS[Level.SUB_SLS]


@dataclass(frozen=True, slots=True)
class Change:
    """What an import would do: new contents by code, and the areas it would retire."""

    added: dict[str, dict[str, Any]]
    changed: dict[str, dict[str, Any]]
    retired: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.retired)


def import_areas(
    session: Session,
    body: bytes,
    *,
    label: str,
    actor: str,
    now: datetime,
    retire_missing: bool = False,
) -> ImportReport:
    """Import a CSV of areas: code, name and any of the columns of `rules.READERS`.

    A file with any error changes nothing; the report names every wrong line. Columns that the file
    does not have stay as they were. A file that says nothing new makes no version. With
    `retire_missing`, current areas are retired that the file leaves out below the areas it names,
    at the levels it holds, with all that lies below them; a province or a regency never is.
    """
    table = read_table(body)
    repository.lock_tree(session)
    held = _held(session, table.rows)
    errors = (*table.errors, *_family_errors(session, table, held))
    if errors:
        in_order = tuple(sorted(errors, key=lambda error: error.place))
        return ImportReport("refused", rows=len(table.rows), errors=in_order)
    change = _change(session, table.rows, held, retire_missing=retire_missing)
    if not change:
        return ImportReport("unchanged", rows=len(table.rows))
    digest = hashlib.sha256(body).hexdigest()
    version = repository.add_version(
        session, AreaVersion(label=label, source_digest=digest, imported_at=now, imported_by=actor)
    )
    _write(session, change, held, version)
    return ImportReport(
        "imported",
        rows=len(table.rows),
        added=len(change.added),
        changed=len(change.changed),
        retired=len(change.retired),
        version=version,
    )


def _held(session: Session, rows: Sequence[AreaRow]) -> Mapping[str, State]:
    """Give what the table holds of these areas and of those above them."""
    named = {row.code for row in rows}
    above = {row.code.parent for row in rows if row.code.parent is not None}
    return repository.states(session, NATION, named | above)


def _family_errors(session: Session, table: AreaTable, held: Mapping[str, State]) -> list[RowError]:
    rows, present = table.rows, set(table.named)
    present |= {AreaCode(code) for code, state in held.items() if _is_current(state)}
    errors = [_orphan(row) for row in rows if row.code.parent and row.code.parent not in present]
    wanted = {row.fields["kemendagri_code"]: row for row in rows if _kemendagri(row) is not None}
    revised = {row.code for row in rows if "kemendagri_code" in row.fields}
    holders = repository.kemendagri_holders(session, NATION, wanted)
    for kemendagri, holder in holders.items():
        if holder != wanted[kemendagri].code and holder not in revised:
            errors.append(_taken(wanted[kemendagri], kemendagri, holder))
    return errors


def _kemendagri(row: AreaRow) -> str | None:
    code: str | None = row.fields.get("kemendagri_code")
    return code


def _is_current(state: State) -> bool:
    return state["until_version"] is None


def _orphan(row: AreaRow) -> RowError:
    return RowError(
        row.line,
        f"wilayah di atasnya, {row.code.parent}, tidak ada: tambahkan barisnya di berkas ini "
        "atau impor dahulu",
        f"the area above, {row.code.parent}, does not exist: add its row to this file "
        "or import it first",
    )


def _taken(row: AreaRow, kemendagri: str, holder: str) -> RowError:
    return RowError(
        row.line,
        f"kode Kemendagri {kemendagri} sudah dipakai wilayah {holder}: perbaiki salah satunya",
        f"the Kemendagri code {kemendagri} is held by the area {holder}: correct one of them",
    )


def _change(
    session: Session, rows: Sequence[AreaRow], held: Mapping[str, State], *, retire_missing: bool
) -> Change:
    added: dict[str, dict[str, Any]] = {}
    changed: dict[str, dict[str, Any]] = {}
    for row in rows:
        state = held.get(row.code)
        before = dict.fromkeys(FIELDS) if state is None else {name: state[name] for name in FIELDS}
        content = {**before, **row.fields}
        if state is None or not _is_current(state):
            added[row.code] = content
        elif content != before:
            changed[row.code] = content
    return Change(added, changed, _missing(session, rows) if retire_missing else ())


def _missing(session: Session, rows: Sequence[AreaRow]) -> Sequence[str]:
    """Give the current areas that the file leaves out, with all below them."""
    named = {row.code for row in rows}
    lengths = {len(code) for code in named if len(code) > _LANE}
    parents = named | {code.parent for code in named if code.parent is not None}
    siblings = repository.current_below(session, NATION, parents)
    kept = {str(code) for code in parents}
    gone = [code for code in siblings if len(code) in lengths and code not in kept]
    below = repository.current_within(session, NATION, gone)
    return [code for code in below if code not in kept]


def _write(session: Session, change: Change, held: Mapping[str, State], version: int) -> None:
    repository.retire_areas(session, NATION, change.retired, version)
    moved = [
        code
        for code, content in change.changed.items()
        if content["kemendagri_code"] != held[code]["kemendagri_code"]
    ]
    repository.release_kemendagri_codes(session, NATION, moved)
    fresh = {code: {**content, "since_version": version} for code, content in change.added.items()}
    revised = {
        code: {**content, "since_version": held[code]["since_version"]}
        for code, content in change.changed.items()
    }
    rows = [
        {**content, "code": code, "parent_code": AreaCode(code).parent, "until_version": None}
        for code, content in {**fresh, **revised}.items()
    ]
    if rows:
        repository.put_areas(session, rows)
    retired = {code: {"retired": True} for code in change.retired}
    repository.add_revisions(session, version, {**change.added, **change.changed, **retired})
    _tell(session, [*change.added, *change.retired])


def _tell(session: Session, codes: Sequence[str]) -> None:
    """Let the floors above recount: records of a new sub-SLS stood under the lane until now."""
    lanes: dict[str, set[str]] = {}
    for code in codes:
        if len(code) == _LEAF:
            lanes.setdefault(code[:_LANE], {code[:_LANE]}).add(code)
    for lane, touched in lanes.items():
        leave(session, AREA_TOUCHED, lane, touched)
