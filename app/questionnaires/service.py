"""Publish questionnaires and give them, with their lists, to whoever asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlmodel import Session

from app.areas.lists import kelurahan_csv, wilayah_csv
from app.auth.models import AuditEntry
from app.auth.repository import add_audit
from app.core.problems import NotFound
from app.questionnaires import repository
from app.questionnaires.errors import VersionTaken
from app.questionnaires.models import Questionnaire, QuestionnaireList, State
from app.questionnaires.offers import touched
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


def publish(
    session: Session,
    form: Compiled,
    *,
    actor: str,
    now: datetime,
    note: str = "",
    draft_id: UUID | None = None,
) -> Publication:
    """Publish a compiled form, or renew the lists of a version that is published already.

    `note` says why, `draft_id` which upload it came from.

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
            note=note,
            draft_id=draft_id,
        )
        repository.add(session, fresh)
        audit(
            session, actor, "questionnaire.publish", fresh.form_id, version=fresh.version, now=now
        )
    renewed = _renew_lists(session, form.form_id, form.version, form.media, now)
    if held is None or renewed:
        touched(session, form.form_id)
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


def close(session: Session, form_id: str, version: str, *, actor: str, now: datetime) -> None:
    """Offer a version to phones no longer; what was collected with it stays bound to it.

    Raises NotFound where there is no such version, or it is closed already.
    """
    if not repository.close(session, form_id, version, actor=actor, now=now):
        raise NotFound(
            "Versi ini tidak ada atau sudah ditutup. Muat ulang daftar kuesioner.",
            "This version does not exist or is closed already. Reload the list of questionnaires.",
        )
    touched(session, form_id)
    audit(session, actor, "questionnaire.close", form_id, version=version, now=now)


def audit(
    session: Session, actor: str, action: str, subject: str, *, version: str, now: datetime
) -> None:
    """Note who did what to which questionnaire."""
    entry = AuditEntry(
        at=now, actor=actor, action=action, subject=subject, detail={"version": version}
    )
    add_audit(session, entry)
