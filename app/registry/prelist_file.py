"""Read a prelist file: CSV with commas or semicolons, every fault told; pure."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.areas.codes import SubSlsId
from app.areas.errors import BadCode
from app.registry.errors import Fault, fault
from app.registry.fold import LONGEST, PRELIST_TEXTS, is_unit_id

COLUMNS = ("unit_id", *PRELIST_TEXTS)
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
    found = PrelistFile()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found.faults.append(fault(line, "", "encoding"))
        return found
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    lines = _lines(reader, found.faults)
    _, header = next(lines, (1, []))
    names = [name.strip().lower() for name in header]
    found.faults += _header_faults(names)
    if not found.faults:
        found.ignored = tuple(name for name in names if name and name not in COLUMNS)
        _read_rows(lines, names, lane, found)
    return found


def _read_rows(
    lines: Iterator[tuple[int, list[str]]], names: list[str], lane: str, found: PrelistFile
) -> None:
    for line, cells in lines:
        found.count += 1
        if len(cells) != len(names):
            found.faults.append(fault(line, "", "cells", found=len(cells), wanted=len(names)))
            continue
        row = _row(dict(zip(names, (cell.strip() for cell in cells), strict=True)))
        found.faults += _row_faults(row, line, lane)
        unit_id = row["unit_id"]
        if unit_id and unit_id in found.lines:
            found.faults.append(fault(line, "unit_id", "twice", first=found.lines[unit_id]))
            continue
        found.lines[unit_id], found.rows[unit_id] = line, row


def _row(told: Mapping[str, str]) -> Row:
    """Give a row of all our columns; either of unit_id and idsbr serves as both."""
    row = {name: told.get(name, "") for name in COLUMNS}
    row["unit_id"] = row["unit_id"] or row["idsbr"]
    if "idsbr" not in told:
        row["idsbr"] = row["unit_id"]
    return row


def _lines(reader: Iterator[list[str]], faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Give every line that is not blank, with the number that it begins at."""
    begin = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            faults.append(fault(begin, "", "quotes"))
            return
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield begin, cells
        begin = reader.line_num + 1  # type: ignore[attr-defined]  # csv's readers have it


def _delimiter(text: str) -> str:
    """Tell what parts the cells: spreadsheets set to Indonesian write semicolons."""
    header = text.partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","


def _header_faults(names: list[str]) -> Iterator[Fault]:
    if "unit_id" not in names and "idsbr" not in names:
        yield fault(1, "unit_id", "column", name="unit_id")
    for name in ("idsubsls", "business_name"):
        if name not in names:
            yield fault(1, name, "column", name=name)
    for name in sorted({name for name in names if name in COLUMNS and names.count(name) > 1}):
        yield fault(1, name, "column_twice", name=name)


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
