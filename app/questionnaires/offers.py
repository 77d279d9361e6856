"""What of questionnaires and their lists devices should know: told to the feed by its notes."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from app.core.outbox import leave
from app.questionnaires import repository

QUESTIONNAIRES_TOUCHED = "questionnaires-touched"
QUESTIONNAIRE, LIST = "questionnaire", "list"  # kinds of what is offered
EVERYWHERE = ""  # the lane of what is the same in all


def touched(session: Session, form_id: str) -> None:
    """Note, within the transaction, that a version or a list of a form has changed."""
    leave(session, QUESTIONNAIRES_TOUCHED, EVERYWHERE, [form_id])


def offers(session: Session) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give kind, key and content of every version, closed ones too, and of its lists.

    A device keeps what is closed for documents that it has begun.
    """
    for each in repository.versions(session):
        home = f"/api/v1/questionnaires/{each.form_id}/{each.version}"
        version = {"form_id": each.form_id, "version": each.version}
        yield (
            QUESTIONNAIRE,
            f"{each.form_id}/{each.version}",
            {
                **version,
                "title": each.title,
                "state": str(each.state),
                "published_at": each.published_at.isoformat(),
                "sha256": each.sha256,
                "path": f"{home}/form.xml",
            },
        )
        lists = repository.list_names(session, each.form_id, each.version)
        for name, sha256 in lists.items():
            yield (
                LIST,
                f"{each.form_id}/{each.version}/{name}",
                {**version, "name": name, "sha256": sha256, "path": f"{home}/lists/{name}"},
            )
