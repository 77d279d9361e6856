"""`se2026 forms codebook`: a questionnaire's codebook for machines and for people."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.core.terminal import OUT, telling_problems
from app.export.codebook import codebook_of, held_lists
from app.questionnaires.shelf import tables_of
from app.web.codebook import as_html
from forms.codebook.book import Codebook
from forms.codebook.ddi import as_ddi
from forms.codebook.document import as_document
from forms.compile import compile_definition, compile_source, definition
from forms.errors import FormsError
from forms.lists import StaticLists
from forms.schema import Questionnaire
from forms.workbook import read_workbook
from forms.xform import read_xform


class Format(StrEnum):
    """What to write."""

    JSON = "json"
    DDI = "ddi"
    HTML = "html"


class Language(StrEnum):
    """Of the page; JSON and DDI carry both."""

    INDONESIAN = "id"
    ENGLISH = "en"


def codebook(
    source: Annotated[
        str,
        typer.Argument(help="A questionnaire of the project, a folder, or an .xml, .xlsx, .md."),
    ],
    *,
    kind: Annotated[Format, typer.Option("--format", help="json, ddi or html.")] = Format.JSON,
    out: Annotated[Path | None, typer.Option(help="File; standard output without it.")] = None,
    language: Annotated[Language, typer.Option(help="Of the page.")] = Language.INDONESIAN,
) -> None:
    """Write the codebook: variables, codes, who is asked, and the rules in words.

    Example: se2026 forms codebook se2026_l --format ddi --out se2026_l.xml
    """
    with telling_problems("en", FormsError):
        form, lists = _read(source)
        body = _written(codebook_of(form, held_lists(form, lists)), kind, language)
        if out is not None:
            out.write_bytes(body)
    if out is None:
        sys.stdout.buffer.write(body)
    else:
        OUT.print(f"{form.form_id} {form.version}: {out} written.")


def _written(book: Codebook, kind: Format, language: Language) -> bytes:
    match kind:
        case Format.JSON:
            return f"{json.dumps(as_document(book), ensure_ascii=False, indent=1)}\n".encode()
        case Format.DDI:
            return as_ddi(book)
        case Format.HTML:
            return as_html(book, language).encode()


def _read(source: str) -> tuple[Questionnaire, StaticLists]:
    path = Path(source)
    if path.suffix == ".xml" and path.is_file():
        return read_xform(path.read_bytes()), StaticLists()
    if path.is_file():
        beside = {each.name: each.read_bytes() for each in path.parent.glob("*.csv")}
        compiled = compile_source(read_workbook(path.read_bytes(), path.name), lists=beside)
    else:
        compiled = compile_definition(path if path.is_dir() else definition(source))
    return read_xform(compiled.xform), tables_of(compiled.media)
