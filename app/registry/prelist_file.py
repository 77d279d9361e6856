"""Read a prelist file: CSV with commas or semicolons, every fault told; pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.areas.codes import SubSlsId
from app.areas.errors import BadCode
from app.core.csv_file import Fault, read_csv
from app.registry.errors import fault
from app.registry.fold import LONGEST, PRELIST_TEXTS, is_unit_id

COLUMNS = ("unit_id", *PRELIST_TEXTS)
NEEDED = (("unit_id", "idsbr"), ("idsubsls",), ("business_name",))
_LONGEST_ID = 64
_KBLI = re.compile(r"[0-9]{2,5}")
_NUMBER = re.compile(r"[0-9]+([.,][0-9]+)?[eE][+]?[0-9]+")

Row = Mapping[str, str]  # every one of COLUMNS


@dataclass(slots=True)
class PrelistFile:
    """What a file holds: rows and their lines by unit id, faults, columns not understood."""

    rows: dict[str, Row] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    count: int = 0  # lines that are not blank, without the header
    faults: list[Fault] = field(default_factory=list)
    ignored: tuple[str, ...] = ()


def read_prelist(content: bytes, lane: str) -> PrelistFile:
    """Read a whole file; its rows are good for import only where there are no faults."""
    file = read_csv(content, COLUMNS, NEEDED)
    found = PrelistFile(faults=file.faults)
    if not found.faults:
        found.ignored = tuple(name for name in file.names if name and name not in COLUMNS)
    for line, told in file.lines:
        _take(found, line, _row(told), lane)
    found.count = file.count
    return found


def _take(found: PrelistFile, line: int, row: Row, lane: str) -> None:
    found.faults += _row_faults(row, line, lane)
    unit_id = row["unit_id"]
    if unit_id and unit_id in found.lines:
        found.faults.append(fault(line, "unit_id", "twice", first=found.lines[unit_id]))
        return
    found.lines[unit_id], found.rows[unit_id] = line, row


def _row(told: Mapping[str, str]) -> Row:
    """Give a row of all our columns; either of unit_id and idsbr serves as both."""
    row = {name: told.get(name, "") for name in COLUMNS}
    row["unit_id"] = row["unit_id"] or row["idsbr"]
    if "idsbr" not in told:
        row["idsbr"] = row["unit_id"]
    return row


def _row_faults(row: Row, line: int, lane: str) -> Iterator[Fault]:
    if _NUMBER.fullmatch(row["unit_id"]):
        yield fault(line, "unit_id", "number")
    elif not is_unit_id(row["unit_id"]) or len(row["unit_id"]) > _LONGEST_ID:
        yield fault(line, "unit_id", "unit_id")
    yield from _area_faults(row["idsubsls"], line, lane)
    if not row["business_name"] and not row["owner_name"]:
        yield fault(line, "business_name", "name")
    if row["kbli"] and not _KBLI.fullmatch(row["kbli"]):
        yield fault(line, "kbli", "kbli")
    for name in COLUMNS[1:]:
        if len(row[name]) > LONGEST or not row[name].isprintable():
            yield fault(line, name, "text")


def _area_faults(idsubsls: str, line: int, lane: str) -> Iterator[Fault]:
    try:
        code = SubSlsId.parse(idsubsls)
    except BadCode as bad:
        yield Fault(line, "idsubsls", bad.message_id, bad.message_en)
        return
    if code.lane != lane:
        yield fault(line, "idsubsls", "lane", lane=lane)
