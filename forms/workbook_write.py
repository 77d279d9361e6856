"""A questionnaire as an Excel workbook: the sheets of an XLSForm, made for people who edit them.

Every cell is text, also those still empty: Excel would make numbers of codes. Beside the sheets
that any XLSForm tool reads stand some that begin with an underscore, which they pass over: the
CHANGELOG, and hidden ones with the layout of the files and the words to choose from.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from forms.columns import SHEETS, canonical, ordered, split_language
from forms.places import Place
from forms.source import EXCEPTIONS, Source, read_folder, read_text, shared_file, sheet_files
from forms.tables import Row, include_of
from forms.workbook_files import FILES, HEADER, pack

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

CHANGELOG = "_CHANGELOG"
WORDS = "_words"
INCLUDED = "included:"  # before the name of a shared file that lies outside the folder

_SPARE_ROWS = 500  # below the last row, where types are still offered
_ASKED = ("text", "integer", "decimal", "date", "time", "dateTime", "note", "calculate", "barcode")
_RECORDED = ("geopoint", "geotrace", "geoshape", "image", "audio", "video", "file", "acknowledge")
_SILENT = ("hidden", "start", "end", "today", "deviceid", "username", "audit")
_CONTROLS = ("begin group", "end group", "begin repeat", "end repeat")
_WIDTHS: Mapping[str, int] = {
    "type": 26, "name": 22, "list_name": 18, "label": 46, "hint": 46, "guidance_hint": 46,
    "constraint_message": 46, "required_message": 36, "bind::se:warningMsg": 46, "relevant": 40,
    "constraint": 40, "calculation": 40, "choice_filter": 32, "bind::se:warning": 40,
    "entity_id": 40, "create_if": 30, "update_if": 30, "instance_name": 40, "form_title": 32,
    "default_language": 24, "namespaces": 40, "parameters": 30, "appearance": 22,
}  # fmt: skip
_WIDTH = 14

_TEXT = "@"
_HEADER_FILL = PatternFill("solid", fgColor="D9E2EC")
_FILLS = {
    "begin group": PatternFill("solid", fgColor="EEF2F6"),
    "end group": PatternFill("solid", fgColor="EEF2F6"),
    "begin repeat": PatternFill("solid", fgColor="F6F1E4"),
    "end repeat": PatternFill("solid", fgColor="F6F1E4"),
}
_FONTS = {
    "calculate": Font(color="5B6770"),
    "hidden": Font(color="5B6770"),
    "note": Font(italic=True),
}
_TOP = Alignment(vertical="top", wrap_text=True)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST = 32_767  # characters that Excel holds in a cell


def write_folder(folder: Path) -> bytes:
    """Make a workbook of a definition's folder, from which the folder can be made again.

    Raises DefinitionError.
    """
    source = read_folder(folder)
    return write_source(source, _files(folder))


def write_source(source: Source, files: Mapping[str, bytes] | None = None) -> bytes:
    """Make a workbook of sheets; `files` are those of the folder they were read from.

    Raises DefinitionError for a cell that no workbook can hold.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in ("survey", "choices", "settings", *SHEETS[3:]):
        rows = source.rows(sheet)
        if rows or sheet in ("survey", "settings"):
            _write_sheet(book.create_sheet(sheet), rows)
    if source.exceptions:
        _write_sheet(book.create_sheet(f"_{EXCEPTIONS}"), source.exceptions)
    if files:
        _write_changelog(book.create_sheet(CHANGELOG), files.get("CHANGELOG.md", b""))
        _write_plain(book.create_sheet(FILES), (HEADER, *pack(files)))
        book[FILES].sheet_state = "hidden"
    _offer_types(book.create_sheet(WORDS), book["survey"], source)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def _write_sheet(worksheet: "Worksheet", rows: Sequence[Row]) -> None:
    columns = ordered(column for row in rows for column in row.cells) or ["type", "name", "label"]
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        worksheet.column_dimensions[letter].width = _WIDTHS.get(split_language(column)[0], _WIDTH)
        worksheet.column_dimensions[letter].number_format = _TEXT
        cell = _put(worksheet, (1, number), column)
        cell.font, cell.fill = Font(bold=True), _HEADER_FILL
    for line, row in enumerate(rows, start=2):
        _write_row(worksheet, line, columns, row)
    fixed = 2 if canonical(columns[1] if len(columns) > 1 else "") == "name" else 1
    worksheet.freeze_panes = worksheet.cell(2, fixed + 1)
    worksheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"


