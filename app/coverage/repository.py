"""Counting units and documents into tallies, and summing tallies along the area tree."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from app.areas.models import Area
from app.auth.scope import Scope
from app.core.db import table_of
from app.coverage.models import CoverageTally
from app.coverage.rules import COUNTS, LEAF_DIGITS, TARGET_PARTS, Level
from app.coverage.schemas import AreaName, CoverageRow
from app.dedup.models import GoldenRecord, UnitMembership
from app.registry.fold import LISTINGS
from app.registry.models import Unit, UnitReport
from app.review.models import Document, DocumentVersion, Status, Validation

AREA = table_of(Area)
DOCUMENT = table_of(Document)
GOLDEN = table_of(GoldenRecord)
MEMBER = table_of(UnitMembership)
REPORT = table_of(UnitReport)
TALLY = table_of(CoverageTally)
UNIT = table_of(Unit)
VALIDATION = table_of(Validation)
VERSION = table_of(DocumentVersion)

_PRESENCE = {
    "not_found": ("00",),
    "found": ("1", "2"),  # a prelist unit that was called new has been found all the same
    "closed": ("3",),
    "duplicate": ("4",),
    "non_response": ("9",),
}
_KNOWN_PRESENCE = [code for codes in _PRESENCE.values() for code in codes]
_LISTING = DOCUMENT.c.form_id.in_(sorted(LISTINGS))  # no document of a target
_IS_MERGED = sa.exists().where(MEMBER.c.lane == UNIT.c.lane, MEMBER.c.unit_id == UNIT.c.unit_id)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What counts once: units that stand alone, and businesses that several units are."""

    unit: sa.Table
    with_reports: sa.Join
    which: sa.ColumnElement[bool]

    @property
    def is_listed(self) -> sa.ColumnElement[bool]:
        return self.unit.c.origin == "prelist"

    @property
    def homes(self) -> tuple[tuple[sa.ColumnElement[str], sa.ColumnElement[bool]], ...]:
        """Give the columns that say where it counts, and for which; apart, each uses its index."""
        at_home = self.is_listed & self.unit.c.prelist_area_code.is_not(None)
        return (
            (self.unit.c.prelist_area_code, at_home & self.which),
            (self.unit.c.area_code, sa.not_(at_home) & self.which),
        )

    @property
    def home(self) -> sa.ColumnElement[str]:
        at_home = self.is_listed & self.unit.c.prelist_area_code.is_not(None)
        return sa.case((at_home, self.unit.c.prelist_area_code), else_=self.unit.c.area_code)


def _same(left: sa.FromClause, right: sa.FromClause, name: str) -> sa.ColumnElement[bool]:
    return (left.c.lane == right.c.lane) & (left.c[name] == right.c[name])


_COUNTED = (
    _Counted(UNIT, UNIT.join(REPORT, _same(REPORT, UNIT, "unit_id")), sa.not_(_IS_MERGED)),
    _Counted(
        GOLDEN,
        GOLDEN.join(
            MEMBER, (MEMBER.c.lane == GOLDEN.c.lane) & (MEMBER.c.group_id == GOLDEN.c.unit_id)
        ).join(REPORT, _same(REPORT, MEMBER, "unit_id")),
        sa.true(),
    ),
)


def recount(session: Session, lane: str, areas: Collection[str] | None) -> None:
    """Make the tallies of these areas true, in one statement; None: of every area of the lane.

    A unit of the prelist counts where the prelist has it, any other where it was found. Units that
    are one business count once, where the business does. A document counts where its unit does, and
    where it says as long as it tells of none. An area without anything has no tally.
    """
    keys = None if areas is None else sa.literal(sorted(areas), sa.ARRAY(sa.Text))
    counted = _counted(lane, keys).cte("counted")
    mine = [TALLY.c.lane == lane]
    if keys is not None:
        mine.append(TALLY.c.area_code == sa.any_(keys))
    gone = (
        sa.delete(TALLY)
        .where(*mine, TALLY.c.area_code.not_in(sa.select(counted.c.area_code)))
        .cte("gone")
    )
    names = ["lane", "area_code", *COUNTS]
    fresh = postgresql.insert(TALLY).from_select(names, sa.select(*(counted.c[n] for n in names)))
    kept = fresh.on_conflict_do_update(
        index_elements=["lane", "area_code"], set_={name: fresh.excluded[name] for name in COUNTS}
    )
    session.execute(kept.add_cte(gone))


