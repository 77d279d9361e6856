"""Coverage as a viewer may see it: whole for the field, aggregates for a government viewer."""

from sqlmodel import Session

from app.auth.models import Role
from app.auth.scope import Scope
from app.core.problems import Forbidden, Invalid, NotFound
from app.coverage.disclosure import Told, told
from app.coverage.repository import coverage_rows, path_to
from app.coverage.rules import Level
from app.coverage.schemas import Coverage, CoverageRow, summed

_LEVELS_TOLD = (Level.CITY, Level.KECAMATAN, Level.KELURAHAN)  # to a government viewer


def coverage(session: Session, scope: Scope, under: str, level: Level) -> list[CoverageRow]:
    """Give one line for each area of `level` within `under`, as far as the scope reaches.

    Records that name no such area come last, in a line of their own. One statement.
    """
    if not scope.touches(under):
        raise NotFound
    if level.digits < len(under):
        raise Invalid(
            "Tingkat wilayah yang diminta lebih luas daripada wilayahnya.",
            "The level asked for is wider than the area: choose a level below it.",
        )
    return coverage_rows(session, scope, under, level)


def coverage_of(
    session: Session, scope: Scope, role: Role, *, under: str, level: Level
) -> Coverage:
    """Give the coverage of an area with its lines, as this role may see it.

    A government viewer is told about kelurahan and wider areas only, without the cells that rest
    on one or two units. Two statements, for a government viewer at most four.
    """
    if not scope.touches(under):
        raise NotFound
    path = tuple(path_to(session, scope, under))
    if not path or path[-1].code != under:
        raise NotFound
    if role is Role.GOVERNMENT:
        seen = _told_to_government(session, scope, under, level)
        return Coverage(path=path, total=seen.line(under), rows=seen.lines_under(under, level))
    rows = coverage(session, scope, under, level)
    named = {"area_code": under, "name": path[-1].name}
    return Coverage(path=path, total=summed(rows).model_copy(update=named), rows=tuple(rows))


def _told_to_government(session: Session, scope: Scope, under: str, level: Level) -> Told:
    if level not in _LEVELS_TOLD or len(under) > Level.KELURAHAN.digits:
        raise Forbidden(
            "Akun ini melihat angka per kelurahan atau yang lebih luas.",
            "This account sees counts per kelurahan or wider areas.",
        )
    if not scope.includes(under):
        raise NotFound
    base = _widest(scope, under)
    levels = [each for each in _LEVELS_TOLD if each.digits >= len(base)]
    return told(base, {each: coverage(session, scope, base, each) for each in levels})


def _widest(scope: Scope, under: str) -> str:
    """Give the area that the viewer's pages begin with: the city, or the part of it in scope."""
    area = next(area for area in scope.areas if under.startswith(area))
    return max(area, under[: Level.CITY.digits], key=len)


def home_of(scope: Scope, regency: str) -> str:
    """Give the area that a viewer's pages begin with; `regency` where the scope reaches it.

    That is the only area of the scope where there is one, and the regency of several.
    """
    here = [area for area in scope.areas if area.startswith(regency)] or list(scope.areas)
    if scope.includes(regency) or not here:
        return regency
    return here[0] if len(here) == 1 else here[0][: Level.CITY.digits]
