"""All SQL about the region tree."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from app.areas.codes import LENGTHS, AreaCode
from app.areas.models import Area, AreaRevision, AreaVersion, Boundary
from app.areas.schemas import AreaLine, AreaStep, Geometry
from app.areas.scope import Scope
from app.core.db import advisory_lock, table_of

FIELDS = tuple(name for name in AreaLine.model_fields if name not in {"code", "parent_code"})

_area = table_of(Area)
_boundary = table_of(Boundary)
_revision = table_of(AreaRevision)
_version = table_of(AreaVersion)
_line = [_area.c[name] for name in AreaLine.model_fields]
_current = _area.c.until_version.is_(None)


def area(session: Session, scope: Scope, code: str) -> AreaLine | None:
    """Find a current area that lies within the scope, whole."""
    wanted = sa.select(*_line).where(_area.c.code == code, _current, scope.covers(_area.c.code))
    found = session.execute(wanted).mappings().one_or_none()
    return None if found is None else AreaLine(**found)


def children(session: Session, scope: Scope, code: str | None) -> Sequence[AreaLine]:
    """List the current areas right below `code` that lie within the scope, by code.

    None: those that the scope begins with; for the nation, the provinces.
    """
    if code is not None:
        return _lines(session, scope, _area.c.parent_code == code)
    tops = _area.c.parent_code.is_(None) if "" in scope.areas else _area.c.code.in_(scope.areas)
    return _lines(session, scope, tops)


def leaves(session: Session, scope: Scope, under: str) -> Sequence[AreaLine]:
    """List the current areas within `under` that nothing lies below, by code."""
    below = _area.alias("below")
    parted = sa.exists().where(below.c.parent_code == _area.c.code, below.c.until_version.is_(None))
    return _lines(session, scope, Scope((under,)).covers(_area.c.code), ~parted)


def of_level(session: Session, scope: Scope, under: str, digits: int) -> Sequence[AreaLine]:
    """List the current areas within `under` whose code has so many digits, by code."""
    inside = Scope((under,)).covers(_area.c.code)
    return _lines(session, scope, inside, sa.func.length(_area.c.code) == digits)


def path_to(session: Session, scope: Scope, code: AreaCode) -> Sequence[AreaStep]:
    """Give the way from the province down to an area within the scope; empty outside it."""
    if not scope.includes(code):
        return []
    wanted = sa.select(_area.c.code, _area.c.name).where(_area.c.code.in_(code.path))
    rows = session.execute(wanted.order_by(_area.c.code))  # a prefix comes before its extension
    return [AreaStep(code=row.code, name=row.name) for row in rows]


def boundaries(session: Session, scope: Scope, codes: Collection[str]) -> Mapping[str, Geometry]:
    """Give the outlines that were imported for these areas, as GeoJSON geometries."""
    wanted = sa.select(_boundary.c.code, _boundary.c.geometry).where(
        _boundary.c.code == sa.any_(_codes(codes)), scope.covers(_boundary.c.code)
    )
    return {row.code: row.geometry for row in session.execute(wanted)}


def lock_tree(session: Session) -> None:
    """Let no other import of areas or outlines run until the transaction ends."""
    advisory_lock(session, "areas", "import")


def states(session: Session, scope: Scope, codes: Collection[str]) -> Mapping[str, dict[str, Any]]:
    """Give the rows of these areas by code, retired ones too."""
    wanted = sa.select(*_line, _area.c.since_version, _area.c.until_version).where(
        _area.c.code == sa.any_(_codes(codes)), scope.covers(_area.c.code)
    )
    return {row["code"]: dict(row) for row in session.execute(wanted).mappings()}


def kemendagri_holders(session: Session, scope: Scope, codes: Collection[str]) -> Mapping[str, str]:
    """Give the area that holds each of these Kemendagri codes, retired ones too."""
    wanted = sa.select(_area.c.kemendagri_code, _area.c.code).where(
        _area.c.kemendagri_code == sa.any_(_codes(codes)), scope.covers(_area.c.code)
    )
    return {row.kemendagri_code: row.code for row in session.execute(wanted)}


def current_below(session: Session, scope: Scope, parents: Collection[str]) -> Sequence[str]:
    """List the codes of the current areas right below any of `parents`."""
    wanted = sa.select(_area.c.code).where(
        _area.c.parent_code == sa.any_(_codes(parents)), _current, scope.covers(_area.c.code)
    )
    return session.execute(wanted).scalars().all()


def current_within(session: Session, scope: Scope, tops: Collection[str]) -> Sequence[str]:
    """List the codes of the current areas that are or lie below any of `tops`, by code."""
    wanted = sa.select(_area.c.code).where(
        sa.or_(*(sa.func.left(_area.c.code, n) == sa.any_(_codes(tops)) for n in LENGTHS.values())),
        _current,
        scope.covers(_area.c.code),
    )
    return session.execute(wanted.order_by(_area.c.code)).scalars().all()


def add_version(session: Session, version: AreaVersion) -> int:
    """Note an import; give its number."""
    values = version.model_dump(exclude={"id"})
    made = session.execute(sa.insert(_version).values(values).returning(_version.c.id))
    return int(made.scalar_one())


def release_kemendagri_codes(session: Session, scope: Scope, codes: Collection[str]) -> None:
    """Take these areas' Kemendagri codes away, so that others may get them."""
    mine = sa.and_(_area.c.code == sa.any_(_codes(codes)), scope.covers(_area.c.code))
    session.execute(sa.update(_area).where(mine).values(kemendagri_code=None))