def areas_of_documents(session: Session, lane: str, instance_ids: Collection[str]) -> set[str]:
    """Give the areas where these documents count, or may have counted before."""
    if not instance_ids:
        return set()
    told = sa.literal(sorted(instance_ids), sa.ARRAY(sa.Text))
    ids = sa.union(
        sa.select(sa.func.unnest(told).label("document_id")),
        sa.select(VERSION.c.document_id).where(
            VERSION.c.lane == lane, VERSION.c.instance_id == sa.any_(told)
        ),
    ).cte("id")
    named = DOCUMENT.join(ids, ids.c.document_id == DOCUMENT.c.document_id)
    reported = (
        sa.select(each.home)
        .select_from(each.with_reports.join(ids, ids.c.document_id == REPORT.c.document_id))
        .where(REPORT.c.lane == lane)
        for each in _COUNTED
    )
    wanted = sa.union(
        sa.select(DOCUMENT.c.area_code).select_from(named).where(DOCUMENT.c.lane == lane),
        *reported,
    )
    return set(session.execute(wanted).scalars())


def coverage_rows(session: Session, scope: Scope, under: str, level: Level) -> list[CoverageRow]:
    """Sum the tallies of every area of a level within `under`, in one statement.

    Areas with nothing to count are there too. Records that name no area of that level come last,
    in one line with the code of `under`.
    """
    nodes, sums, leaves = (
        _nodes(scope, under, level),
        _sums(scope, under, level),
        _leaves(scope, under, level),
    )
    load = sa.func.coalesce(leaves.c.expected_load, nodes.c.expected_load)
    wanted = (
        sa.select(
            nodes.c.code,
            nodes.c.name,
            *(sa.func.coalesce(sums.c[name], 0).label(name) for name in COUNTS),
            load.label("expected_load"),
            sa.func.coalesce(leaves.c.leaves, 0).label("leaves"),
            sa.func.coalesce(leaves.c.leaves_done, 0).label("leaves_done"),
        )
        .select_from(nodes.outerjoin(sums, sums.c.node == nodes.c.code, full=True))
        .outerjoin(leaves, leaves.c.node == nodes.c.code)
        .order_by(nodes.c.code.nulls_last())
    )
    rows = [_row(found, under) for found in session.execute(wanted).mappings()]
    return [row for row in rows if not (row.without_area and row.is_empty)]


def path_to(session: Session, scope: Scope, code: str) -> list[AreaName]:
    """Give the areas from the widest that the scope touches to `code` itself, in order."""
    steps = [code[:digits] for digits in (4, 7, 10, 14, 16) if digits <= len(code)]
    wanted = sa.select(AREA.c.code, AREA.c.name).where(AREA.c.code.in_(steps)).order_by(AREA.c.code)
    found = session.execute(wanted)
    return [AreaName(code=code, name=name) for code, name in found if scope.touches(code)]


def _counted(lane: str, keys: sa.ColumnElement[Any] | None) -> sa.Select[Any]:
    parts = sa.union_all(*_unit_parts(lane, keys), *_document_parts(lane, keys)).subquery("part")
    sums: Iterable[sa.ColumnElement[Any]] = (
        sa.func.sum(parts.c[name]).cast(sa.Integer).label(name) for name in COUNTS
    )
    return sa.select(sa.literal(lane, sa.Text).label("lane"), parts.c.area_code, *sums).group_by(
        parts.c.area_code
    )


def _unit_parts(lane: str, keys: sa.ColumnElement[Any] | None) -> list[sa.Select[Any]]:
    return [
        _part(column, _presences(each), each.unit.c.lane == lane, which, _among(column, keys))
        for each in _COUNTED
        for column, which in each.homes
    ]


def _presences(counted: _Counted) -> dict[str, sa.ColumnElement[int]]:
    presence, listed = counted.unit.c.presence, counted.is_listed
    conditions = {
        "prelist": listed,
        "new": sa.not_(listed),
        "not_visited": listed & sa.func.coalesce(presence, "").not_in(_KNOWN_PRESENCE),
        **{name: listed & presence.in_(codes) for name, codes in _PRESENCE.items()},
    }
    return {name: _rows_where(condition) for name, condition in conditions.items()}


def _document_parts(lane: str, keys: sa.ColumnElement[Any] | None) -> list[sa.Select[Any]]:
    """Give the counts of documents, and of the units that have an approved one.

    A document that the registry reads no unit from is part of no target: it approves nothing.
    """
    counts = {
        "submitted": _rows_where(DOCUMENT.c.status == Status.SUBMITTED),
        "rejected": _rows_where(DOCUMENT.c.status == Status.REJECTED),
        "with_errors": _rows_where(VALIDATION.c.error_count > 0),
    }
    alone = _checked(DOCUMENT.outerjoin(REPORT, _same(REPORT, DOCUMENT, "document_id")))
    return [
        *(
            _part(
                column,
                counts | _approved(each.unit),
                each.unit.c.lane == lane,
                which,
                _among(column, keys),
            ).select_from(
                _checked(each.with_reports.join(DOCUMENT, _same(DOCUMENT, REPORT, "document_id")))
            )
            for each in _COUNTED
            for column, which in each.homes
        ),
        _part(
            DOCUMENT.c.area_code,
            counts,
            (DOCUMENT.c.lane == lane) & sa.not_(_LISTING),
            REPORT.c.document_id.is_(None),
            _among(DOCUMENT.c.area_code, keys),
        ).select_from(alone),
    ]


