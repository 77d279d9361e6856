"""A questionnaire in one file, as bytes from anywhere: an Excel workbook or a Markdown text.

Every cell is text: what Excel took for a number or a date is given back as it was meant, and what
it has spoiled (a formula, an error, a code of 16 digits rounded to 15) is refused with its place.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from forms.columns import SHEETS, is_known, plain_header
from forms.markdown_file import read_markdown
from forms.places import DefinitionError, Place
from forms.source import EXCEPTIONS, Source
from forms.tables import Row, cell_text

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MAX_BYTES = 16_000_000
MAX_UNPACKED = 200_000_000

_EMPTY_ROWS = 60  # after so many, an XLSForm has ended
_EMPTY_COLUMNS = 20
_EXACT = 10**15  # Excel keeps 15 digits of a number
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_workbook(body: bytes, filename: str) -> Source:
    """Read an uploaded questionnaire: `.xlsx`, `.xlsm` or `.md`. Raises DefinitionError only."""
    suffix = PurePath(filename).suffix.lower()
    name = PurePath(filename).stem or "form"
    if len(body) > MAX_BYTES:
        raise _refused(
            filename,
            f"more than {MAX_BYTES // 1_000_000} MB. A questionnaire is smaller: "
            "take pictures and lists out.",
            f"lebih dari {MAX_BYTES // 1_000_000} MB. Kuesioner tidak sebesar itu: "
            "keluarkan gambar dan daftarnya.",
        )
    if suffix in (".xlsx", ".xlsm"):
        return workbook_source(sheets_of(body, filename), name)
    if suffix in (".md", ".markdown"):
        return read_markdown(body, filename)
    raise _refused(
        filename,
        "neither a workbook nor tables in Markdown. Please either save it as Excel workbook "
        "(.xlsx), or send a text with tables (.md).",
        "bukan buku kerja Excel dan bukan tabel Markdown. Simpan sebagai Excel (.xlsx), "
        "atau kirim teks berisi tabel (.md).",
    )


def sheets_of(body: bytes, filename: str) -> "list[Worksheet]":
    """Open a workbook. Raises DefinitionError where the bytes are none."""
    from openpyxl import load_workbook  # late: it brings numpy along

    _bounded(body, filename)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about decoration that openpyxl does not keep
        try:
            book = load_workbook(io.BytesIO(body), data_only=False)
        except Exception as error:  # openpyxl names no exceptions of its own
            raise _unreadable(filename) from error
    return list(book.worksheets)


def workbook_source(worksheets: "Sequence[Worksheet]", name: str) -> Source:
    """Read the sheets that an XLSForm knows; a single sheet is the survey whatever its name."""
    sheets: dict[str, tuple[Row, ...]] = {}
    trimmed: list[Place] = []
    for worksheet in worksheets:
        sheet = str(worksheet.title).strip().lower()
        if sheet not in SHEETS and len(worksheets) == 1:
            sheet = "survey"
        if sheet in SHEETS:
            rows = tuple(read_rows(worksheet, sheet, trimmed))
            if rows:
                sheets[sheet] = rows
    exceptions = (each for each in worksheets if each.title == f"_{EXCEPTIONS}")
    return Source(
        name,
        sheets,
        strict=False,
        exceptions=tuple(row for each in exceptions for row in read_rows(each, EXCEPTIONS, [])),
        trimmed=tuple(trimmed),
    )


def read_rows(worksheet: "Worksheet", sheet: str, trimmed: list[Place]) -> Iterator[Row]:
    """Rows of one sheet that hold anything, each cell with its place.

    Places of cells with blanks around their text are added to `trimmed`.
    """
    title = str(worksheet.title)
    header = _header(next(worksheet.iter_rows(max_row=1), ()), title, sheet)
    _refuse_merged(worksheet, sheet, header)
    empty = 0
    for number, cells in enumerate(worksheet.iter_rows(min_row=2, max_col=len(header)), start=2):
        row = _row(sheet, header, cells, Place(title, number, in_sheet=True))
        trimmed += _with_blanks(row, header, cells)
        empty = 0 if row.cells else empty + 1
        if row.cells:
            yield row
        elif empty > _EMPTY_ROWS:
            return


def _refuse_merged(worksheet: "Worksheet", sheet: str, header: Sequence[str]) -> None:
    """Refuse cells that are one: Excel has thrown away what stood in all but the first."""
    for span in worksheet.merged_cells.ranges:
        column = next(
            (name for name in header[span.min_col - 1 : span.max_col] if is_known(sheet, name)), ""
        )
        if column and span.max_row > 1:
            raise Place(str(worksheet.title), span.min_row, column, in_sheet=True).error(
                f"the cells {span.coord} are merged; only the first keeps its text.",
                "Please either unmerge them and fill each, or clear them.",
                indonesian=f"sel {span.coord} digabung, jadi hanya sel pertama yang berisi. "
                "Pisahkan (Unmerge Cells) lalu isi setiap sel, atau kosongkan.",
            )


def _row(sheet: str, header: Sequence[str], cells: "Iterable[Cell]", place: Place) -> Row:
    row = Row(place)
    for cell, column in zip(cells, header, strict=False):
        if column and cell.value is not None:
            known = is_known(sheet, column)
            value = _value(cell, place.at(column)) if known else _loose(cell.value)
            row.put(column, value, place.at(column))
    return row


def _with_blanks(row: Row, header: Sequence[str], cells: "Iterable[Cell]") -> Iterator[Place]:
    for cell, column in zip(cells, header, strict=False):
        value = cell.value
        if column in row.cells and isinstance(value, str) and value != value.strip():
            yield row.places[column]


def _header(cells: "Iterable[Cell]", title: str, sheet: str) -> list[str]:
    columns: list[str] = []
    for cell in cells:
        column = plain_header(sheet, " ".join(_loose(cell.value).split()))
        if not column and columns[-_EMPTY_COLUMNS:] == [""] * _EMPTY_COLUMNS:
            break
        if column and column in columns:
            raise Place(title, 1, column, in_sheet=True).error(
                "this column stands twice.",
                "Please either remove one, or give it another name.",
                indonesian="kolom ini ada dua. Hapus salah satu, atau beri nama lain.",
            )
        columns.append(column)
    return columns


def _value(cell: "Cell", place: Place) -> str:
    """Text of a cell as it was meant. Raises DefinitionError for what cannot be told."""
    value = cell.value
    if cell.data_type == "f":
        raise place.error(
            "a formula stands here.",
            "Please either type its result as text, or copy it and paste values only.",
            indonesian="sel ini berisi rumus. Ketik hasilnya sebagai teks, "
            "atau salin lalu tempel nilainya saja.",
        )
    if cell.data_type == "e":
        raise place.error(
            f"Excel shows the error {value} here.",
            "Type what is meant, as text.",
            indonesian=f"Excel menampilkan galat {value}. Ketik isinya sebagai teks.",
        )
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _EXACT:
        raise place.error(
            "Excel took this code for a number and may have rounded its last digits.",
            "Format the cell as Text and type the code again.",
            indonesian="Excel menganggap kode ini angka dan mungkin membulatkan digit akhirnya. "
            "Ubah format sel menjadi Teks, lalu ketik ulang kodenya.",
        )
    return _loose(value)


_SPOKEN: Mapping[bool, str] = {True: "TRUE", False: "FALSE"}


def _loose(value: Any) -> str:  # noqa: ANN401 - whatever Excel keeps in a cell
    """Text of whatever Excel keeps in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _SPOKEN[value]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return cell_text(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), str(value)))


def _bounded(body: bytes, filename: str) -> None:
    """Refuse what is no archive, or would unpack to something enormous."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _unreadable(filename) from error
    if unpacked > MAX_UNPACKED:
        raise _unreadable(filename)


def _unreadable(filename: str) -> DefinitionError:
    return _refused(
        filename,
        "this is no Excel workbook that can be read. Open it in Excel and save it again as "
        "Excel workbook (.xlsx), without a password.",
        "bukan buku kerja Excel yang dapat dibaca. Buka di Excel lalu simpan kembali sebagai "
        "Excel (.xlsx), tanpa kata sandi.",
    )


def _refused(filename: str, english: str, indonesian: str) -> DefinitionError:
    name = PurePath(filename).name
    return DefinitionError(f"{name}: {english}", indonesian=f"{name}: {indonesian}")
