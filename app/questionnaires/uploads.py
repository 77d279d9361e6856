"""An uploaded file → a compiled questionnaire and everything that a person must know about it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from app.questionnaires.refusals import refusal
from forms import lint
from forms.compile import Compiled, compile_source
from forms.errors import FormsError
from forms.lists import ListTable
from forms.places import DefinitionError, Place
from forms.pyxform_words import in_our_words
from forms.schema import Questionnaire
from forms.source import Source
from forms.workbook import read_workbook
from forms.xform import read_xform

LANGUAGES = ("id", "en")
LIST_KINDS = (".csv", ".geojson", ".xml")
MOST_QUESTIONS = 5_000  # rows of the survey: compiling takes a request's time
MOST_CHOICES = 30_000
_LONGEST_EXCERPT = 300
_MISSING = re.compile(r"(\S+) was not supplied")
_UNUSED = " is not used by this form."

Remark = dict[str, Any]
Before = Callable[[Compiled], Questionnaire | None]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What an upload holds; `xform` is absent where it does not compile.

    Remarks are JSON objects: code, severity (error, warning, advice), place, message and advice
    as {id, en}, and excerpt, the text of the cell in question.
    """

    form_id: str = ""
    version: str = ""
    title: str = ""
    xform: bytes | None = None
    media: Mapping[str, bytes] = field(default_factory=dict)
    remarks: Sequence[Remark] = ()


def read_upload(
    file_name: str, body: bytes, lists: Mapping[str, bytes], before: Before
) -> Uploaded:
    """Read, compile and lint a file with the lists at hand; whatever is wrong becomes remarks.

    `before` gives the version that phones have now, None where there is nothing to hold it against.
    """
    try:
        source = read_workbook(body, file_name)
        _bounded(source)
    except DefinitionError as error:
        return Uploaded(remarks=[_fault(error, None)])
    try:
        compiled = compile_source(source, lists=lists)
        read_xform(compiled.xform)
    except FormsError as error:
        told = source.settings
        return Uploaded(
            form_id=told.get("form_id", ""),
            version=told.get("version", ""),
            title=told.get("form_title", ""),
            remarks=_told_once(_fault(error, source), source),
        )
    doubts = _doubts(source, compiled, before(compiled))
    return Uploaded(
        form_id=compiled.form_id,
        version=compiled.version,
        title=compiled.title,
        xform=compiled.xform,
        media=compiled.media,
        remarks=[*_unreadable(compiled), *doubts, *_chatter(compiled, source)],
    )


def _bounded(source: Source) -> None:
    """Refuse what no census asks. Raises DefinitionError."""
    for sheet, most in (("survey", MOST_QUESTIONS), ("choices", MOST_CHOICES)):
        if len(source.rows(sheet)) > most:
            raise DefinitionError(
                f"the sheet {sheet} has more than {most} rows. Please either split the "
                "questionnaire, or put long lists of choices into a CSV file.",
                indonesian=f"lembar {sheet} lebih dari {most} baris. Silakan pecah kuesionernya, "
                "atau pindahkan daftar pilihan yang panjang ke berkas CSV.",
            )


def _fault(error: FormsError, source: Source | None) -> Remark:
    """Tell why a file does not compile."""
    if isinstance(error, DefinitionError):
        return _remark("", "error", error.place, error.texts, source)
    assert source is not None  # only what was read can be refused by the engine
    place, texts = refusal(error, source)
    return _remark("", "error", place, texts, source)


def _told_once(fault: Remark, source: Source) -> list[Remark]:
    """Give a fault and the linter's doubts, one remark where both say the same.

    Where the file lacks a whole sheet or column, doubts about the rest would only mislead.
    """
    if not fault["place"]["en"]:
        return [fault]
    doubts = _doubts(source, None, None)
    same = any(each["severity"] == "error" and each["place"] == fault["place"] for each in doubts)
    return doubts if same else [fault, *doubts]


def _doubts(
    source: Source, compiled: Compiled | None, before: Questionnaire | None
) -> list[Remark]:
    """Give what the linter says, with the text of each cell."""
    return [
        {
            "code": each.code,
            "severity": each.severity,
            "place": {
                language: each.place.told(language) if each.place else each.path
                for language in LANGUAGES
            },
            "message": dict(each.message),
            "advice": dict(each.advice),
            "excerpt": _excerpt(each.place, source),
        }
        for each in lint.lint(source, compiled, before=before)
    ]


def _unreadable(compiled: Compiled) -> Iterator[Remark]:
    """Find lists that phones could not read."""
    for name, body in compiled.media.items():
        if PurePath(name).suffix.lower() not in LIST_KINDS:
            continue
        try:
            ListTable.from_file(name, body)
        except FormsError as error:
            yield _plain(
                "error",
                f"daftar {name} tidak dapat dibaca ({error}). Silakan simpan lagi sebagai CSV "
                "UTF-8 dengan jumlah kolom yang sama di setiap baris, atau unggah daftar lain.",
                f"the list {name} cannot be read ({error}). Please either save it again as CSV "
                "UTF-8 with as many cells in every line, or upload another list.",
            )


def _chatter(compiled: Compiled, source: Source) -> Iterator[Remark]:
    """Give what the compiler said on its way, except of lists that the office has anyway."""
    entities = {f"{row.cells.get('list_name')}.csv" for row in source.rows("entities")}
    for each in compiled.warnings:
        missing = _MISSING.match(each)
        if each.endswith(_UNUSED) or (missing and missing[1] in entities):
            continue
        told = in_our_words(each)
        if missing:
            yield _plain(
                "warning",
                f"daftar {missing[1]} belum ada. Silakan unggah lagi kuesionernya bersama daftar "
                "itu, atau perbaiki namanya pada kolom type.",
                f"the list {missing[1]} is missing. Please either upload the questionnaire "
                "together with it, or correct its name in the column type.",
            )
        elif told:
            yield _plain("warning", told["id"], told["en"])
        else:
            yield _plain("advice", f"Catatan penyusun formulir (bahasa Inggris): {each}", each)


def _plain(severity: str, indonesian: str, english: str) -> Remark:
    return _remark("", severity, None, {"id": indonesian, "en": english}, None)


def _remark(
    code: str,
    severity: str,
    place: Place | None,
    message: Mapping[str, str],
    source: Source | None,
) -> Remark:
    return {
        "code": code,
        "severity": severity,
        "place": {each: place.told(each) if place else "" for each in LANGUAGES},
        "message": dict(message),
        "advice": dict.fromkeys(LANGUAGES, ""),
        "excerpt": _excerpt(place, source),
    }


def _excerpt(place: Place | None, source: Source | None) -> str:
    """Give the text of the cell that a remark is about."""
    if place is None or source is None or not place.column:
        return ""
    cells = (
        row.cells.get(place.column, "")
        for rows in source.sheets.values()
        for row in rows
        if row.places.get(place.column) == place
    )
    return next(cells, "")[:_LONGEST_EXCERPT]
