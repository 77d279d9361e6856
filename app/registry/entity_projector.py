"""The entities of a lane as a fold over its journal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from sqlmodel import Session, SQLModel

from app.intake.feed import Change, publish
from app.questionnaires.shelf import Shelf
from app.registry import entity_store as store
from app.registry.entity_reading import said_by
from app.registry.entity_rules import ENTITY, Held, numbered, standing, story_of
from app.registry.entity_store import Name
from app.registry.models import Entity, EntityConflict, EntityVersion
from sync.journal import Entry


class EntitiesProjector:
    """Keeps entities, what was said of each, and conflicts.

    Each batch says which entities it touches; those are told anew from everything said of them, so
    that the result depends on the journal alone, not on how it was cut into batches.
    """

    name: ClassVar = "entities"
    tables: ClassVar[Sequence[type[SQLModel]]] = (Entity, EntityVersion, EntityConflict)
    feeds: ClassVar[Sequence[str]] = (ENTITY,)

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
        names = {(word.dataset, word.entity_id) for word in said}
        words = store.words_on(session, lane, names)
        stories = {name: story_of(words[name]) for name in sorted(names)}
        known = {
            (each.position, each.ordinal): each.number for some in words.values() for each in some
        }
        store.keep(
            session,
            [
                word
                for story in stories.values()
                for word in numbered(story)
                if word.number != known[word.position, word.ordinal]
            ],
        )
        before = store.areas_of(session, lane, names)
        standings = [standing(words[name], story) for name, story in stories.items()]
        conflicts = [conflict for story in stories.values() for conflict in story.conflicts]
        store.replace(session, lane, standings, conflicts)
        changes = [change for each in standings for change in _told(each, before)]
        publish(session, lane, changes)


def _told(entity: Held, before: Mapping[Name, str]) -> Iterator[Change]:
    """Give what devices should learn; an entity that moved leaves a tombstone where it was."""
    moved_from = before.get((entity.dataset, entity.entity_id), entity.area_code)
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
