"""A list of entities as a phone downloads it, and which of its entities are gone."""

import csv
import io
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from functools import partial
from threading import Lock
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


class KeptTables:
    """The tables made last, up to so many bytes, for phones that ask again.

    A table is told by what it is made from: a change of an entity has a position above all before,
    so that the number of entities in a scope and the last position of any tell every state apart.
    """

    def __init__(self, most: int = 64_000_000) -> None:
        self._most = most
        self._size = 0
        self._tables: OrderedDict[tuple[Hashable, ...], bytes] = OrderedDict()
        self._lock = Lock()

    def table(self, session: Session, scope: Scope, lane: str, dataset: str) -> bytes:
        """Give a table as `entity_csv` does, made anew only where something has changed."""
        key = _state(session, scope, lane, dataset)
        with self._lock:
            held = self._tables.get(key)
            if held is not None:
                self._tables.move_to_end(key)
                return held
        made = entity_csv(session, scope, lane, dataset)
        with self._lock:
            if key not in self._tables:
                self._tables[key] = made
                self._size += len(made)
            while self._size > self._most:
                self._size -= len(self._tables.popitem(last=False)[1])
        return made


def entity_list(dataset: str) -> EntityList:
    """Give a list of entities as the door for form clients wants it."""
    kept = KeptTables()
    return EntityList(partial(kept.table, dataset=dataset), partial(gone, dataset=dataset))


def _state(session: Session, scope: Scope, lane: str, dataset: str) -> tuple[Hashable, ...]:
    """Give what a table follows from."""
    entities = sa.select(sa.func.count(), sa.func.max(ENTITY.c.updated_position)).where(
        *_listed(scope, lane, dataset)
    )
    count, last = session.execute(entities).one()
    epoch, declared = SqlJournal(session).epoch, frozenset(_declared(session, dataset))
    return lane, scope.areas, epoch, count, last, declared


def _rows(session: Session, scope: Scope, lane: str, dataset: str) -> list[_Row]:
    wanted = (
        sa.select(ENTITY.c.entity_id, ENTITY.c.label, ENTITY.c.number, ENTITY.c.fields)
        .where(*_listed(scope, lane, dataset))
        .order_by(ENTITY.c.entity_id.collate("C"))
    )
    return [_Row(*row) for row in session.execute(wanted)]


def _listed(scope: Scope, lane: str, dataset: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        ENTITY.c.lane == lane,
        ENTITY.c.dataset == dataset,
        ENTITY.c.number > 0,
        ~ENTITY.c.is_deleted,
        scope.covers(ENTITY.c.area_code),
    )


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
