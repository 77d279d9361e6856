"""An uploaded file → a compiled questionnaire and everything that a person must know about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forms import lint
from forms.compile import Compiled, compile_source
from forms.errors import FormsError
from forms.places import DefinitionError, Place
from forms.source import Source
from forms.workbook import read_workbook
from forms.xform import read_xform

LANGUAGES = ("id", "en")
_LONGEST_EXCERPT = 300

Remark = dict[str, Any]


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


def read_upload(file_name: str, body: bytes, lists: Mapping[str, bytes]) -> Uploaded:
    """Read, compile and lint a file with the lists at hand; whatever is wrong becomes remarks."""
    try:
        source = read_workbook(body, file_name)
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
            remarks=[_fault(error, source), *_doubts(source, None)],
        )
    return Uploaded(
        form_id=compiled.form_id,
        version=compiled.version,
        title=compiled.title,
        xform=compiled.xform,
        media=compiled.media,
        remarks=[*_doubts(source, compiled), *_chatter(compiled, lists)],
    )


def _fault(error: FormsError, source: Source | None) -> Remark:
    """Tell why a file does not compile."""
    if isinstance(error, DefinitionError):
        return _remark("", "error", error.place, error.texts, source)
    told = dict.fromkeys(LANGUAGES, str(error))
    return _remark("", "error", None, told, source)


def _doubts(source: Source, compiled: Compiled | None) -> list[Remark]:
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
        for each in lint.lint(source, compiled)
    ]


def _chatter(compiled: Compiled, lists: Mapping[str, bytes]) -> list[Remark]:
    """Give what the compiler said on its way."""
    unused = tuple(f"{name} " for name in lists)  # what the office has and this form needs not
    said = [each for each in compiled.warnings if not each.startswith(unused)]
    return [_remark("", "warning", None, dict.fromkeys(LANGUAGES, each), None) for each in said]


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
