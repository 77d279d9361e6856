"""The entities of a lane as a fold over its journal."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from sqlmodel import Session, SQLModel

from app.intake.feed import Change, publish
from app.questionnaires.shelf import Shelf
from app.registry import entity_store as store
from app.registry.entity_reading import said_by
from app.registry.entity_rules import ENTITY, Held, Said
from app.registry.entity_stories import Chapter, Name, Stories
from app.registry.models import Entity, EntityConflict, EntityVersion
from sync.journal import Entry


class EntitiesProjector:
    """Keeps entities, what was said of each, and conflicts.

    Each batch says which entities it touches; those are told from everything said of them, so that
    the result depends on the journal alone, not on how it was cut into batches.
    """

    name: ClassVar = "entities"
    tables: ClassVar[Sequence[type[SQLModel]]] = (Entity, EntityVersion, EntityConflict)
    feeds: ClassVar[Sequence[str]] = (ENTITY,)

    def __init__(self, stories: Stories | None = None) -> None:
        self._stories = stories or Stories()

    def apply(self, session: Session, lane: str, entries: Sequence[Entry]) -> None:
        """Take in the next entries of a lane."""
        shelf = Shelf(session)
        said = [
            word
            for entry in entries
            for word in said_by(
                entry, lambda one: shelf.form(one.form_id, one.form_version, one.received_at)
            )
        ]
        if not said:
            return
        store.keep(session, said)
        before = store.held(session, lane, {(word.dataset, word.entity_id) for word in said})
        chapters = self._chapters(session, lane, said, before)
        store.keep(session, [word for each in chapters for word in each.numbered])
        store.replace(session, lane, chapters)
        changes = [change for each in chapters for change in _told(each.held, before)]
        publish(session, lane, changes)

    def _chapters(
        self, session: Session, lane: str, said: Sequence[Said], before: Mapping[Name, Held]
    ) -> list[Chapter]:
        """Tell each entity on by what is said of it, or anew by all that ever was."""
        news = defaultdict[Name, list[Said]](list)
        for word in said:
            news[word.dataset, word.entity_id].append(word)
        known = {name for name in news if self._stories.knows(lane, name, before.get(name))}
        words = store.words_on(session, lane, news.keys() - known)
        return [
            self._stories.go_on(lane, name, news[name])
            if name in known
            else self._stories.begin(lane, name, words[name])
            for name in sorted(news)
        ]


def _told(entity: Held, before: Mapping[Name, Held]) -> Iterator[Change]:
    """Give what devices should learn; an entity that moved leaves a tombstone where it was."""
    moved_from = before.get((entity.dataset, entity.entity_id), entity).area_code
    if moved_from != entity.area_code:
        yield _change(entity, moved_from, None)
    is_listed = entity.number > 0 and not entity.is_deleted
    payload = {
        "dataset": entity.dataset,
        "id": entity.entity_id,
        "number": entity.number,
        "label": entity.label,
        "fields": dict(entity.fields),
    }
    yield _change(entity, entity.area_code, payload if is_listed else None)


def _change(entity: Held, area: str, payload: dict[str, Any] | None) -> Change:
    return Change(ENTITY, f"{entity.dataset}/{entity.entity_id}@{area}", area, payload)
