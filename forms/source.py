"""The source of a questionnaire as sheets of rows, wherever it was written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from forms.columns import SHEETS
from forms.places import DefinitionError, Place
from forms.tables import Row, Table, join_rows, read_tables

HOME = Path(__file__).parent / "definitions"

EXCEPTIONS = "lint"  # lint.md, or the sheet _lint of a workbook

_SHARED = re.compile(r"shared(?:/[\w-]+)+\.md")


@dataclass(frozen=True, slots=True)
class Source:
    """A questionnaire as written.

    name: of the folder or the file
    sheets: rows by the sheet's name; a sheet that is absent or empty has no entry
    files: lists that lie beside the tables, by file name
    strict: whether a column that no tool reads is an error; in workbooks of others it is a remark
    exceptions: doubts of the linter that are answered: rows of code, name and reason
    trimmed: cells of a workbook whose blanks around the text were left out
    """

    name: str
    sheets: Mapping[str, tuple[Row, ...]]
    files: Mapping[str, bytes] = field(default_factory=dict)
    strict: bool = True
    exceptions: tuple[Row, ...] = ()
    trimmed: tuple[Place, ...] = ()

    def rows(self, sheet: str) -> tuple[Row, ...]:
        """Rows of a sheet; none where it is absent."""
        return self.sheets.get(sheet, ())

    @property
    def settings(self) -> Mapping[str, str]:
        """Cells of the settings' first row; none where it is absent."""
        rows = self.rows("settings")
        return rows[0].cells if rows else {}


def read_folder(folder: Path) -> Source:
    """Read a definition's folder: `<sheet>.md`, or all files of `<sheet>/` in order of name.

    Raises DefinitionError.
    """
    sheets = {sheet: tuple(_sheet(folder, sheet)) for sheet in SHEETS}
    files = {file.name: file.read_bytes() for file in sorted(folder.glob("*.csv"))}
    return Source(
        folder.name,
        {name: rows for name, rows in sheets.items() if rows},
        files,
        exceptions=tuple(_sheet(folder, EXCEPTIONS)),
    )


def sheet_files(folder: Path, sheet: str) -> list[Path]:
    """Files that make up one sheet of a definition, in order."""
    single = folder / f"{sheet}.md"
    return [single] if single.is_file() else sorted((folder / sheet).glob("*.md"))


def shared_file(folder: Path, name: str, place: Place) -> Path:
    """Find the file that `{{ shared/… }}` names. Raises DefinitionError.

    It lies in the definition's folder, beside that folder, or ships with the project.
    """
    homes = (folder, folder.parent, HOME) if _SHARED.fullmatch(name) else ()
    for home in homes:
        if (home / name).is_file():
            return home / name
    raise place.error(
        f"there is no file {name} to include.",
        "Please either correct its name, such as shared/visits.md, or write the tables here.",
        indonesian=f"berkas {name} tidak ditemukan. "
        "Perbaiki namanya, misalnya shared/visits.md, atau tulis tabelnya di sini.",
    )


def _sheet(folder: Path, sheet: str) -> list[Row]:
    rows: list[Row] = []
    for file in sheet_files(folder, sheet):
        tables = file_tables(folder, file.relative_to(folder).as_posix(), read_text(file))
        rows.extend(joined(sheet, tables))
    return rows


def file_tables(folder: Path, name: str, text: str) -> tuple[Table, ...]:
    """Tables of a file of a definition, with those of the files it includes."""

    def include(shared: str, place: Place) -> tuple[Table, ...]:
        return read_tables(read_text(shared_file(folder, shared, place)), shared)

    return read_tables(text, name, include)


def joined(sheet: str, tables: tuple[Table, ...]) -> list[Row]:
    """Rows of the tables of one file."""
    return join_rows(tables) if sheet == "survey" else [r for t in tables for r in t.rows]


def read_text(file: Path) -> str:
    """Read a file as UTF-8 with its line ends as they are. Raises DefinitionError."""
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise DefinitionError(
            f"{file.name}: byte {error.start} is not UTF-8 text. Save the file as UTF-8.",
            indonesian=f"{file.name}: bita {error.start} bukan teks UTF-8. "
            "Simpan berkas sebagai UTF-8.",
        ) from error
