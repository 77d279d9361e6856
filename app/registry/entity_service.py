"""Entities as people see them: what is held, what contends, and what the office says about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.areas.scope import Scope
from app.auth.actor import Actor
from app.auth.models import Role
from app.core.db import table_of
from app.core.problems import Forbidden, Invalid, NotFound
from app.intake.service import decide as append
from app.registry.entity_rules import ENTITY
from app.registry.models import Entity, EntityConflict, EntityVersion
from sync.envelope import Arrival
from sync.receipts import Receipt

DECIDERS = frozenset({Role.SUPERVISOR, Role.COORDINATOR, Role.REGENCY_ADMIN, Role.NATIONAL_ADMIN})
ROW = table_of(Entity)
CONFLICT = table_of(EntityConflict)
VERSION = table_of(EntityVersion)
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class OpenEntity:
    """An entity that wants a person's eyes, with its conflicts and the words that wait."""

    entity: Mapping[str, object]
    conflicts: Sequence[Mapping[str, object]]
    held: Sequence[Mapping[str, object]]


def open_entities(
    session: Session, scope: Scope, *, after: str = "", limit: int = 50
) -> list[OpenEntity]:
    """Give entities of the scope of which something contends or waits, by id after `after`."""
    wanted = (
        sa.select(ROW)
        .where(
            scope.covers(ROW.c.area_code),
            sa.or_(ROW.c.held_count > 0, ROW.c.conflict_count > 0),
            ROW.c.entity_id.collate("C") > after,
        )
        .order_by(ROW.c.entity_id.collate("C"), ROW.c.lane, ROW.c.dataset)
        .limit(limit)
    )
    return [_opened(session, dict(row)) for row in session.execute(wanted).mappings()]


def decide(  # noqa: PLR0913 - a decision is made of these facts
    session: Session,
    actor: Actor,
    lane: str,
    dataset: str,
    entity_id: str,
    *,
    number: int,
    fields: Mapping[str, str],
    deleted: bool | None,
    decision_id: UUID,
    now: datetime,
    forces: Sequence[str] = (),
) -> Receipt:
    """Say what an entity is: settle the conflicts up to version `number`, which was seen.

    `fields` are those to be set; `deleted` removes the entity from phones, or brings it back.
    `forces` are instance ids of what waits and is to happen though what it builds on never came.
    The same decision id again changes nothing. Raises NotFound, Forbidden, Invalid.
    """
    if actor.role not in DECIDERS:
        raise Forbidden(
            "Hanya pengawas dan admin yang dapat memutuskan daftar usaha.",
            "Only supervisors and admins decide about lists of entities.",
        )
    wanted = sa.select(ROW.c.entity_id).where(
        ROW.c.lane == lane,
        ROW.c.dataset == dataset,
        ROW.c.entity_id == entity_id,
        actor.scope.covers(ROW.c.area_code),
    )
    if session.execute(wanted).first() is None:
        raise NotFound
    if not set(forces) <= _held(session, lane, dataset, entity_id):
        raise NotFound(
            "Kiriman ini tidak menunggu lagi. Muat ulang halaman.",
            "This submission does not wait any more. Reload the page.",
        )
    if any(len(text) > _LONGEST or "\x00" in name + text for name, text in fields.items()):
        raise Invalid("Isian terlalu panjang.", "A field is too long.", code="field_too_long")
    content: dict[str, object] = {
        "dataset": dataset,
        "entity_id": entity_id,
        "number": number,
        "fields": dict(fields),
        "deleted": deleted,
    }
    if forces:
        content["forces"] = sorted(forces)
    arrival = Arrival(lane=lane, actor=str(actor.id), received_at=now, door="office")
    return append(session, ENTITY, str(decision_id), content, arrival)


def _held(session: Session, lane: str, dataset: str, entity_id: str) -> set[str]:
    wanted = sa.select(VERSION.c.instance_id).where(
        VERSION.c.lane == lane,
        VERSION.c.dataset == dataset,
        VERSION.c.entity_id == entity_id,
        VERSION.c.number.is_(None),
    )
    return set(session.execute(wanted).scalars())


def _opened(session: Session, entity: dict[str, object]) -> OpenEntity:
    def about(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
        return tuple(table.c[name] == entity[name] for name in ("lane", "dataset", "entity_id"))

    said = VERSION.alias("said")
    conflicts = (
        sa.select(CONFLICT, said.c.instance_id)
        .join(
            said,
            sa.and_(
                said.c.lane == CONFLICT.c.lane,
                said.c.dataset == CONFLICT.c.dataset,
                said.c.entity_id == CONFLICT.c.entity_id,
                said.c.number == CONFLICT.c.number,
            ),
        )
        .where(*about(CONFLICT))
        .order_by(CONFLICT.c.number, CONFLICT.c.field)
    )
    held = (
        sa.select(VERSION)
        .where(*about(VERSION), VERSION.c.number.is_(None))
        .order_by(VERSION.c.position)
    )
    return OpenEntity(
        entity,
        [dict(row) for row in session.execute(conflicts).mappings()]
        if entity["conflict_count"]
        else [],
        [dict(row) for row in session.execute(held).mappings()] if entity["held_count"] else [],
    )
