"""XLSForm tables → XForm: the only module that knows pyxform.

    DefinitionError   the source cannot be compiled (in forms.places)
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

from forms.columns import canonical, is_known, nearest
from forms.errors import FormsError, UnsupportedForm, XPathError
from forms.places import DefinitionError, Place
from forms.pyxform_words import in_our_words
from forms.safexml import parse_xml
from forms.source import HOME, Source, read_folder
from forms.tables import Row, as_sheet
from forms.warning_texts import rename_carriers, require_prefixes, with_carriers
from forms.xpath.parse import parse

__all__ = [
    "Compiled",
    "DefinitionError",
    "JavaMissing",
    "compile_definition",
    "compile_source",
    "definition",
    "definitions",
    "odk_validate",
]

_LISTS = HOME / "lists"
_NO_LISTS: Mapping[str, bytes] = MappingProxyType({})

_ROW = re.compile(r"\[row : (\d+)\]\s*")
_QUOTED_SHEET = re.compile(r"On the '(survey|choices|settings|entities)' sheet")
_QUOTED_COLUMN = re.compile(r"the '([^']+)' (?:value|column)")
_ABOUT_CELL = re.compile(r"On the '\w+' sheet, the '[^']+' value is invalid\.\s*")
_QUOTED = re.compile(r"'([^']+)'|: (\w+)$|\[([^\]]+)\]")
_REFERENCE = re.compile(r"\$\{([^}]+)\}")
_CHATTER = re.compile(
    r"\s*(?:at |\.\.\. \d|>>|Result:|The following files failed|Caused by:|.*form\.xml$|$)"
)
_EXTERNAL = re.compile(r"jr://(?:file-csv|file|images|audio|video)/([^\"<]+)")

_EXPRESSIONS = frozenset(
    [
        "relevant",
        "constraint",
        "calculation",
        "choice_filter",
        "repeat_count",
        "required",
        "bind::se:warning",
        "entity_id",
        "create_if",
        "update_if",
    ]
)
_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d\xa0", "''\"\" ")  # as pyxform reads them
_YES_NO = frozenset(["yes", "no", "true", "false"])


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
    return sorted(folder.parent.name for folder in HOME.glob("*/settings.md"))


def definition(name: str) -> Path:
    """Folder of a questionnaire that ships with the project: `definition("se2026_l")`."""
    if name not in definitions():
        raise DefinitionError(
            f"There is no questionnaire “{name}”. Choose one of: {', '.join(definitions())}."
        )
    return HOME / name


def compile_definition(folder: Path, *, lists: Mapping[str, bytes] = _NO_LISTS) -> Compiled:
    """Compile a definition's folder; `lists` are CSV files by file name, e.g. `wilayah.csv`.

    A list that the form asks for and nobody supplies becomes a warning: the form compiles.
    Raises DefinitionError.
    """
    return compile_source(read_folder(folder), lists=lists)


def compile_source(
    source: Source, *, lists: Mapping[str, bytes] = _NO_LISTS, beyond: bool = False
) -> Compiled:
    """Compile a questionnaire from its sheets, from wherever they were read.

    `beyond` lets expressions pass that are XPath, but more of it than our engine judges.
    Raises DefinitionError, with the place of the fault where it has one.
    """
    from pyxform.errors import PyXFormError  # late: it takes as long to load as a worker
    from pyxform.xls2xform import convert

    _checked(source, beyond=beyond)
    require_prefixes(source)
    remarks: list[str] = []
    sheets = with_carriers(source)
    try:
        book = _workbook(sheets)
        book["fallback_form_name"] = source.name
        done = convert(book, warnings=remarks, form_name="data")
    except PyXFormError as error:
        raise _refusal(str(error), source) from error
    except Exception as error:  # whatever a form of strangers makes pyxform stumble over
        raise _refusal(f"pyxform cannot read this form ({type(error).__name__})", source) from error
    xform = rename_carriers(done.xform.encode("utf-8"), source)
    media, missing = _media(_EXTERNAL.findall(done.xform), source, lists)
    if done.itemsets is not None:
        media["itemsets.csv"] = done.itemsets.encode("utf-8")
    form_id, version, title = _identity(xform)
    return Compiled(
        form_id=form_id,
        version=version,
        title=title,
        xform=xform,
        media=media,
        warnings=(*(_remark(remark, source.sheets) for remark in remarks), *missing),
    )


def _identity(xform: bytes) -> tuple[str, str, str]:
    """Id, version and title as the XForm tells them."""
    root = parse_xml(xform)
    instance = root.find("{*}head/{*}model/{*}instance/*")
    assert instance is not None
    title = root.findtext("{*}head/{*}title") or ""
    return instance.get("id", ""), instance.get("version", ""), title


def odk_validate(xform: bytes, media: Mapping[str, bytes]) -> list[str]:
    """Run ODK Validate (JavaRosa) on a form: its complaints, none when the form is valid.

    Raises JavaMissing where there is no Java.
    """
    java = shutil.which("java")
    if java is None:
        raise JavaMissing("ODK Validate needs Java. Install a Java runtime (17 or newer).")
    import pyxform

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


def _checked(source: Source, *, beyond: bool) -> None:
    """Refuse what pyxform would pass over in silence. Raises DefinitionError."""
    for sheet in ("settings", "survey") if source.strict else ("survey",):
        if not source.rows(sheet):
            table = f"{sheet}.md" if source.strict else f"“{sheet}”"
            raise DefinitionError(
                f"{source.name}: there is no table in {table}. Add one with its header.",
                indonesian=f"{source.name}: tidak ada tabel pada {table}. "
                "Tambahkan tabel dengan kepalanya.",
            )
    for sheet, rows in source.sheets.items():
        for row in rows:
            if source.strict:
                _known_columns(sheet, row)
            _readable_expressions(sheet, row, beyond=beyond)
    if source.strict:
        _has_settings(source.rows("settings")[0])


def _known_columns(sheet: str, row: Row) -> None:
    for column, place in row.places.items():
        if not is_known(sheet, column):
            meant = nearest(sheet, column)
            todo = f"write {meant}" if meant else "check its spelling against the XLSForm"
            raise place.error(
                f"a column “{column}” does not exist.",
                f"Please either {todo}, or remove it.",
                indonesian=f"kolom “{column}” tidak dikenal. "
                f"{f'Tulis {meant}' if meant else 'Periksa ejaannya'}, atau hapus.",
            )


def _has_settings(row: Row) -> None:
    for column in ("form_id", "version", "form_title", "default_language"):
        if column not in row.cells:
            raise row.place.error(
                f"the setting “{column}” is missing.",
                "Add this column.",
                indonesian=f"pengaturan “{column}” tidak ada. Tambahkan kolom ini.",
            )


def _workbook(sheets: Mapping[str, Sequence[Row]]) -> dict[str, object]:
    book: dict[str, object] = {"sheet_names": list(sheets)}
    for sheet, rows in sheets.items():
        book[sheet], book[f"{sheet}_header"] = as_sheet(rows)
    return book


def _readable_expressions(sheet: str, row: Row, *, beyond: bool) -> None:
    """Parse every rule: pyxform passes on what is not XPath, and only phones would notice."""
    if sheet not in ("survey", "entities"):
        return
    for column, value in row.cells.items():
        if value.lower() in _YES_NO or canonical(column) not in _EXPRESSIONS:
            continue
        written = _REFERENCE.sub(_as_path, value).translate(_STRAIGHT)
        try:
            parse(written)
        except (XPathError, UnsupportedForm) as error:
            if beyond and isinstance(error, UnsupportedForm):
                continue
            said = str(error).replace(written[:200], value[:200])
            raise row.places[column].error(
                f"{said}.", "Correct the expression.", indonesian=_unread(error)
            ) from error


def _as_path(reference: re.Match[str]) -> str:
    """Give a path of the same length, so that places in the expression stay true."""
    return "/" + "x" * (len(reference[0]) - 1)


def _unread(error: XPathError | UnsupportedForm) -> str:
    if isinstance(error, XPathError):
        return (
            f"aturan ini tidak dapat dibaca mulai huruf ke-{error.offset + 1}. Perbaiki aturannya."
        )
    return f"aturan ini memakai XPath yang tidak didukung ({error}). Susun dengan cara lain."


def _placed(message: str, sheets: Mapping[str, Sequence[Row]]) -> tuple[Place | None, str]:
    """Turn pyxform's message about a sheet's row into our file and line, and what is wrong."""
    what = _ABOUT_CELL.sub("", _ROW.sub("", message)).strip().rstrip(".") + "."
    return _by_row(message, sheets) or _by_quoted(message, sheets), what


def _refusal(message: str, source: Source) -> DefinitionError:
    place, what = _placed(message, source.sheets)
    told = in_our_words(message)
    if told:
        return DefinitionError(told["en"], place=place, indonesian=told["id"])
    text = what if "Please" in what else f"{what} Correct the source and compile again."
    return DefinitionError(text, place=place)


def _remark(message: str, sheets: Mapping[str, Sequence[Row]]) -> str:
    place, what = _placed(message, sheets)
    return f"{place}: {what}" if place else what


def _by_row(message: str, sheets: Mapping[str, Sequence[Row]]) -> Place | None:
    found = _ROW.search(message)
    if found is None:
        return None
    named = _QUOTED_SHEET.search(message)
    rows = sheets.get(named[1] if named else "survey", ())
    index = int(found[1]) - 2  # pyxform counts the header as row 1
    if not 0 <= index < len(rows):
        return None
    column = _QUOTED_COLUMN.search(message)
    row = rows[index]
    return row.places.get(column[1], row.place) if column else row.place


def _by_quoted(message: str, sheets: Mapping[str, Sequence[Row]]) -> Place | None:
    """Place of the first cell whose whole text the message quotes."""
    quoted = {"".join(each) for each in _QUOTED.findall(message)}
    cells = (
        (row.places[column], value)
        for sheet in ("survey", "choices")
        for row in sheets.get(sheet, ())
        for column, value in row.cells.items()
        if canonical(column) != "list_name"
    )
    return next((place for place, value in cells if value in quoted), None)


def _media(
    names: Iterable[str], source: Source, lists: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    """Bodies of the lists that a form asks for, and a remark for each that nobody supplied."""
    media: dict[str, bytes] = {}
    missing: list[str] = []
    for name in dict.fromkeys(names):
        body = lists[name] if name in lists else _shipped(source, name)
        if body is None:
            missing.append(f"{name} was not supplied: pass it when the form is published.")
        else:
            if source.strict and name.endswith(".csv"):
                _check_list(name, body)
            media[name] = body
    missing += [f"{name} is not used by this form." for name in lists if name not in media]
    return media, missing


def _shipped(source: Source, name: str) -> bytes | None:
    if name in source.files:
        return source.files[name]
    shipped = _LISTS / Path(name).name
    return shipped.read_bytes() if shipped.is_file() else None


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
