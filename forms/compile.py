"""XLSForm tables → XForm: the only module that knows pyxform.

    DefinitionError   the source cannot be compiled (in forms.tables)
    JavaMissing       ODK Validate was asked for and there is no Java

A definition is a folder: `settings.md`, `choices.md`, `survey.md` (or `survey/*.md`, one file for
each block), `CHANGELOG.md`. External lists that the office supplies are passed in as bytes;
those that ship with the project lie in `definitions/lists/`.
"""

import csv
import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pyxform
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from forms.errors import FormsError, UnsupportedForm, XPathError
from forms.tables import DefinitionError, Place, Row, as_sheet, read_sheet
from forms.xpath.parse import parse

__all__ = [
    "Compiled",
    "DefinitionError",
    "JavaMissing",
    "compile_definition",
    "definition",
    "definitions",
    "odk_validate",
]

_HOME = Path(__file__).parent / "definitions"
_LISTS = _HOME / "lists"
_SHEETS = ("settings", "choices", "survey")
_NO_LISTS: Mapping[str, bytes] = MappingProxyType({})

_ROW = re.compile(r"\[row : (\d+)\]\s*")
_QUOTED_SHEET = re.compile(r"On the '(survey|choices|settings)' sheet")
_QUOTED_COLUMN = re.compile(r"the '([^']+)' (?:value|column)")
_ABOUT_CELL = re.compile(r"On the '\w+' sheet, the '[^']+' value is invalid\.\s*")
_QUOTED = re.compile(r"'([^']+)'|: (\w+)$")
_REFERENCE = re.compile(r"\$\{([^}]+)\}")
_CHATTER = re.compile(
    r"\s*(?:at |\.\.\. \d|>>|Result:|The following files failed|Caused by:|.*form\.xml$|$)"
)
_EXTERNAL = re.compile(r'src="jr://file-csv/([^"]+)"')

_EXPRESSIONS = (
    "relevant",
    "constraint",
    "calculation",
    "choice_filter",
    "repeat_count",
    "required",
)
_YES_NO = frozenset(["yes", "no", "true", "false"])

# pyxform passes over a column it does not know; a typing error would silently drop a rule.
_COLUMNS: Mapping[str, re.Pattern[str]] = {
    "survey": re.compile(
        r"(?:type|name|appearance|required|relevant|constraint|calculation|choice_filter|default"
        r"|parameters|read_only|repeat_count|trigger|save_to|bind::[\w:]+"
        r"|(?:label|hint|guidance_hint|constraint_message|required_message)(?:::.+)?)"
    ),
    "choices": re.compile(r"(?:list_name|name|label(?:::.+)?|[a-z_]+)"),
    "settings": re.compile(r"[a-z_]+"),
}


class JavaMissing(FormsError):  # noqa: N818 - the name is a promise to the other rooms
    """ODK Validate needs Java, and none was found."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A questionnaire ready to publish: the XForm, its lists by file name, remarks on the way."""

    form_id: str
    version: str
    title: str
    xform: bytes
    media: Mapping[str, bytes]
    warnings: tuple[str, ...]


def definitions() -> list[str]:
    """Names of the questionnaires that ship with the project."""
    return sorted(folder.parent.name for folder in _HOME.glob("*/settings.md"))


def definition(name: str) -> Path:
    """Folder of a questionnaire that ships with the project: `definition("se2026_l")`."""
    if name not in definitions():
        raise DefinitionError(
            f"There is no questionnaire “{name}”. Choose one of: {', '.join(definitions())}."
        )
    return _HOME / name


def compile_definition(folder: Path, *, lists: Mapping[str, bytes] = _NO_LISTS) -> Compiled:
    """Compile a definition's folder; `lists` are CSV files by file name, e.g. `wilayah.csv`.

    A list that the form asks for and nobody supplies becomes a warning: the form compiles.
    Raises DefinitionError.
    """
    sheets = {sheet: _sheet(folder, sheet) for sheet in _SHEETS}
    settings = sheets["settings"][0].cells
    remarks: list[str] = []
    try:
        text = convert(_workbook(sheets), warnings=remarks, form_name="data").xform
    except PyXFormError as error:
        place, what = _placed(str(error), sheets)
        todo = "Correct the source and compile again."
        raise place.error(what, todo) if place else DefinitionError(f"{what} {todo}") from error
    media, missing = _media(_EXTERNAL.findall(text), folder, lists)
    return Compiled(
        form_id=settings["form_id"],
        version=settings["version"],
        title=settings["form_title"],
        xform=text.encode("utf-8"),
        media=media,
        warnings=(*(_remark(remark, sheets) for remark in remarks), *missing),
    )


