"""CSV files that people edit in a spreadsheet: their lines, and all that is wrong with the file."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Final

Sentences = Mapping[str, tuple[str, str]]  # what is wrong → (Bahasa Indonesia, English)

NO_ALIASES: Final[Mapping[str, str]] = MappingProxyType({})

_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK: Final = b"PK\x03\x04"
_DELIMITERS: Final = (",", ";", "\t", "|")  # spreadsheets set to Indonesian write semicolons


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file: where, what, and what to do, in both languages."""

    line: int  # as an editor counts; 1 is the header
    column: str  # empty: the line as a whole
    message_id: str
    message_en: str

    def told(self, language: str) -> str:
        """Give the sentence in the language `id` or `en`."""
        return self.message_en if language == "en" else self.message_id


@dataclass(slots=True)
class CsvFile:
    """A file as it is read: `faults` and `count` grow while `lines` are gone through.

    `lines` gives each line that is not blank and has a cell for each of `names`, by name and
    without surrounding blanks, with the number that it begins at. There are none where the header
    is not good.
    """

    names: list[str] = field(default_factory=list)
    lines: Iterator[tuple[int, dict[str, str]]] = field(default_factory=lambda: iter(()))
    faults: list[Fault] = field(default_factory=list)
    count: int = 0  # lines that are not blank, without the header


def fault_of(sentences: Sentences, line: int, column: str, what: str, **facts: object) -> Fault:
    """Give the fault `what` at a place; `facts` complete its sentences."""
    told_id, told_en = sentences[what]
    return Fault(line, column, told_id.format(**facts), told_en.format(**facts))


fault: Final = partial(
    fault_of,
    {
        "workbook": (
            "Ini buku kerja Excel. Simpan sebagai “CSV UTF-8”, dengan kolom kode berformat Teks.",
            "This is an Excel workbook. Save it as “CSV UTF-8”, with columns of codes as Text.",
        ),
        "encoding": (
            "Berkas bukan UTF-8. Simpan ulang sebagai “CSV UTF-8”.",
            "The file is not UTF-8. Save it again as “CSV UTF-8”.",
        ),
        "quotes": (
            "Tanda kutip tidak ditutup atau salah letak mulai baris ini. Perbaiki tanda kutipnya.",
            "A quotation mark is not closed or misplaced from this line on. Mend the quotes.",
        ),
        "column": (
            "Kolom {name} tidak ada. Tambahkan pada baris judul.",
            "The column {name} is missing. Add it to the header line.",
        ),
        "column_twice": (
            "Kolom {name} ada lebih dari sekali. Hapus atau ganti nama salah satunya.",
            "The column {name} appears more than once. Remove or rename one of them.",
        ),
        "cells": (
            "Baris ini berisi {found} sel, seharusnya {wanted}. Periksa pemisah dan tanda kutip.",
            "This line has {found} cells instead of {wanted}. Check separators and quotes.",
        ),
    },
)


def read_csv(
    content: bytes,
    columns: Collection[str],
    needed: Iterable[Collection[str]],
    aliases: Mapping[str, str] = NO_ALIASES,
) -> CsvFile:
    """Read a file whose first line names its columns, in any order and in capitals or not.

    None of `columns` may come twice; of each collection in `needed` one must be there. `aliases`
    gives other names that people write for them.
    """
    found = CsvFile()
    text = _decoded(content, found.faults)
    if text is None:
        return found
    records = _records(text, found.faults)
    _, header = next(records, (1, []))
    found.names = [aliases.get(name, name) for name in map(_plain, header)]
    missing = (next(iter(names)) for names in needed if not set(names) & set(found.names))
    found.faults += (fault(1, name, "column", name=name) for name in missing)
    twice = sorted({name for name in columns if found.names.count(name) > 1})
    found.faults += (fault(1, name, "column_twice", name=name) for name in twice)
    if not found.faults:
        found.lines = _lines(found, records)
    return found


def _plain(cell: str) -> str:
    return cell.strip().lower().replace(" ", "_")


def _decoded(content: bytes, faults: list[Fault]) -> str | None:
    if content.startswith(_WORKBOOK):
        faults.append(fault(1, "", "workbook"))
        return None
    try:
        return content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        faults.append(fault(content[: error.start].count(b"\n") + 1, "", "encoding"))
        return None


def _records(text: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Give every record that is not blank, with the number of the line that it begins at."""
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begin = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begin, cells
            begin = reader.line_num + 1
    except csv.Error:
        faults.append(fault(begin, "", "quotes"))


def _lines(
    found: CsvFile, records: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, dict[str, str]]]:
    wanted = len(found.names)
    for line, cells in records:
        found.count += 1
        if len(cells) != wanted:
            found.faults.append(fault(line, "", "cells", found=len(cells), wanted=wanted))
        else:
            yield line, dict(zip(found.names, (cell.strip() for cell in cells), strict=True))