def _approved(unit: sa.Table) -> dict[str, sa.ColumnElement[int]]:
    units = sa.func.count(sa.distinct(unit.c.unit_id))
    return {"approved": units.filter(DOCUMENT.c.status == Status.APPROVED)}


def _checked(documents: sa.FromClause) -> sa.Join:
    return documents.outerjoin(
        VALIDATION,
        (VALIDATION.c.lane == DOCUMENT.c.lane)
        & (VALIDATION.c.position == DOCUMENT.c.current_position),
    )


def _rows_where(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count().filter(condition)


def _part(
    column: sa.ColumnElement[str],
    counts: Mapping[str, sa.ColumnElement[int]],
    *which: sa.ColumnElement[bool],
) -> sa.Select[Any]:
    told: Iterable[sa.ColumnElement[Any]] = (
        counts.get(name, sa.literal(0)).label(name) for name in COUNTS
    )
    return sa.select(column.label("area_code"), *told).where(*which).group_by(column)


def _among(
    column: sa.ColumnElement[str], keys: sa.ColumnElement[Any] | None
) -> sa.ColumnElement[bool]:
    return sa.true() if keys is None else column == sa.any_(keys)


def _nodes(scope: Scope, under: str, level: Level) -> sa.Subquery:
    wider = {area[: level.digits] for area in scope.areas if len(area) > level.digits}
    return (
        sa.select(AREA.c.code, AREA.c.name, AREA.c.expected_load)
        .where(
            sa.func.length(AREA.c.code) == level.digits,
            AREA.c.code.like(f"{under}%"),
            AREA.c.until_version.is_(None),
            sa.or_(scope.covers(AREA.c.code), AREA.c.code.in_(wider)),
        )
        .subquery("node")
    )


def _sums(scope: Scope, under: str, level: Level) -> sa.Subquery:
    node = sa.func.left(TALLY.c.area_code, level.digits)
    known = AREA.alias("known")
    here = TALLY.outerjoin(
        known,
        (known.c.code == node)
        & (sa.func.length(known.c.code) == level.digits)
        & known.c.until_version.is_(None),
    )
    return (
        sa.select(
            known.c.code.label("node"),
            *(sa.func.sum(TALLY.c[name]).label(name) for name in COUNTS),
        )
        .select_from(here)
        .where(TALLY.c.area_code.like(f"{under}%"), scope.covers(TALLY.c.area_code))
        .group_by(known.c.code)
        .subquery("sums")
    )


def _leaves(scope: Scope, under: str, level: Level) -> sa.Subquery:
    node = sa.func.left(AREA.c.code, level.digits)
    return (
        sa.select(
            node.label("node"),
            sa.func.count().label("leaves"),
            sa.func.count().filter(_is_done()).label("leaves_done"),
            sa.func.sum(AREA.c.expected_load).label("expected_load"),
        )
        .select_from(
            AREA.outerjoin(
                TALLY,
                (TALLY.c.lane == sa.func.left(AREA.c.code, 4)) & (TALLY.c.area_code == AREA.c.code),
            )
        )
        .where(
            sa.func.length(AREA.c.code) == LEAF_DIGITS,
            AREA.c.code.like(f"{under}%"),
            AREA.c.until_version.is_(None),
            scope.covers(AREA.c.code),
        )
        .group_by(node)
        .subquery("leaves")
    )


def _is_done() -> sa.ColumnElement[bool]:
    """Give the condition that a leaf is finished: everybody visited, everything approved.

    An area without a single unit is finished only where none was expected.
    """
    counted = {name: sa.func.coalesce(TALLY.c[name], 0) for name in COUNTS}
    target = counted["prelist"] + counted["new"]
    return sa.and_(
        counted["not_visited"] == 0,
        counted["submitted"] == 0,
        counted["approved"] >= target,
        sa.or_(target > 0, AREA.c.expected_load == 0),
    )


def _row(found: sa.RowMapping, under: str) -> CoverageRow:
    target = sum(found[name] for name in TARGET_PARTS)
    visited = target - found["not_visited"]
    return CoverageRow(
        **{**found, "name": found["name"] or ""},
        area_code=found["code"] or under,
        without_area=found["code"] is None,
        target=target,
        visited=visited,
    )
