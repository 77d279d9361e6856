"""What other floors ask of the region tree."""

from collections.abc import Sequence

from sqlmodel import Session

from app.areas import repository
from app.areas.boundaries import import_boundaries
from app.areas.cells import schematic_cells
from app.areas.codes import AreaCode
from app.areas.errors import BadCode
from app.areas.importer import import_areas
from app.areas.lists import kelurahan_csv, wilayah_csv
from app.areas.schemas import AreaAnswer, AreaLine, AreaList, AreaMap
from app.areas.scope import Scope
from app.core.problems import NotFound

__all__ = [
    "area_map",
    "areas_below",
    "import_areas",
    "import_boundaries",
    "kelurahan_csv",
    "one_area",
    "wilayah_csv",
]


def one_area(session: Session, scope: Scope, code: str) -> AreaAnswer:
    """Give an area within the scope, with the way down to it; raises NotFound."""
    found = repository.area(session, scope, _readable(code))
    if found is None:
        raise NotFound
    path = repository.path_to(session, scope, AreaCode(found.code))
    return AreaAnswer(**found.model_dump(), path=list(path))


def areas_below(session: Session, scope: Scope, parent: str | None) -> AreaList:
    """Give the areas right below `parent`, or those the scope begins with; raises NotFound."""
    if parent is not None and repository.area(session, scope, _readable(parent)) is None:
        raise NotFound
    return AreaList(parent=parent, areas=list(repository.children(session, scope, parent)))


def area_map(session: Session, scope: Scope, areas: Sequence[AreaLine]) -> AreaMap:
    """Give a shape for each of these areas: their outlines if all were imported, else cells.

    Outlines and cells are never mixed, because they would overlap. Areas without a centroid have
    no cell.
    """
    outlines = repository.boundaries(session, scope, [area.code for area in areas])
    if areas and len(outlines) == len(areas):
        return AreaMap(schematic=False, shapes=dict(outlines))
    centroids = {
        area.code: (area.latitude, area.longitude)
        for area in areas
        if area.latitude is not None and area.longitude is not None and scope.includes(area.code)
    }
    return AreaMap(schematic=True, shapes=schematic_cells(centroids))


def _readable(code: str) -> AreaCode:
    try:
        return AreaCode.parse(code)
    except BadCode as bad:
        raise NotFound from bad
