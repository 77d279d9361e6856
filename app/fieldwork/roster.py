"""Who answers for which sub-SLS as the journal says it, also what no projection has read yet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.auth import repository as accounts
from app.auth.scope import Scope
from app.fieldwork import repository
from app.intake.assignments import Assigned, assigned


@dataclass(frozen=True, slots=True)
class Standing:
    """Who works a sub-SLS."""

    officer: UUID
    user_name: str
    display_name: str
    note: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A sub-SLS and who answers for it.

    `reached_by` are enumerators whose account holds it though nobody was assigned to it.
    """

    idsubsls: str
    name: str
    standing: Standing | None
    reached_by: tuple[str, ...] = ()

    @property
    def kelurahan(self) -> str:
        """Give the code of the kelurahan that it lies in."""
        return self.idsubsls[:10]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which sub-SLS somebody wants to see: within an area, of an officer, or without one."""

    area: str = ""
    officer: str = ""
    vacant: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some places, and the sub-SLS behind which to go on."""

    places: Sequence[Place]
    next_after: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One word on a sub-SLS: who worked it from then on, and who said so."""

    position: int
    officer: str
    note: str
    said_by: str
    said_at: datetime


def standing(session: Session, scope: Scope, codes: Collection[str]) -> Mapping[str, Standing]:
    """Give who works these sub-SLS of the scope; what nobody works is absent."""
    rows = repository.assignments_of(session, scope, codes)
    found = {
        row["idsubsls"]: Standing(
            row["officer"],
            row["user_name"],
            row["display_name"],
            row["note"],
            row["assigned_at"],
        )
        for row in rows
    }
    for each in _pending(session, scope, codes):
        found.pop(each.idsubsls, None)
        known = None if each.officer is None else accounts.by_id(session, each.officer)
        if known is not None:
            found[each.idsubsls] = Standing(
                known.id, known.user_name, known.display_name, each.note, each.assigned_at
            )
    return found


def places(session: Session, scope: Scope, wish: Wish, *, after: str = "", limit: int = 50) -> Page:
    """Give the sub-SLS of a wish within the scope, by code, behind `after`."""
    rows = repository.places(
        session,
        scope,
        wish.area,
        officer=wish.officer,
        vacant=wish.vacant,
        after=after,
        limit=limit + 1,
    )
    names = {row["code"]: row["name"] for row in rows[:limit]}
    held = standing(session, scope, names)
    bare = [code for code in names if code not in held]
    reached = repository.reached(session, scope, bare)
    shown = [
        Place(code, name, held.get(code), tuple(reached.get(code, ())))
        for code, name in names.items()
    ]
    return Page(shown, shown[-1].idsubsls if len(rows) > limit else "")


def turns(session: Session, scope: Scope, idsubsls: str) -> list[Turn]:
    """Give everything that was said of a sub-SLS of the scope, the newest first."""
    if not scope.includes(idsubsls):
        return []
    told = [*repository.history(session, scope, idsubsls), *_pending(session, scope, [idsubsls])]
    ids = {each.officer for each in told if each.officer} | {
        UUID(each.assigned_by) for each in told
    }
    names = {key: known.display_name for key, known in accounts.by_ids(session, ids).items()}
    return [
        Turn(
            each.position,
            "" if each.officer is None else names.get(each.officer, ""),
            each.note,
            names.get(UUID(each.assigned_by), ""),
            each.assigned_at,
        )
        for each in sorted(told, key=lambda each: -each.position)
    ]


def _pending(session: Session, scope: Scope, codes: Collection[str]) -> list[Assigned]:
    """Give what the journal says of these sub-SLS behind what the projection has read."""
    wanted = set(codes)
    lanes = sorted({code[:4] for code in wanted})
    entries = [each for lane in lanes for each in repository.unread(session, scope, lane)]
    told = [assigned(each) for each in entries]
    return [each for each in told if each.idsubsls in wanted]
