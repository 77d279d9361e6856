"""Rendering pages: one template environment per language."""

from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.auth.actor import Actor
from app.auth.models import FIELD_STAFF, Role
from app.core.problems import language_of
from app.dedup.label_rules import LABELLERS
from app.export.routes import ANALYSTS
from app.questionnaires.routes import READERS as QUESTIONNAIRE_READERS
from app.review.service import READERS
from app.web import language as wording
from app.web import words
from app.web.addresses import HOME, with_query
from app.web.assets import address

TEMPLATES = Path(__file__).parent / "templates"
DASHBOARD_READERS = frozenset(Role) - {Role.RESPONDENT}
CANDIDATE_READERS = FIELD_STAFF


def page(
    request: Request,
    name: str,
    actor: Actor | None = None,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **content: Any,  # noqa: ANN401 - what a template asks for
) -> Response:
    """Give a page in the reader's language, with the navigation that the role may use."""
    language = language_of(request)
    template = environment(language).get_template(name)
    body = template.render(
        **content,
        actor=actor,
        here=here(request),
        navigation=_navigation(actor),
        path=request.url.path,
    )
    return HTMLResponse(body, status_code=status, headers=headers)


@lru_cache
def environment(language: str) -> jinja2.Environment:
    """Give the templates of a language; everything that is filled in is escaped."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    translations = wording.translations(language)
    made.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    made.filters |= {
        "number": partial(wording.number, language),
        "percent": partial(wording.percent, language),
        "moment": partial(wording.moment, language),
        "told": translations.gettext,
    }
    made.globals |= {
        "asset": address,
        "language": language,
        "languages": wording.LANGUAGES,
        "with_query": with_query,
        "words": words,
    }
    return made


def here(request: Request) -> str:
    """Give the address of the page that was asked for, to come back to it."""
    if request.method != "GET":
        return HOME
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _navigation(actor: Actor | None) -> list[tuple[str, str]]:
    if actor is None:
        return []
    entries = [
        (HOME, wording.msg("Cakupan"), DASHBOARD_READERS),
        ("/dokumen", wording.msg("Dokumen"), READERS),
        ("/kandidat", wording.msg("Kandidat ganda"), CANDIDATE_READERS),
        ("/pelabelan", wording.msg("Pelabelan"), LABELLERS),
        ("/penugasan", wording.msg("Penugasan"), FIELD_STAFF),
        ("/entitas", wording.msg("Daftar di telepon"), FIELD_STAFF),
        ("/pengumuman", wording.msg("Pengumuman"), FIELD_STAFF),
        ("/kode-qr", wording.msg("Kode QR"), FIELD_STAFF),
        ("/kuesioner", wording.msg("Kuesioner"), QUESTIONNAIRE_READERS),
        ("/rilis", wording.msg("Rilis"), ANALYSTS),
    ]
    return [(path, label) for path, label, roles in entries if actor.role in roles]