def _write_row(worksheet: "Worksheet", line: int, columns: Sequence[str], row: Row) -> None:
    kind = row.cells.get("type", "")
    fill, font = _FILLS.get(kind), _FONTS.get(kind)
    for number, column in enumerate(columns, start=1):
        text = row.cells.get(column, "")
        if _ILLEGAL.search(text):
            raise row.places[column].error(
                "a control character stands in this cell.",
                "Remove it.",
                indonesian="ada karakter kendali dalam sel ini. Hapus karakter itu.",
            )
        if len(text) > _LONGEST:
            raise row.places[column].error(
                f"more than {_LONGEST} characters stand in this cell.",
                "Shorten it; Excel would cut it off.",
                indonesian=f"lebih dari {_LONGEST} huruf dalam sel ini. Persingkat.",
            )
        cell = _put(worksheet, (line, number), text)
        cell.alignment = _TOP
        if fill:
            cell.fill = fill
        if font:
            cell.font = font


def _put(worksheet: "Worksheet", at: tuple[int, int], text: str) -> "Cell":
    """Write a cell as text, whatever it looks like."""
    cell = worksheet.cell(*at)
    cell.number_format = _TEXT
    if text:
        cell.value = _LIKE_ESCAPE.sub("_x005F_", text)
        cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    return cell


def _write_plain(worksheet: "Worksheet", rows: Iterable[Sequence[str]]) -> None:
    for line, row in enumerate(rows, start=1):
        for number, text in enumerate(row, start=1):
            _put(worksheet, (line, number), text)


def _write_changelog(worksheet: "Worksheet", body: bytes) -> None:
    worksheet.column_dimensions["A"].width = 120
    lines = body.decode("utf-8", "replace").split("\n")
    _write_plain(worksheet, ([_ILLEGAL.sub("", line).rstrip()] for line in lines))
    for (cell,) in worksheet.iter_rows(max_col=1):
        cell.alignment = _TOP


def _offer_types(words: "Worksheet", survey: "Worksheet", source: Source) -> None:
    """Offer the types to choose from; others, such as those of lists, may still be typed."""
    lists = dict.fromkeys(row.cells.get("list_name", "") for row in source.rows("choices"))
    closed = [f"select_one {name}" for name in lists if name]
    many = [f"select_multiple {name}" for name in lists if name]
    offered = [*_ASKED, *_RECORDED, *_SILENT, *_CONTROLS, *closed, *many]
    _write_plain(words, ([word] for word in offered))
    words.sheet_state = "hidden"
    header = [canonical(str(cell.value)) for cell in survey[1]]
    last = survey.max_row + _SPARE_ROWS
    for column, formula in (
        ("type", f"'{WORDS}'!$A$1:$A${len(offered)}"),
        ("required", '"yes,no"'),
    ):
        if column in header:
            letter = get_column_letter(header.index(column) + 1)
            offer = DataValidation(type="list", formula1=formula, showErrorMessage=False)
            offer.add(f"{letter}2:{letter}{last}")
            survey.add_data_validation(offer)


def _files(folder: Path) -> dict[str, bytes]:
    """Files of a definition by their path within it, and the shared ones that it includes."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.parts)
    }
    for sheet in SHEETS:
        for path in sheet_files(folder, sheet):
            name = path.relative_to(folder).as_posix()
            for number, line in enumerate(read_text(path).split("\n"), start=1):
                shared = include_of(line)
                if shared and shared not in files:
                    found = shared_file(folder, shared, Place(name, number))
                    files[INCLUDED + shared] = found.read_bytes()
    return files
