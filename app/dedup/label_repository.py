"""SQL for labelling, each query within a scope."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session

from app.areas.scope import Scope
from app.core.rows import among
from app.dedup import repository
from app.dedup.label_rules import Answer
from app.dedup.label_store import ROUND, standing
from app.dedup.repository import LEFT, RIGHT
from app.dedup.store import EDGE, RECORD, UNIT

_NUMBERS: Final = sa.ARRAY(sa.Double)


def counts(session: Session, scope: Scope, lane: str) -> dict[Answer, int]:
    """Count the labels that stand, of pairs that lay in the scope, by answer."""
    found = standing(lane)
    wanted = (
        sa.select(found.c.answer, sa.func.count())
        .where(scope.covers(found.c.left_area), scope.covers(found.c.right_area))
        .group_by(found.c.answer)
    )
    told = dict.fromkeys(Answer, 0)
    told.update({Answer(answer): count for answer, count in session.execute(wanted)})
    return told


def labels(session: Session, scope: Scope, lane: str) -> Sequence[sa.RowMapping]:
    """Give the labels that stand, of pairs that lay in the scope, in the order they were given."""
    found = standing(lane)
    wanted = (
        sa.select(found)
        .where(scope.covers(found.c.left_area), scope.covers(found.c.right_area))
        .order_by(found.c.position)
    )
    return session.execute(wanted).mappings().all()


def labels_on(
    session: Session, scope: Scope, lane: str, unit_ids: Collection[str]
) -> dict[tuple[str, str], sa.RowMapping]:
    """Give the labels that stand of pairs of these units, within the scope, by pair."""
    found = standing(lane)
    wanted = sa.select(found).where(
        found.c.left_id == among(unit_ids),
        found.c.right_id == among(unit_ids),
        scope.covers(found.c.left_area),
        scope.covers(found.c.right_area),
    )
    rows = session.execute(wanted).mappings()
    return {(row["left_id"], row["right_id"]): row for row in rows}


def label(session: Session, scope: Scope, lane: str, label_id: str) -> sa.RowMapping | None:
    """Give an answer that stands, of a pair that lay in the scope."""
    found = standing(lane)
    wanted = sa.select(found).where(
        found.c.label_id == label_id,
        scope.covers(found.c.left_area),
        scope.covers(found.c.right_area),
    )
    return session.execute(wanted).mappings().one_or_none()


def round_of(session: Session, scope: Scope, lane: str, round_id: str) -> sa.RowMapping | None:
    """Give a round of a regency that the scope reaches."""
    wanted = sa.select(ROUND).where(
        ROUND.c.lane == lane, ROUND.c.round_id == round_id, scope.lies_in(ROUND.c.lane)
        | scope.covers(ROUND.c.lane),
    )  # fmt: skip
    return session.execute(wanted).mappings().one_or_none()


def last_rounds(session: Session, scope: Scope, lane: str) -> Sequence[sa.RowMapping]:
    """Give the last round of everybody who labels in a regency that the scope reaches."""
    wanted = (
        sa.select(ROUND)
        .where(ROUND.c.lane == lane, scope.lies_in(ROUND.c.lane) | scope.covers(ROUND.c.lane))
        .ext(distinct_on(ROUND.c.actor))
        .order_by(ROUND.c.actor, ROUND.c.position.desc())
    )
    return session.execute(wanted).mappings().all()


def ends(
    session: Session, scope: Scope, lane: str, left_id: str, right_id: str
) -> sa.RowMapping | None:
    """Give two units as sides of a pair, where both lie in the scope."""
    left = (LEFT.c.unit_id.label("left_id"), LEFT.c.unit_id.label("left_group"))
    right = (RIGHT.c.unit_id.label("right_id"), RIGHT.c.unit_id.label("right_group"))
    wanted = (
        sa.select(
            *left,
            *right,
            *repository.end(LEFT, "left", scope),
            *repository.end(RIGHT, "right", scope),
        )
        .select_from(LEFT.join(RIGHT, RIGHT.c.lane == LEFT.c.lane))
        .where(LEFT.c.lane == lane, LEFT.c.unit_id == left_id, RIGHT.c.unit_id == right_id)
        .where(scope.covers(LEFT.c.area_code), scope.covers(RIGHT.c.area_code))
    )
    return session.execute(wanted).mappings().one_or_none()


def compared(
    session: Session, scope: Scope, lane: str, cuts: Sequence[float], *, salt: str, limit: int
) -> Sequence[sa.RowMapping]:
    """Draw pairs that were scored and have no label, up to `limit` of each stratum.

    Both units lie in the scope. `place` tells the stratum (how many of the cuts its bits reach),
    `size` how many pairs that has. Which are drawn, and their order, follows from the salt alone.
    """
    known = standing(lane)
    band = sa.func.width_bucket(EDGE.c.bits, sa.literal(list(cuts), _NUMBERS))
    drawn = _drawn(salt, EDGE.c.left_id, EDGE.c.right_id)
    labelled = sa.exists().where(
        known.c.left_id == EDGE.c.left_id, known.c.right_id == EDGE.c.right_id
    )
    every = (
        sa.select(
            EDGE.c.left_id,
            EDGE.c.right_id,
            EDGE.c.bits,
            EDGE.c.levels,
            band.label("place"),
            sa.func.count().over(partition_by=band).label("size"),
            sa.func.row_number().over(partition_by=band, order_by=drawn).label("turn"),
        )
        .join(LEFT, (LEFT.c.lane == EDGE.c.lane) & (LEFT.c.unit_id == EDGE.c.left_id))
        .join(RIGHT, (RIGHT.c.lane == EDGE.c.lane) & (RIGHT.c.unit_id == EDGE.c.right_id))
        .where(EDGE.c.lane == lane, ~labelled)
        .where(scope.covers(LEFT.c.area_code), scope.covers(RIGHT.c.area_code))
        .subquery("every_pair")
    )
    wanted = sa.select(every).where(every.c.turn <= limit).order_by(every.c.place, every.c.turn)
    return session.execute(wanted).mappings().all()


def some_units(
    session: Session, scope: Scope, lane: str, *, salt: str, limit: int
) -> tuple[list[str], int]:
    """Draw units that are compared and lie in the scope; beside them how many there are."""
    wanted = (
        sa.select(UNIT.c.unit_id, sa.func.count().over())
        .join(RECORD, (RECORD.c.lane == UNIT.c.lane) & (RECORD.c.unit_id == UNIT.c.unit_id))
        .where(UNIT.c.lane == lane, ~RECORD.c.is_silent, scope.covers(UNIT.c.area_code))
        .order_by(_drawn(salt, UNIT.c.unit_id))
        .limit(limit)
    )
    rows = session.execute(wanted).all()
    return [unit_id for unit_id, _ in rows], int(rows[0][1]) if rows else 0


def _drawn(salt: str, *names: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Give an order that is another for every salt, and always the same for one."""
    return sa.func.md5(sa.func.concat_ws("|", salt, *names))
