"""Counting units and documents into tallies, and summing tallies along the area tree."""

from collections.abc import Collection, Iterable
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
from app.registry.models import Unit
from app.review.models import Document, Status, Validation

AREA = table_of(Area)
DOCUMENT = table_of(Document)
TALLY = table_of(CoverageTally)
UNIT = table_of(Unit)
VALIDATION = table_of(Validation)

_PRESENCE = {
    "not_found": ("00",),
    "found": ("1", "2"),  # a prelist unit that was called new has been found all the same
    "closed": ("3",),
    "duplicate": ("4",),
    "non_response": ("9",),
}
_KNOWN_PRESENCE = [code for codes in _PRESENCE.values() for code in codes]
_STATUS = {
    "submitted": Status.SUBMITTED,
    "approved": Status.APPROVED,
    "rejected": Status.REJECTED,
}


def recount(session: Session, lane: str, areas: Collection[str] | None) -> None:
    """Make the tallies of these areas true, in one statement; None: of every area of the lane.

    A unit of the prelist counts where the prelist has it, any other where it was found; a document
    counts where it says. An area without anything has no tally.
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
    parts = sa.union_all(*_unit_parts(lane, keys), _document_part(lane, keys)).subquery("part")
    sums: Iterable[sa.ColumnElement[Any]] = (
        sa.func.sum(parts.c[name]).cast(sa.Integer).label(name) for name in COUNTS
    )
    return sa.select(sa.literal(lane, sa.Text).label("lane"), parts.c.area_code, *sums).group_by(
        parts.c.area_code
    )


def _unit_parts(lane: str, keys: sa.ColumnElement[Any] | None) -> list[sa.Select[Any]]:
    """Give the counts of units; apart by home area, so that each part can use its index."""
    listed = (UNIT.c.origin == "prelist") & UNIT.c.prelist_area_code.is_not(None)
    at_home = (UNIT.c.prelist_area_code, listed)
    elsewhere = (UNIT.c.area_code, sa.not_(listed))
    return [_unit_part(lane, keys, column, which) for column, which in (at_home, elsewhere)]


def _unit_part(
    lane: str,
    keys: sa.ColumnElement[Any] | None,
    column: sa.ColumnElement[str],
    which: sa.ColumnElement[bool],
) -> sa.Select[Any]:
    listed = UNIT.c.origin == "prelist"
    conditions = {
        "prelist": listed,
        "new": sa.not_(listed),
        "not_visited": listed & sa.func.coalesce(UNIT.c.presence, "").not_in(_KNOWN_PRESENCE),
        **{name: listed & UNIT.c.presence.in_(codes) for name, codes in _PRESENCE.items()},
    }
    return _part(column, conditions, UNIT.c.lane == lane, which, _among(column, keys))


def _document_part(lane: str, keys: sa.ColumnElement[Any] | None) -> sa.Select[Any]:
    conditions = {
        **{name: DOCUMENT.c.status == status for name, status in _STATUS.items()},
        "with_errors": VALIDATION.c.error_count > 0,
    }
    column = DOCUMENT.c.area_code
    checked = DOCUMENT.outerjoin(
        VALIDATION,
        (VALIDATION.c.lane == DOCUMENT.c.lane)
        & (VALIDATION.c.position == DOCUMENT.c.current_position),
    )
    counts = _part(column, conditions, DOCUMENT.c.lane == lane, _among(column, keys))
    return counts.select_from(checked)


def _part(
    column: sa.ColumnElement[str],
    conditions: dict[str, sa.ColumnElement[bool]],
    *which: sa.ColumnElement[bool],
) -> sa.Select[Any]:
    counts: Iterable[sa.ColumnElement[Any]] = (
        (sa.func.count().filter(conditions[name]) if name in conditions else sa.literal(0)).label(
            name
        )
        for name in COUNTS
    )
    return sa.select(column.label("area_code"), *counts).where(*which).group_by(column)


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
