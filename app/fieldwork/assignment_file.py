"""Assignments as a CSV file: written to be edited in a spreadsheet, read with every fault; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.areas.codes import SubSlsId
from app.areas.errors import BadCode
from app.core.csv_file import Fault, read_csv
from app.fieldwork.errors import fault
from app.fieldwork.rules import LONGEST_NOTE

NEEDED = ("idsubsls", "officer")
COLUMNS = (*NEEDED, "note")
_FORMULAS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: who is to work a sub-SLS, by user name; empty: nobody. No note: as it is."""

    number: int  # as an editor counts; 1 is the header
    idsubsls: str
    officer: str
    note: str | None


@dataclass(slots=True)
class AssignmentFile:
    """What a file says, and what is wrong with it."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_assignments(content: bytes) -> AssignmentFile:
    """Read a whole file; good only where there are no faults."""
    file = read_csv(content, COLUMNS, [[name] for name in NEEDED])
    found = AssignmentFile(faults=file.faults)
    for number, told in file.lines:
        _take(found, number, told)
    return found


def written_note(cell: str) -> str:
    """Give a note as a cell that no spreadsheet takes for a formula; reading undoes it."""
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULAS) else cell


def _take(found: AssignmentFile, number: int, told: Mapping[str, str]) -> None:
    try:
        code = str(SubSlsId.parse(told["idsubsls"]))
    except BadCode as bad:
        found.faults.append(Fault(number, "idsubsls", bad.message_id, bad.message_en))
        return
    note = told.get("note")
    if note and note.startswith("'") and note.lstrip("'").startswith(_FORMULAS):
        note = note[1:]
    if note and len(note) > LONGEST_NOTE:
        found.faults.append(fault(number, "note", "note", longest=LONGEST_NOTE))
    found.lines.append(Line(number, code, told["officer"], note))
