"""Codebooks of published versions, with the lists as they stand now."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from app.core.problems import NotFound
from app.export.codebook import codebook_of
from app.questionnaires import repository
from app.questionnaires.shelf import Shelf, tree_of
from forms.codebook.book import Codebook, ListNote
from forms.lists import Lists


def published_codebook(session: Session, form_id: str, version: str, now: datetime) -> Codebook:
    """Give the codebook of a published version. Raises NotFound."""
    found = repository.find(session, form_id, version)
    if found is None:
        raise NotFound
    lists = Shelf(session).lists(form_id, version, now)
    return codebook_of(tree_of(found.xform), _notes(session, form_id, version, lists))


def _notes(session: Session, form_id: str, version: str, lists: Lists) -> Iterator[ListNote]:
    newest = {state.name: state for state in repository.list_states(session, form_id, version)}
    for name, state in newest.items():
        stem = name.rpartition(".")[0] or name
        table = lists.table(stem)
        if table is not None:
            yield ListNote(stem, len(table.rows), state.since.date().isoformat(), state.sha256)
