"""What an administrator has to know of the backup: how much is on this machine alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.models import Role
from app.core.office import Office
from app.intake.repository import unshipped

ADMINS = (Role.REGENCY_ADMIN, Role.NATIONAL_ADMIN)
_PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class BackupNote:
    """So much was handed in since a moment and is nowhere else; without a `place` to bring it."""

    entries: int
    since: datetime
    has_place: bool


def backup_note(session: Session, actor: Actor, office: Office) -> BackupNote | None:
    """Give what to tell of the backup; None where all is well, or where it is not theirs to mend.

    A backup that is a few minutes behind is well.
    """
    if actor.role not in ADMINS:
        return None
    behind = {lane: one for lane, one in unshipped(session).items() if actor.scope.includes(lane)}
    since = min((first for _, first in behind.values()), default=None)
    if since is None or office.clock() - since < _PATIENCE:
        return None
    has_place = office.settings.backup_url is not None
    return BackupNote(sum(count for count, _ in behind.values()), since, has_place)
