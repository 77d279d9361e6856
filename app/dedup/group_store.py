"""The keeper's SQL on groups: what hangs together, memberships, golden records, questions.

Whole lanes, on nobody's behalf, hence without a scope.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import table_of
from app.core.rows import Row, among, one_of, upsert
from app.dedup.models import (
    Approval,
    GoldenRecord,
    MatchCase,
    MatchDecision,
    MatchWord,
    UnitMembership,
)
from app.dedup.rules import Decision, What
from app.dedup.store import EDGE, LISTED, REPORT, UNIT
from app.dedup.survival import Source
from matching.record import FIELD, PRELIST

APPROVAL = table_of(Approval)
CASE = table_of(MatchCase)
DECISION = table_of(MatchDecision)
GOLDEN = table_of(GoldenRecord)
MEMBER = table_of(UnitMembership)
WORD = table_of(MatchWord)
_TEXTS = sa.ARRAY(sa.Text)
_BOTH = ("unit_id", "position", "business_name", "owner_name", "address", "kbli", "nib")


def neighbourhood(session: Session, lane: str, unit_ids: Collection[str], least: float) -> set[str]:
    """Give all units that hang together with these, directly or through others.

    By an edge of `least` bits, by a merge that somebody decided, or as members of one group.
    """
    start = sa.literal(sorted(unit_ids), _TEXTS)
    here = sa.select(sa.func.unnest(start).label("name")).cte("here", recursive=True)
    strong = (EDGE.c.lane == lane, EDGE.c.bits >= least)
    mine, theirs = MEMBER.alias("mine"), MEMBER.alias("theirs")
    said, also = WORD.alias("said"), WORD.alias("also")
    # one look-up by index for each way, whatever the planner knows of the tables: no OR
    ways = (
        sa.select(EDGE.c.right_id.label("name")).where(*strong, EDGE.c.left_id == here.c.name),
        sa.select(EDGE.c.left_id).where(*strong, EDGE.c.right_id == here.c.name),
        sa.select(theirs.c.unit_id)
        .join_from(mine, theirs, (theirs.c.lane == lane) & (theirs.c.group_id == mine.c.group_id))
        .where(mine.c.lane == lane, mine.c.unit_id == here.c.name),
        sa.select(also.c.unit_id)
        .join_from(said, also, (also.c.lane == lane) & (also.c.position == said.c.position))
        .where(said.c.lane == lane, said.c.unit_id == here.c.name, said.c.is_merge),
    )
    next_to = sa.union_all(*ways).lateral("next_to")
    further = sa.select(next_to.c.name).join_from(here, next_to, sa.true())
    names = here.union(further)
    return set(session.execute(sa.select(names.c.name)).scalars())


def decisions_about(session: Session, lane: str, unit_ids: Collection[str]) -> list[Decision]:
    """Give every decision that speaks of one of these units, retractions included."""
    positions = (
        sa.select(WORD.c.position)
        .where(WORD.c.lane == lane, WORD.c.unit_id == among(unit_ids))
        .distinct()
    )
    wanted = sa.select(DECISION).where(DECISION.c.lane == lane, DECISION.c.position.in_(positions))
    return [decision_of(row) for row in session.execute(wanted).mappings()]


def decision_of(row: sa.RowMapping) -> Decision:
    """Give the decision that a row keeps."""
    return Decision(
        position=row["position"],
        decision_id=row["decision_id"],
        what=What(row["what"]),
        left=tuple(row["left_ids"]),
        right=tuple(row["right_ids"]),
        actor=row["actor"],
        role=row["role"],
        needs_second=row["needs_second"],
        withdraws=row["withdraws"],
    )


def heads(session: Session, lane: str, unit_ids: Collection[str]) -> dict[str, str]:
    """Give the group of each of these units; who stands alone is one's own."""
    wanted = sa.select(MEMBER.c.unit_id, MEMBER.c.group_id).where(
        MEMBER.c.lane == lane, MEMBER.c.unit_id == among(unit_ids)
    )
    found = {each: each for each in unit_ids}
    found.update((unit_id, head) for unit_id, head in session.execute(wanted))
    return found


def sizes(session: Session, lane: str, group_ids: Collection[str]) -> dict[str, int]:
    """Give how many members these groups have; who stands alone is left out."""
    wanted = (
        sa.select(MEMBER.c.group_id, sa.func.count())
        .where(MEMBER.c.lane == lane, MEMBER.c.group_id == among(group_ids))
        .group_by(MEMBER.c.group_id)
    )
    return {head: int(count) for head, count in session.execute(wanted)}


def keep_heads(session: Session, lane: str, after: Mapping[str, str]) -> None:
    """Write the group of each of these units, and no row for who stands alone."""
    counts: defaultdict[str, int] = defaultdict(int)
    for head in after.values():
        counts[head] += 1
    together = {unit_id: head for unit_id, head in after.items() if counts[head] > 1}
    alone = after.keys() - together.keys()
    if alone:
        session.execute(
            sa.delete(MEMBER).where(MEMBER.c.lane == lane, MEMBER.c.unit_id == among(alone))
        )
    rows = [
        {"lane": lane, "unit_id": unit_id, "group_id": together[unit_id]}
        for unit_id in sorted(together)
    ]
    upsert(session, MEMBER, rows)