def odk_validate(xform: bytes, media: Mapping[str, bytes]) -> list[str]:
    """Run ODK Validate (JavaRosa) on a form: its complaints, none when the form is valid.

    Raises JavaMissing where there is no Java.
    """
    java = shutil.which("java")
    if java is None:
        raise JavaMissing("ODK Validate needs Java. Install a Java runtime (17 or newer).")
    jar = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
    with tempfile.TemporaryDirectory() as folder:
        form = Path(folder) / "form.xml"
        form.write_bytes(xform)
        for name, body in media.items():
            (Path(folder) / Path(name).name).write_bytes(body)
        run = subprocess.run(  # noqa: S603 - our own jar on our own file, no shell
            [java, "-Djava.awt.headless=true", "-jar", str(jar), str(form)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    if run.returncode == 0:
        return []
    complaints = [line for line in run.stderr.splitlines() if not _CHATTER.match(line)]
    return list(dict.fromkeys(complaints)) or [run.stdout.strip()]


def _sheet(folder: Path, sheet: str) -> list[Row]:
    rows = read_sheet(folder, sheet)
    if not rows:
        raise DefinitionError(
            f"{folder.name}: there is no table in {sheet}.md. Every definition needs settings, "
            "choices and survey."
        )
    for row in rows:
        _known_columns(row, _COLUMNS[sheet])
        _readable_expressions(row)
    if sheet == "settings":
        _has_settings(rows[0])
    return rows


def _known_columns(row: Row, known: re.Pattern[str]) -> None:
    for column, place in row.places.items():
        if not known.fullmatch(column):
            raise place.error(
                f"a column “{column}” does not exist.", "Check its spelling against the XLSForm."
            )


def _has_settings(row: Row) -> None:
    for column in ("form_id", "version", "form_title", "default_language"):
        if column not in row.cells:
            raise row.place.error(f"the setting “{column}” is missing.", "Add this column.")


def _workbook(sheets: Mapping[str, Sequence[Row]]) -> dict[str, object]:
    book: dict[str, object] = {"sheet_names": list(sheets)}
    for sheet, rows in sheets.items():
        book[sheet], book[f"{sheet}_header"] = as_sheet(rows)
    return book


def _readable_expressions(row: Row) -> None:
    """Parse every rule: pyxform passes on what is not XPath, and only phones would notice."""
    for column, value in row.cells.items():
        if value in _YES_NO or not (column in _EXPRESSIONS or column.endswith(":warning")):
            continue
        try:
            parse(_REFERENCE.sub("/data", value))
        except (XPathError, UnsupportedForm) as error:
            raise row.places[column].error(f"{error}.", "Correct the expression.") from error


def _placed(message: str, sheets: Mapping[str, Sequence[Row]]) -> tuple[Place | None, str]:
    """Turn pyxform's message about a sheet's row into our file and line, and what is wrong."""
    what = _ABOUT_CELL.sub("", _ROW.sub("", message)).strip().rstrip(".") + "."
    return _by_row(message, sheets) or _by_quoted(message, sheets), what


def _remark(message: str, sheets: Mapping[str, Sequence[Row]]) -> str:
    place, what = _placed(message, sheets)
    return f"{place}: {what}" if place else what


def _by_row(message: str, sheets: Mapping[str, Sequence[Row]]) -> Place | None:
    found = _ROW.search(message)
    if found is None:
        return None
    named = _QUOTED_SHEET.search(message)
    rows = sheets[named[1] if named else "survey"]
    index = int(found[1]) - 2  # pyxform counts the header as row 1
    if not 0 <= index < len(rows):
        return None
    column = _QUOTED_COLUMN.search(message)
    row = rows[index]
    return row.places.get(column[1], row.place) if column else row.place


def _by_quoted(message: str, sheets: Mapping[str, Sequence[Row]]) -> Place | None:
    """Place of the first cell whose whole text the message quotes."""
    quoted = {first or last for first, last in _QUOTED.findall(message)}
    cells = (
        (row.places[column], value)
        for sheet in ("survey", "choices")
        for row in sheets[sheet]
        for column, value in row.cells.items()
    )
    return next((place for place, value in cells if value in quoted), None)


def _media(
    names: Iterable[str], folder: Path, lists: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    """Bodies of the lists that a form asks for, and a remark for each that nobody supplied."""
    media: dict[str, bytes] = {}
    missing: list[str] = []
    for name in dict.fromkeys(names):
        body = lists[name] if name in lists else _shipped(folder, name)
        if body is None:
            missing.append(f"{name} was not supplied: pass it when the form is published.")
        else:
            _check_list(name, body)
            media[name] = body
    missing += [f"{name} is not used by this form." for name in lists if name not in media]
    return media, missing


def _shipped(folder: Path, name: str) -> bytes | None:
    for home in (folder, _LISTS):
        if (home / name).is_file():
            return (home / name).read_bytes()
    return None


def _check_list(name: str, body: bytes) -> None:
    try:
        rows = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))
        columns = rows.fieldnames or ()
    except UnicodeDecodeError as error:
        raise DefinitionError(f"{name}: not UTF-8 text. Save the list as UTF-8.") from error
    if not {"name", "label"} <= set(columns):
        raise DefinitionError(f"{name}, line 1: columns “name” and “label” are needed. Add them.")
    seen: set[str] = set()
    for line, code in _codes(rows):
        if not code or code in seen:
            raise DefinitionError(f"{name}, line {line}: the name is empty or stands twice.")
        seen.add(code)


def _codes(rows: "csv.DictReader[str]") -> Iterator[tuple[int, str]]:
    return ((rows.line_num, row["name"] or "") for row in rows)
