"""Import the prelist as journal entries."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from app.areas import repository as areas
from app.areas.codes import LENGTHS, Level
from app.areas.scope import Scope
from app.core.csv_file import Fault
from app.core.ids import named_id
from app.intake.journal import SqlJournal
from app.registry import store
from app.registry.errors import fault
from app.registry.fold import PRELIST
from app.registry.prelist_file import PrelistFile, Row, read_prelist
from app.registry.store import Held
from sync.engine import ingest
from sync.envelope import Arrival, Envelope, canonical

BATCH = 1000


@dataclass(frozen=True, slots=True)
class PrelistReport:
    """What an import found and did. With any fault nothing was imported."""

    rows: int
    new: int
    changed: int
    unchanged: int
    faults: tuple[Fault, ...]
    ignored_columns: tuple[str, ...]

    @property
    def imported(self) -> bool:
        """Tell whether the file was taken in."""
        return not self.faults


def import_prelist(
    session: Session, content: bytes, *, lane: str, actor: str, now: datetime
) -> PrelistReport:
    """Take in a prelist file: one journal entry for each new or changed row.

    The same file again changes nothing. Units that the file does not name stay as they are.
    Rows are compared with the journal as it stands: the projected prelist with the entries that
    its projector has not read yet on top of it. The lane's journal is locked before, so nothing
    can come in between; a projector that moves on meanwhile only makes those entries be read twice.
    """
    found = read_prelist(content, lane)
    _check_areas(session, found, lane)
    if found.faults:
        faults = tuple(sorted(found.faults, key=lambda each: each.line))
        return PrelistReport(found.count, 0, 0, 0, faults, found.ignored)
    journal = SqlJournal(session)
    journal.lock(lane)
    held = store.held_prelist(session, lane)
    said = [_envelope(row, held.get(unit_id)) for unit_id, row in found.rows.items()]
    told = [each for each in said if each is not None]
    arrival = Arrival(lane=lane, actor=actor, received_at=now, door="office")
    for start in range(0, len(told), BATCH):
        ingest(told[start : start + BATCH], journal, arrival)
    new = len(found.rows.keys() - held.keys())
    return PrelistReport(
        rows=found.count,
        new=new,
        changed=len(told) - new,
        unchanged=len(said) - len(told),
        faults=(),
        ignored_columns=found.ignored,
    )


def _envelope(row: Row, held: Held | None) -> Envelope | None:
    """Give the entry that a row needs; None where the journal says the same already.

    Its id follows from the id of the entry before it, so that A, then B, then A again are three
    entries, however often.
    """
    body = canonical(dict(row))
    digest = sha256(body).hexdigest()
    if held is not None and held.digest == digest:
        return None
    before = "" if held is None else held.instance_id
    return Envelope(
        kind=PRELIST,
        instance_id=str(named_id(PRELIST, row["unit_id"], digest, before)),
        form_id=PRELIST,
        form_version="1",
        body=body,
        prior_instance_id=before or None,
    )


def _check_areas(session: Session, found: PrelistFile, lane: str) -> None:
    """Add a fault for each sub-SLS that the region tree lacks, if it knows the lane's at all."""
    leaves = areas.of_level(session, Scope((lane,)), lane, LENGTHS[Level.SUB_SLS])
    known = {leaf.code for leaf in leaves}
    if known:
        found.faults += [
            fault(found.lines[unit_id], "idsubsls", "unknown_area")
            for unit_id, row in found.rows.items()
            if row["idsubsls"].startswith(lane) and row["idsubsls"] not in known
        ]
