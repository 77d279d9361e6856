"""An Excel workbook → the files of a definition: the way back, with what people changed in it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from forms.columns import SHEETS, ordered
from forms.markdown_layout import table_of, take_apart
from forms.places import DefinitionError, Place
from forms.source import EXCEPTIONS
from forms.tables import Table, encode_cell, read_tables
from forms.workbook import read_rows, sheets_of, workbook_source
from forms.workbook_files import FILES, unpack
from forms.workbook_rebuild import rebuild
from forms.workbook_write import CHANGELOG, INCLUDED

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from forms.tables import Row

_TITLES: Mapping[str, str] = {
    "settings": "# Pengaturan / Settings",
    "choices": "# Pilihan jawaban / Choices",
    "survey": "# Pertanyaan / Questions",
    "entities": "# Entitas / Entities",
    "external_choices": "# Pilihan luar / External choices",
    "osm": "# OSM",
    EXCEPTIONS: "# Catatan untuk linter / Answers to the linter",
}


def unfold(body: bytes, filename: str) -> dict[str, bytes]:
    """Make the files of a definition from a workbook, by path within its folder.

    A workbook of ours gives back the files it was made of, changed where its cells were; any
    other becomes one file for each sheet. Raises DefinitionError.
    """
    worksheets = sheets_of(body, filename)
    source = workbook_source(worksheets, filename)
    if not source.rows("survey"):
        raise DefinitionError(
            f"{filename}: there is no sheet “survey” with questions. Add one.",
            indonesian=f"{filename}: tidak ada lembar “survey” berisi pertanyaan. Tambahkan.",
        )
    files = _files(worksheets, filename)
    if not files:
        sheets = {**source.sheets, EXCEPTIONS: source.exceptions}
        return {f"{sheet}.md": _canonical(sheet, rows) for sheet, rows in sheets.items() if rows}
    _note_changes(worksheets, files)
    for sheet in SHEETS:
        _fold_in(sheet, source.rows(sheet), files)
    _fold_in(EXCEPTIONS, source.exceptions, files)
    return {name: text for name, text in files.items() if not name.startswith(INCLUDED)}


def _files(worksheets: "Sequence[Worksheet]", filename: str) -> dict[str, bytes]:
    """Files that the workbook was made of; none for a workbook of others."""
    sheet = next((each for each in worksheets if each.title == FILES), None)
    if sheet is None:
        return {}
    try:
        rows = [row.cells for row in read_rows(sheet, FILES, [])]
        return unpack(rows)
    except (ValueError, KeyError) as error:
        raise DefinitionError(
            f"{filename}: the hidden sheet {FILES} is damaged. Please either undo what was "
            f"changed there, or delete the sheet; the tables are then laid out anew.",
            indonesian=f"{filename}: lembar tersembunyi {FILES} rusak. Batalkan perubahannya, "
            "atau hapus lembar itu; tabel akan ditata ulang.",
        ) from error


def _note_changes(worksheets: "Sequence[Worksheet]", files: dict[str, bytes]) -> None:
    """Take over what was written on the sheet of the CHANGELOG."""
    sheet = next((each for each in worksheets if each.title == CHANGELOG), None)
    if sheet is None:
        return
    lines = [
        "" if cell.value is None else str(cell.value) for (cell,) in sheet.iter_rows(max_col=1)
    ]
    before = files.get("CHANGELOG.md", b"").decode("utf-8", "replace").split("\n")
    if _trimmed(lines) != _trimmed(before):
        files["CHANGELOG.md"] = "\n".join([*_trimmed(lines), ""]).encode("utf-8")


def _trimmed(lines: Iterable[str]) -> list[str]:
    found = [line.rstrip() for line in lines]
    while found and not found[-1]:
        found.pop()
    return found


def _fold_in(sheet: str, rows: "Sequence[Row]", files: dict[str, bytes]) -> None:
    """Bring the rows of a sheet into the files that it was made of."""
    names = [f"{sheet}.md"] if f"{sheet}.md" in files else sorted(
        name for name in files if name.startswith(f"{sheet}/") and name.endswith(".md")
    )  # fmt: skip
    if not names:
        if rows:
            files[f"{sheet}.md"] = _canonical(sheet, rows)
        return
    shared = {
        name.removeprefix(INCLUDED): text.decode("utf-8")
        for name, text in files.items()
        if name.startswith((INCLUDED, "shared/"))
    }
    for name in names:
        read_tables(
            files[name].decode("utf-8"), name, lambda part, place: _part(part, place, shared)
        )
    pages = [take_apart(name, files[name].decode("utf-8")) for name in names]
    parts = {name: take_apart(name, text, shared=True) for name, text in shared.items()}
    rebuild(sheet, pages, parts, [row.cells for row in rows])
    for page in pages:
        files[page.name] = page.text().encode("utf-8")
    for name, part in parts.items():
        if part.text() != shared[name]:
            files[name] = part.text().encode("utf-8")


def _part(name: str, place: Place, shared: Mapping[str, str]) -> tuple[Table, ...]:
    """Tables of an included file, held to be sound."""
    if name not in shared:
        raise place.error(f"the workbook does not hold {name}.", "Export it again.")
    return read_tables(shared[name], name)


def _canonical(sheet: str, rows: "Sequence[Row]") -> bytes:
    """Lay a sheet out as one table; every list of choices has its own."""
    text = [_TITLES[sheet], ""]
    for heading, members in _parts(sheet, rows):
        columns = ordered(column for row in members for column in row.cells)
        grid = table_of((row.cells for row in members), columns)
        text += [*([f"## {encode_cell(heading)}", ""] if heading else []), grid.text()]
    return "\n".join(text).encode("utf-8")


def _parts(sheet: str, rows: "Sequence[Row]") -> "list[tuple[str, list[Row]]]":
    if sheet != "choices":
        return [("", list(rows))]
    lists: dict[str, list[Row]] = {}
    for row in rows:
        lists.setdefault(row.cells.get("list_name", ""), []).append(row)
    return list(lists.items())
