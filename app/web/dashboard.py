"""Coverage pages: the front page, one page per area, and their charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.areas.repository import of_level
from app.areas.service import area_map
from app.auth.actor import Actor, require
from app.auth.models import Role
from app.core.db import View
from app.core.office import office_of
from app.core.problems import language_of
from app.coverage.rules import Level, level_below
from app.coverage.schemas import Coverage, CoverageRow
from app.coverage.service import coverage_of, home_of
from app.web import words
from app.web.backup_note import backup_note
from app.web.pages import DASHBOARD_READERS, page

router = APIRouter()

Reader = Annotated[Actor, Depends(require(*DASHBOARD_READERS))]
AreaCode = Annotated[str, Path(pattern=r"^[0-9]{4,16}$")]
Measure = Literal["visited", "approved"]
Order = Literal["nama", "target", "kunjungan", "disetujui", "selesai"]
_KEYS = {
    "nama": lambda row: row.area_code,
    "target": lambda row: row.target or 0,
    "kunjungan": lambda row: row.share_visited or 0,
    "disetujui": lambda row: row.share_approved or 0,
    "selesai": lambda row: row.leaves_done,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """How the reader wants a coverage page: level, order, and what the map shows."""

    level: Level | None = None
    urut: Order = "nama"
    arah: Literal["naik", "turun"] = "naik"
    ukuran: Measure = "visited"


def _asked(
    tingkat: Level | None = None,
    urut: Order = "nama",
    arah: Literal["naik", "turun"] = "naik",
    ukuran: Measure = "visited",
) -> Asked:
    return Asked(tingkat, urut, arah, ukuran)


AskedFor = Annotated[Asked, Depends(_asked)]


@router.get("/")
def front_page(request: Request, session: View, actor: Reader, asked: AskedFor) -> Response:
    """Show the coverage of the area that the reader works in."""
    home = home_of(actor.scope, office_of(request).settings.regency)
    return _area_page(request, session, actor, home, asked)


@router.get("/wilayah/{code}")
def area_page(
    request: Request, session: View, actor: Reader, asked: AskedFor, code: AreaCode
) -> Response:
    """Show the coverage of an area and of those below it."""
    return _area_page(request, session, actor, code, asked)


@router.get("/grafik/{name}.{kind}")
def chart(  # noqa: PLR0917 - path, query and dependencies
    request: Request,
    session: View,
    actor: Reader,
    name: Literal["peta", "kehadiran"],
    kind: Literal["json", "svg"],
    wilayah: Annotated[str, Query(pattern=r"^[0-9]{4,10}$")],
    ukuran: Measure = "visited",
) -> Response:
    """Give a chart as Vega-Lite for scripts, or drawn, for readers without."""
    from app.web import charts  # late: drawing takes long to load, and a phone waits for no chart

    language = language_of(request)
    spec = _spec(session, actor, name, wilayah, ukuran, language)
    private = {"Cache-Control": "no-store"}
    if kind == "json":
        return JSONResponse(spec, headers=private)
    return Response(charts.drawn(spec, language), media_type="image/svg+xml", headers=private)


def _area_page(
    request: Request, session: Session, actor: Actor, code: str, asked: Asked
) -> Response:
    level = asked.level or _level_shown(code, actor.role)
    found = coverage_of(session, actor.scope, actor.role, under=code, level=level)
    levels = [each for each in Level if each.is_below(code) and _may_see(actor.role, each)]
    return page(
        request,
        "area.html",
        actor,
        code=code,
        level=level,
        levels=levels,
        asked=asked,
        coverage=found,
        rows=_ordered(found.rows, asked),
        colours=words.CLASS_COLOURS,
        charts=len(code) < Level.KELURAHAN.digits,
        backup=backup_note(session, actor, office_of(request)),
        withheld=actor.role is Role.GOVERNMENT,
        deepest=Level.KELURAHAN.digits if actor.role is Role.GOVERNMENT else Level.SUB_SLS.digits,
    )


def _level_shown(code: str, role: Role) -> Level:
    """Give the level that a page opens with: kelurahan for a city, else the next one below."""
    if len(code) <= Level.KECAMATAN.digits:
        return Level.KELURAHAN
    below = level_below(code)
    if below is None or not _may_see(role, below):
        return next((level for level in Level if level.digits == len(code)), Level.KELURAHAN)
    return below


def _may_see(role: Role, level: Level) -> bool:
    return role is not Role.GOVERNMENT or level.digits <= Level.KELURAHAN.digits


def _ordered(rows: Sequence[CoverageRow], asked: Asked) -> list[CoverageRow]:
    """Sort the lines; records without an area stay last."""
    known = sorted((row for row in rows if not row.without_area), key=_KEYS["nama"])
    known.sort(key=_KEYS[asked.urut], reverse=asked.arah == "turun")
    return [*known, *(row for row in rows if row.without_area)]


def _spec(  # noqa: PLR0917 - each is told by the address
    session: Session, actor: Actor, name: str, code: str, measure: Measure, language: str
) -> dict[str, Any]:
    from app.web import charts

    if name == "kehadiran":
        level = Level.KECAMATAN if len(code) < Level.KECAMATAN.digits else Level.KELURAHAN
        return charts.presence_bars(_coverage(session, actor, code, level), language)
    found = _coverage(session, actor, code, Level.KELURAHAN)
    lines = of_level(session, actor.scope, code, Level.KELURAHAN.digits)
    return charts.area_map(found, area_map(session, actor.scope, lines), measure, language)


def _coverage(session: Session, actor: Actor, code: str, level: Level) -> Coverage:
    return coverage_of(session, actor.scope, actor.role, under=code, level=level)
