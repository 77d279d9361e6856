"""A list of entities as a phone downloads it, and which of its entities are gone."""

import csv
import io
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from app.areas.scope import Scope
from app.core.db import table_of
from app.intake.entity_door import EntityList, Table, Told
from app.intake.feed import has_changed, last_change
from app.intake.journal import SqlJournal
from app.questionnaires.models import Questionnaire, State
from app.questionnaires.repository import offered
from app.questionnaires.shelf import tree_of
from app.registry.entity_rules import ENTITY as LIST
from app.registry.entity_rules import EPOCH_STEP, USAHA
from app.registry.models import Entity
from forms.errors import FormsError

ENTITY = table_of(Entity)
FORM = table_of(Questionnaire)
_MOST_NAMES = 20_000  # scopes in which somebody asked
# columns that forms may ask for before anybody gave them
_ALWAYS = {USAHA: ("idsubsls", "kbli", "business_name", "owner_name")}


class _Row(NamedTuple):
    entity_id: str
    label: str
    number: int
    fields: Mapping[str, str]


def entity_csv(
    session: Session,
    scope: Scope,
    lane: str,
    dataset: str,
    declared: Collection[str] | None = None,
) -> bytes:
    """Give the entities of a list within the scope, by id.

    Columns `name`, `label`, `__version` and the properties that forms save (`declared`, where the
    caller knows them), or entities have. Equal entities give equal bytes.
    """
    rows = _rows(session, scope, lane, dataset)
    saved = _declared(session, dataset) if declared is None else declared
    step = SqlJournal(session).epoch * EPOCH_STEP
    columns = _columns(dataset, saved, rows)
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


@dataclass(slots=True)
class _Kept:
    """A table as it was when the feed of its lane had come to `seq`; packed as long as room is."""

    seq: int
    name: str
    table: Table | None


class KeptTables:
    """The tables of a list made last, up to so many bytes, for phones that ask again.

    The feed tells of every change of an entity, where it is and where it left, also when the
    journal's projections are made anew. So a table stands until the feed of its lane has something
    new of the list in its scope. What it is called is remembered longer than what is in it: a phone
    that has it already gets neither made.
    """

    def __init__(self, dataset: str, most: int = 64_000_000, told: int = 32_000_000) -> None:
        self._dataset = dataset
        self._told = Told(told)
        self._most = most
        self._size = 0
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._lock = Lock()
        self._making = Lock()  # one at a time: the largest takes a hundred megabytes
        self._declared: tuple[_Marks, frozenset[str]] = (frozenset(), frozenset())

    def table(self, session: Session, scope: Scope, lane: str, name: str = "") -> Table:
        """Give the table that was told by this name, else one made anew where that is needed."""
        if (former := self._told.find(scope, lane, name)) is not None:
            return former
        key, seq, declared = self._asked(session, scope, lane)
        if (kept := self._current(session, scope, key, seq)) and (held := kept.table):
            return held
        with self._making:
            if (kept := self._current(session, scope, key, seq)) and (held := kept.table):
                return held  # somebody else made it meanwhile
            made = Table.of(entity_csv(session, scope, lane, self._dataset, declared))
            self._keep(key, _Kept(seq, made.name, made))
            self._told.keep(scope, lane, made)
        return made

    def name(self, session: Session, scope: Scope, lane: str) -> str:
        """Give what the table is called."""
        key, seq, _ = self._asked(session, scope, lane)
        kept = self._current(session, scope, key, seq)
        return self.table(session, scope, lane).name if kept is None else kept.name

    def _asked(
        self, session: Session, scope: Scope, lane: str
    ) -> tuple["_Key", int, frozenset[str]]:
        """Give what tells this table from others, how far the feed goes, and what forms save."""
        declared = self._saved(session)
        key = (lane, scope.areas, SqlJournal(session).epoch, declared)
        return key, last_change(session, lane), declared

    def _current(self, session: Session, scope: Scope, key: "_Key", seq: int) -> _Kept | None:
        """Give what is kept, if it is true by what the session sees or by something newer."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            self._kept.move_to_end(key)
            since = kept.seq
        if since < seq:
            if has_changed(session, scope, key[0], (LIST, f"{self._dataset}/"), since):
                return None
            with self._lock:
                if kept.seq == since:
                    kept.seq = seq
        return kept

    def _keep(self, key: "_Key", made: _Kept) -> None:
        with self._lock:
            self._unpack(self._kept.pop(key, None))
            self._kept[key] = made
            self._size += 0 if made.table is None else len(made.table.packed)
            oldest = iter(self._kept.values())
            while self._size > self._most:
                self._unpack(next(oldest))
            if len(self._kept) > _MOST_NAMES:
                self._unpack(self._kept.popitem(last=False)[1])

    def _unpack(self, kept: _Kept | None) -> None:
        """Let the content of a table go."""
        if kept is not None and kept.table is not None:
            self._size -= len(kept.table.packed)
            kept.table = None

    def _saved(self, session: Session) -> frozenset[str]:
        """Give the properties that published forms save, read anew when others are published."""
        marks = _marks(session)
        if marks != self._declared[0]:
            self._declared = (marks, frozenset(_declared(session, self._dataset)))
        return self._declared[1]


_Marks = frozenset[tuple[str, str]]
_Key = tuple[str, tuple[str, ...], int, frozenset[str]]


def entity_list(dataset: str) -> EntityList:
    """Give a list of entities as the door for form clients wants it."""
    kept = KeptTables(dataset)
    return EntityList(kept.table, kept.name, partial(gone, dataset=dataset))


def _marks(session: Session) -> _Marks:
    """Give which forms are published, by what is in them."""
    wanted = sa.select(FORM.c.form_id, FORM.c.sha256).where(FORM.c.state == State.PUBLISHED)
    return frozenset((form_id, digest) for form_id, digest in session.execute(wanted))


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


def _columns(dataset: str, declared: Iterable[str], rows: Sequence[_Row]) -> list[str]:
    first = list(_ALWAYS.get(dataset, ()))
    names = {name for row in rows for name in row.fields}.union(declared)
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