def put_areas(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add or replace areas, in one statement; replaced ones are current again."""
    columns = [_area.c[name] for name in rows[0]]
    statement = postgresql.insert(_area).from_select(columns, _rows_of(columns, rows))
    fresh = {name: statement.excluded[name] for name in (*FIELDS, "since_version", "until_version")}
    session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=fresh))


def retire_areas(session: Session, scope: Scope, codes: Collection[str], version: int) -> None:
    """Mark areas as retired by an import; their rows stay, their Kemendagri codes are free."""
    mine = sa.and_(_area.c.code == sa.any_(_codes(codes)), scope.covers(_area.c.code))
    session.execute(
        sa.update(_area).where(mine).values(until_version=version, kemendagri_code=None)
    )


def add_revisions(
    session: Session, version: int, contents: Mapping[str, Mapping[str, Any]]
) -> None:
    """Add what an import said of each of these areas."""
    rows = [
        {"code": code, "version_id": version, "content": dict(content)}
        for code, content in contents.items()
    ]
    if rows:
        columns = [_revision.c.code, _revision.c.version_id, _revision.c.content]
        session.execute(sa.insert(_revision).from_select(columns, _rows_of(columns, rows)))


def put_boundaries(
    session: Session, geometries: Mapping[str, Geometry], source: str, now: datetime
) -> None:
    """Add or replace outlines."""
    rows = [
        {"code": code, "geometry": geometry, "source": source, "imported_at": now}
        for code, geometry in geometries.items()
    ]
    statement = postgresql.insert(_boundary)
    fresh = {name: statement.excluded[name] for name in ("geometry", "source", "imported_at")}
    session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=fresh), rows)


def _lines(
    session: Session, scope: Scope, *conditions: sa.ColumnElement[bool]
) -> Sequence[AreaLine]:
    wanted = sa.select(*_line).where(_current, scope.covers(_area.c.code), *conditions)
    found = session.execute(wanted.order_by(_area.c.code)).mappings()
    return [AreaLine(**row) for row in found]


def _rows_of(
    columns: Sequence[sa.Column[Any]], rows: Sequence[Mapping[str, Any]]
) -> sa.Select[Any]:
    """Give rows as one parameter: twenty thousand take one statement, not twenty thousand."""
    table = sa.func.jsonb_to_recordset(sa.literal(list(rows), postgresql.JSONB)).table_valued(
        *(sa.column(column.name, column.type) for column in columns)
    )
    return sa.select(table.render_derived(with_types=True))


def _codes(codes: Collection[str]) -> sa.BindParameter[list[str]]:
    """Give the codes as one array: a statement takes at most 65,535 parameters."""
    return sa.literal([str(code) for code in codes], sa.ARRAY(sa.Text))
