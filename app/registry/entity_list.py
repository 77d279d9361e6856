"""A list of entities as a phone downloads it, and which of its entities are gone."""

import csv
import io
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from app.areas.scope import Scope
from app.core.db import table_of
from app.intake.entity_door import EntityList
from app.intake.journal import SqlJournal
from app.questionnaires.repository import offered
from app.questionnaires.shelf import tree_of
from app.registry.entity_rules import EPOCH_STEP, USAHA
from app.registry.models import Entity
from forms.errors import FormsError

ENTITY = table_of(Entity)
# columns that forms may ask for before anybody gave them
_ALWAYS = {USAHA: ("idsubsls", "kbli", "business_name", "owner_name")}


class _Row(NamedTuple):
    entity_id: str
    label: str
    number: int
    fields: Mapping[str, str]


def entity_csv(session: Session, scope: Scope, lane: str, dataset: str) -> bytes:
    """Give the entities of a list within the scope, by id.

    Columns `name`, `label`, `__version` and the properties that forms save, or entities have.
    Equal entities give equal bytes.
    """
    rows = _rows(session, scope, lane, dataset)
    step = SqlJournal(session).epoch * EPOCH_STEP
    columns = _columns(session, dataset, rows)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("name", "label", "__version", *columns))
    for row in rows:
        fields = (row.fields.get(name, "") for name in columns)
        writer.writerow((row.entity_id, row.label, step + row.number, *fields))
    return file.getvalue().encode()


def gone(
    session: Session, scope: Scope, lane: str, ids: Sequence[str], dataset: str
) -> Mapping[str, bool]:
    """Tell of each id whether a phone should forget it: deleted, or not in the scope any more.

    What has not arrived yet is not gone: a phone asks for its own as well.
    """
    wanted = sa.select(
        ENTITY.c.entity_id, sa.or_(ENTITY.c.is_deleted, ~scope.covers(ENTITY.c.area_code))
    ).where(
        ENTITY.c.lane == lane,
        ENTITY.c.dataset == dataset,
        ENTITY.c.number > 0,
        ENTITY.c.entity_id == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.Text))),
    )
    found = {row[0]: bool(row[1]) for row in session.execute(wanted)}
    return {each: found.get(each, False) for each in ids}


def entity_list(dataset: str) -> EntityList:
    """Give a list of entities as the door for form clients wants it."""
    return EntityList(partial(entity_csv, dataset=dataset), partial(gone, dataset=dataset))


def _rows(session: Session, scope: Scope, lane: str, dataset: str) -> list[_Row]:
    wanted = (
        sa.select(ENTITY.c.entity_id, ENTITY.c.label, ENTITY.c.number, ENTITY.c.fields)
        .where(
            ENTITY.c.lane == lane,
            ENTITY.c.dataset == dataset,
            ENTITY.c.number > 0,
            ~ENTITY.c.is_deleted,
            scope.covers(ENTITY.c.area_code),
        )
        .order_by(ENTITY.c.entity_id.collate("C"))
    )
    return [_Row(*row) for row in session.execute(wanted)]


def _columns(
    session: Session,
    dataset: str,
    rows: Sequence[_Row],
) -> list[str]:
    first = list(_ALWAYS.get(dataset, ()))
    names = {name for row in rows for name in row.fields} | _declared(session, dataset)
    return first + sorted(names - set(first) - {"name", "label"})


def _declared(session: Session, dataset: str) -> set[str]:
    """Give the properties that published forms save to a list."""
    names: set[str] = set()
    for form in offered(session):
        try:
            declared = tree_of(form.xform).entities
        except FormsError:
            continue
        names.update(*(each.saves for each in declared if each.dataset == dataset))
    return {name for name in names if not name.startswith("__")}