def sources_of(session: Session, lane: str, unit_ids: Collection[str]) -> dict[str, list[Source]]:
    """Give all that the prelist and the field say of these units, by unit."""
    found: defaultdict[str, list[Source]] = defaultdict(list)
    listed = sa.select(LISTED).where(LISTED.c.lane == lane, LISTED.c.unit_id == among(unit_ids))
    for row in session.execute(listed).mappings():
        found[row["unit_id"]].append(_listed(row))
    verified = (
        sa.select(REPORT, sa.func.coalesce(APPROVAL.c.is_approved, sa.false()).label("verified"))
        .outerjoin(
            APPROVAL,
            (APPROVAL.c.lane == REPORT.c.lane) & (APPROVAL.c.version_position == REPORT.c.position),
        )
        .where(REPORT.c.lane == lane, REPORT.c.unit_id == among(unit_ids))
    )
    for row in session.execute(verified).mappings():
        found[row["unit_id"]].append(_visit(row))
    return found


def _listed(row: sa.RowMapping) -> Source:
    return Source(kind=PRELIST, area_code=row["idsubsls"], phone=row["phone"], **_of_both(row))


def _visit(row: sa.RowMapping) -> Source:
    return Source(
        kind=FIELD,
        area_code=row["area_code"],
        phone=row["mobile"],
        document_id=row["document_id"],
        is_verified=row["verified"],
        presence=row["presence"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        accuracy=row["accuracy"],
        **_of_both(row),
    )


def _of_both(row: sa.RowMapping) -> dict[str, Any]:
    """Give what the prelist and a visit call alike."""
    return {name: row[name] for name in _BOTH}


def golden(session: Session, lane: str, group_ids: Collection[str]) -> dict[str, Row]:
    """Give the golden records of these groups, as far as they have one, by group."""
    wanted = sa.select(GOLDEN).where(GOLDEN.c.lane == lane, GOLDEN.c.unit_id == among(group_ids))
    return {row["unit_id"]: dict(row) for row in session.execute(wanted).mappings()}


def keep_golden(session: Session, lane: str, gone: Collection[str], rows: Sequence[Row]) -> None:
    """Write golden records as they now are, and remove those of groups that are no more."""
    if gone:
        session.execute(
            sa.delete(GOLDEN).where(GOLDEN.c.lane == lane, GOLDEN.c.unit_id == among(gone))
        )
    upsert(session, GOLDEN, rows)


def cases_of(session: Session, lane: str, group_ids: Collection[str]) -> dict[str, Row]:
    """Give the questions about these groups, by case."""
    some = among(group_ids)
    ways = (
        sa.select(CASE).where(CASE.c.lane == lane, column == some)
        for column in (CASE.c.left_group, CASE.c.right_group)
    )
    found = session.execute(sa.union_all(*ways)).mappings()
    return {row["case_id"]: dict(row) for row in found}


def keep_cases(session: Session, lane: str, gone: Collection[str], rows: Sequence[Row]) -> None:
    """Write questions as they now are, and remove those that are no more."""
    if gone:
        session.execute(sa.delete(CASE).where(CASE.c.lane == lane, CASE.c.case_id == among(gone)))
    upsert(session, CASE, rows)


def areas_of(session: Session, lane: str, unit_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Give the areas where these units stand and where the prelist has them, by unit."""
    wanted = sa.select(UNIT.c.unit_id, UNIT.c.area_code, UNIT.c.prelist_area_code).where(
        UNIT.c.lane == lane, UNIT.c.unit_id == among(unit_ids)
    )
    return {row[0]: tuple(area for area in row[1:] if area) for row in session.execute(wanted)}


def members_of(session: Session, lane: str, group_ids: Iterable[str]) -> dict[str, list[str]]:
    """Give the members of these groups, in order; who stands alone is left out."""
    wanted = (
        sa.select(MEMBER.c.group_id, MEMBER.c.unit_id)
        .where(MEMBER.c.lane == lane, MEMBER.c.group_id == among(group_ids))
        .order_by(MEMBER.c.unit_id.collate("C"))
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for head, unit_id in session.execute(wanted):
        found[head].append(unit_id)
    return dict(found)


def keep_decisions(session: Session, lane: str, rows: Sequence[Row]) -> None:
    """Write decisions, each with the units that it speaks of."""
    upsert(session, DECISION, rows)
    words = [
        {
            "lane": lane,
            "unit_id": unit_id,
            "position": row["position"],
            "is_merge": row["what"] == What.MERGE,
        }
        for row in rows
        for unit_id in sorted({*_texts(row["left_ids"]), *_texts(row["right_ids"])})
    ]
    upsert(session, WORD, words)


def _texts(told: object) -> list[str]:
    assert isinstance(told, list)
    return told


def keep_approvals(session: Session, rows: Sequence[Row]) -> None:
    """Write the last verdict on versions of documents."""
    upsert(session, APPROVAL, rows)


def units_reported_at(session: Session, lane: str, positions: Collection[int]) -> set[str]:
    """Give the units of which the versions at these positions are the current word."""
    wanted = sa.select(REPORT.c.unit_id).where(
        REPORT.c.lane == lane,
        REPORT.c.position == one_of(positions),
    )
    return set(session.execute(wanted).scalars())
