"""The codebook of a questionnaire as a page, and as one file that stands alone."""

import re
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from app.auth.actor import CurrentActor
from app.core.db import View
from app.core.office import office_of
from app.export.codebooks import published_codebook
from app.web.assets import FOLDER
from app.web.language import msg
from app.web.pages import environment, page
from forms.codebook.book import Codebook

router = APIRouter(prefix="/kuesioner")

_CODE = re.compile(r"`([^`]+)`")
TYPES = {
    "string": msg("teks"),
    "int": msg("bilangan bulat"),
    "long": msg("bilangan bulat"),
    "decimal": msg("bilangan desimal"),
    "date": msg("tanggal"),
    "time": msg("jam"),
    "dateTime": msg("tanggal dan jam"),
    "select1": msg("satu pilihan"),
    "select": msg("beberapa pilihan"),
    "rank": msg("urutan pilihan"),
    "boolean": msg("benar/salah"),
    "binary": msg("berkas"),
    "barcode": msg("kode batang"),
    "geopoint": msg("titik koordinat"),
    "geotrace": msg("garis koordinat"),
    "geoshape": msg("bidang koordinat"),
}
SCALES = {
    "nominal": msg("skala nominal"),
    "ordinal": msg("skala ordinal"),
    "interval": msg("skala interval"),
    "ratio": msg("skala rasio"),
}


@router.get("/{form_id}/{version}/kodebuku")
def show_codebook(
    request: Request, session: View, actor: CurrentActor, form_id: str, version: str
) -> Response:
    """Show the codebook of a version to whoever is logged in: it tells nothing of anybody."""
    book = published_codebook(session, form_id, version, office_of(request).clock())
    return page(request, "codebook.html", actor, **_content(book))


def as_html(book: Codebook, language: str) -> str:
    """Give the codebook as one HTML file with its style and script inside."""
    template = environment(language).get_template("codebook_file.html")
    return template.render(
        **_content(book),
        style=Markup((FOLDER / "site.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
        script=Markup((FOLDER / "codebook.js").read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )


def _content(book: Codebook) -> dict[str, Any]:
    return {"book": book, "coded": coded, "types": TYPES, "scales": SCALES}


def coded(text: str) -> Markup:
    """Give a sentence as HTML: what stands between backquotes as code, all of it escaped."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before
