"""Where enumerators work, as assignments say it: one of them answers for a sub-SLS, no other."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.areas import repository as region
from app.areas.codes import LENGTHS, Level
from app.auth import repository
from app.auth.models import AuditEntry, Role
from app.auth.repository import Known
from app.auth.scope import Scope

_LEAF = LENGTHS[Level.SUB_SLS]


def let_work(
    session: Session, idsubsls: str, officer: UUID | None, *, actor: str, now: datetime
) -> None:
    """Let one enumerator, or nobody, answer for a sub-SLS; who did before does no longer.

    Who had it as part of a wider area keeps the other sub-SLS of that. Doing it again changes
    nothing. Supervisors and others who see the area are not touched.
    """
    for known in repository.in_role_over(session, Role.ENUMERATOR, idsubsls):
        if known.id != officer:
            left = _without(session, known.areas, idsubsls)
            _move(session, known, left, actor=actor, now=now)
    holder = None if officer is None else repository.by_id(session, officer)
    if holder is None or holder.role != Role.ENUMERATOR:
        return
    if not any(idsubsls.startswith(area) for area in holder.areas):
        _move(session, holder, [*holder.areas, idsubsls], actor=actor, now=now)


def _without(session: Session, areas: Iterable[str], idsubsls: str) -> list[str]:
    left: list[str] = []
    for area in areas:
        if not idsubsls.startswith(area):
            left.append(area)
        elif area != idsubsls:
            leaves = region.of_level(session, Scope((area,)), area, _LEAF)
            left += [leaf.code for leaf in leaves if leaf.code != idsubsls]
    return left


def _move(session: Session, known: Known, areas: list[str], *, actor: str, now: datetime) -> None:
    home = "" if areas else known.places[0]
    repository.set_areas(session, known.id, areas, home)
    told = {"areas": sorted(areas)}
    entry = AuditEntry(
        at=now, actor=actor, action="account.areas", subject=str(known.id), detail=told
    )
    repository.add_audit(session, entry)
