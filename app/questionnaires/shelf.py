"""Questionnaires and their lists as they stood at a moment, parsed once."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import PurePath

from sqlmodel import Session

from app.questionnaires import models, repository
from app.questionnaires.repository import ListState
from forms.lists import ListTable, StaticLists
from forms.schema import Questionnaire as Tree
from forms.xform import read_xform


class Shelf:
    """What a batch of submissions is checked against: looked up once for each version."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._forms: dict[tuple[str, str], models.Questionnaire | None] = {}
        self._states: dict[tuple[str, str], list[ListState]] = {}
        self._lists: dict[tuple[ListState, ...], StaticLists] = {}

    def form(self, form_id: str, version: str, moment: datetime) -> Tree | None:
        """Give the form, if it was published at that moment."""
        key = (form_id, version)
        if key not in self._forms:
            self._forms[key] = repository.find(self._session, form_id, version)
        found = self._forms[key]
        if found is None or found.published_at > moment:
            return None
        return tree_of(found.xform)

    def is_closed(self, form_id: str, version: str, moment: datetime) -> bool:
        """Whether the version was closed by that moment."""
        found = self._forms.get((form_id, version))
        return found is not None and found.closed_at is not None and found.closed_at <= moment

    def lists(self, form_id: str, version: str, moment: datetime) -> StaticLists:
        """Give the lists of a version in their state of that moment."""
        key = (form_id, version)
        if key not in self._states:
            self._states[key] = repository.list_states(self._session, form_id, version)
        states = {state.name: state for state in self._states[key] if state.since <= moment}
        chosen = tuple(states.values())
        if chosen not in self._lists:
            self._lists[chosen] = StaticLists(
                {
                    state.name.removesuffix(".csv"): self._table(form_id, version, state)
                    for state in chosen
                }
            )
        return self._lists[chosen]

    def _table(self, form_id: str, version: str, state: ListState) -> ListTable:
        if (parsed := _TABLES.get(state.sha256)) is None:
            body = repository.list_body(self._session, form_id, version, state)
            parsed = _TABLES[state.sha256] = ListTable.from_csv(body)
        return parsed


# by content, for the life of the process: an office publishes a handful of list states
_TABLES: dict[str, ListTable] = {}


@lru_cache(maxsize=32)
def tree_of(xform: bytes) -> Tree:
    """Give a form's tree, read once. Raises FormsError."""
    return read_xform(xform)


def tables_of(media: Mapping[str, bytes]) -> StaticLists:
    """Give lists by their files, as expressions ask for them."""
    return StaticLists(
        {
            PurePath(name).stem: ListTable.from_file(name, body)
            for name, body in media.items()
            if PurePath(name).suffix.lower() in (".csv", ".geojson", ".xml")
        }
    )
