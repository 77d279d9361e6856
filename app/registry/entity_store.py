"""The entity projector's SQL: whole lanes, on nobody's behalf, hence without a scope."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import table_of
from app.core.rows import flat, insert, upsert
from app.registry.entity_rules import Held, Said
from app.registry.entity_stories import Chapter, Name
from app.registry.models import Entity, EntityConflict, EntityVersion

ENTITY = table_of(Entity)
VERSION = table_of(EntityVersion)
CONFLICT = table_of(EntityConflict)


def keep(session: Session, said: Sequence[Said]) -> None:
    """Write down what was said, with the versions that it became."""
    upsert(session, VERSION, flat(VERSION, said))


def words_on(session: Session, lane: str, names: Collection[Name]) -> dict[Name, list[Said]]:
    """Give all that was said of these entities."""
    if not names:
        return {}
    wanted = sa.select(VERSION).where(VERSION.c.lane == lane, _named(VERSION, names))
    found: dict[Name, list[Said]] = {name: [] for name in names}
    for row in session.execute(wanted).mappings():
        found[row["dataset"], row["entity_id"]].append(Said(**row))
    return found


def held(session: Session, lane: str, names: Collection[Name]) -> dict[Name, Held]:
    """Give these entities as they stand."""
    wanted = sa.select(ENTITY).where(ENTITY.c.lane == lane, _named(ENTITY, names))
    rows = [Held(**row) for row in session.execute(wanted).mappings()]
    return {(row.dataset, row.entity_id): row for row in rows}


def replace(session: Session, lane: str, chapters: Sequence[Chapter]) -> None:
    """Write what entities have become in the place of what they were."""
    anew = [(each.held.dataset, each.held.entity_id) for each in chapters if each.anew]
    if anew:
        session.execute(sa.delete(CONFLICT).where(CONFLICT.c.lane == lane, _named(CONFLICT, anew)))
    upsert(session, ENTITY, flat(ENTITY, [each.held for each in chapters]))
    told = [conflict for each in chapters for conflict in each.conflicts]
    insert(session, CONFLICT, flat(CONFLICT, told))


def _named(table: sa.Table, names: Collection[Name]) -> sa.ColumnElement[bool]:
    """Give the condition that a row is of one of these entities, as two arrays however many."""
    datasets, ids = zip(*sorted(names), strict=True)
    texts = sa.ARRAY(sa.Text)
    listed = (
        sa.func.unnest(sa.literal(list(datasets), texts), sa.literal(list(ids), texts))
        .table_valued("dataset", "entity_id")
        .render_derived()
    )
    return sa.tuple_(table.c.dataset, table.c.entity_id).in_(
        sa.select(listed.c.dataset, listed.c.entity_id)
    )
