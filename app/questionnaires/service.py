"""Publish questionnaires and give them, with their lists, to whoever asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from app.areas.lists import kelurahan_csv, wilayah_csv
from app.questionnaires import repository
from app.questionnaires.errors import VersionTaken
from app.questionnaires.models import Questionnaire, QuestionnaireList, State
from forms.compile import Compiled
from forms.xform import read_xform


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing did."""

    form_id: str
    version: str
    is_new: bool
    renewed_lists: tuple[str, ...]


def area_lists(session: Session, lane: str) -> dict[str, bytes]:
    """Give the lists that the office's own region tree supplies."""
    return {
        "kelurahan.csv": kelurahan_csv(session, lane),
        "wilayah.csv": wilayah_csv(session, lane),
    }


def publish(session: Session, form: Compiled, *, actor: str, now: datetime) -> Publication:
    """Publish a compiled form, or renew the lists of a version that is published already.

    Raises FormsError where our own engine cannot read it, VersionTaken where the version is
    published with other content.
    """
    read_xform(form.xform)  # what the server could not check is not offered to phones
    digest = sha256(form.xform).hexdigest()
    held = repository.find(session, form.form_id, form.version)
    if held is not None and held.sha256 != digest:
        raise VersionTaken(form.form_id, form.version)
    if held is None:
        fresh = Questionnaire(
            form_id=form.form_id,
            version=form.version,
            title=form.title,
            xform=form.xform,
            sha256=digest,
            state=State.PUBLISHED,
            published_at=now,
            published_by=actor,
        )
        repository.add(session, fresh)
    renewed = _renew_lists(session, form.form_id, form.version, form.media, now)
    return Publication(form.form_id, form.version, held is None, tuple(renewed))


def _renew_lists(
    session: Session, form_id: str, version: str, media: Mapping[str, bytes], now: datetime
) -> list[str]:
    present = repository.list_names(session, form_id, version)
    renewed = []
    for name, body in sorted(media.items()):
        digest = sha256(body).hexdigest()
        if present.get(name) != digest:
            state = QuestionnaireList(
                form_id=form_id, version=version, name=name, since=now, sha256=digest, body=body
            )
            repository.add(session, state)
            renewed.append(name)
    return renewed
