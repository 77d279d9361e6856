"""Assignments as a CSV file: written to be edited in a spreadsheet, read with every fault; pure."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.areas.codes import SubSlsId
from app.areas.errors import BadCode
from app.fieldwork.errors import fault
from app.fieldwork.rules import LONGEST_NOTE
from app.registry.errors import Fault

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
    """Read a whole file, with commas or semicolons; good only where there are no faults."""
    found = AssignmentFile()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found.faults.append(fault(line, "", "encoding"))
        return found
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    begin, names = 1, list[str]()
    try:
        for cells in reader:
            if not names:
                names = [cell.strip().lower() for cell in cells]
                found.faults += _header_faults(names)
            elif any(cell.strip() for cell in cells):
                _take(found, begin, names, cells)
            if not names or (begin == 1 and found.faults):
                break
            begin = reader.line_num + 1
    except csv.Error:
        found.faults.append(fault(begin, "", "quotes"))
    if not names and not found.faults:
        found.faults += _header_faults(names)
    return found


def written_note(cell: str) -> str:
    """Give a note as a cell that no spreadsheet takes for a formula; reading undoes it."""
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULAS) else cell


def _take(found: AssignmentFile, number: int, names: list[str], cells: list[str]) -> None:
    if len(cells) != len(names):
        found.faults.append(fault(number, "", "cells", found=len(cells), wanted=len(names)))
        return
    told = dict(zip(names, (cell.strip() for cell in cells), strict=True))
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


def _header_faults(names: list[str]) -> Iterator[Fault]:
    for name in COLUMNS:
        if names.count(name) > 1 or (name in NEEDED and name not in names):
            yield fault(1, name, "column", name=name)


def _delimiter(text: str) -> str:
    """Tell what parts the cells: spreadsheets set to Indonesian write semicolons."""
    header = text.partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","
