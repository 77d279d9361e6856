"""Importing outlines of areas: whole or not at all."""

import hashlib
from datetime import datetime

from sqlmodel import Session

from app.areas import repository
from app.areas.models import AreaVersion
from app.areas.outlines import Outlines, read_outlines
from app.areas.schemas import Geometry, ImportReport, RowError
from app.areas.scope import NATION


def import_boundaries(
    session: Session, body: bytes, *, source: str, actor: str, now: datetime
) -> ImportReport:
    """Import a GeoJSON FeatureCollection whose features carry a BPS code of any level.

    A file with any error changes nothing; the report names every wrong feature by its number, from
    1 (0: the file). Earlier outlines stay in the revisions of the import that brought them. A file
    that says nothing new changes nothing.
    """
    outlines = read_outlines(body)
    repository.lock_tree(session)
    errors = (*outlines.errors, *_unknown(session, outlines))
    rows = len(outlines.features)
    if errors:
        in_order = tuple(sorted(errors, key=lambda error: error.place))
        return ImportReport("refused", rows=rows, errors=in_order)
    held = repository.boundaries(session, NATION, outlines.geometries)
    fresh: dict[str, Geometry] = {
        code: geometry
        for code, geometry in outlines.geometries.items()
        if geometry != held.get(code)
    }
    if not fresh:
        return ImportReport("unchanged", rows=rows)
    version = AreaVersion(
        label=source,
        source_digest=hashlib.sha256(body).hexdigest(),
        imported_at=now,
        imported_by=actor,
    )
    number = repository.add_version(session, version)
    repository.put_boundaries(session, fresh, source, now)
    contents = {code: {"boundary": geometry} for code, geometry in fresh.items()}
    repository.add_revisions(session, number, contents)
    changed = sum(code in held for code in fresh)
    added = len(fresh) - changed
    return ImportReport("imported", rows=rows, added=added, changed=changed, version=number)


def _unknown(session: Session, outlines: Outlines) -> list[RowError]:
    states = repository.states(session, NATION, outlines.features)
    current = {code for code, state in states.items() if state["until_version"] is None}
    return [
        RowError(
            number,
            f"wilayah {code} tidak ada: impor dahulu daftar wilayahnya",
            f"the area {code} does not exist: import the table of areas first",
        )
        for code, number in outlines.features.items()
        if code not in current
    ]
