"""Who is asking: loaded at each request, so that a closed account is out at once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from app.auth import repository
from app.auth.csrf import refuse_foreign
from app.auth.models import Role
from app.auth.repository import Known
from app.auth.scope import Scope
from app.core.db import reading
from app.core.problems import Forbidden, Unauthenticated
from app.core.security import BadToken, read_token, token_digest
from app.core.settings import Settings

SESSION_COOKIE = "se2026_session"
# purposes of tokens: one never serves for the other
SESSION, API, HAND_IN = "session", "api", "hand-in"

_bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/token", auto_error=False)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is logged in, with the role and the areas of this moment.

    Whose access was `revoked` may hand in what was collected before, and do nothing else. `home`
    is the area that was taken from somebody last: who has none may still hand in.
    """

    id: UUID
    user_name: str
    display_name: str
    role: Role
    scope: Scope
    revoked: bool = False
    home: str = ""

    @property
    def lane(self) -> str:
        """Give the regency that the actor works in; empty or a province for wider scopes."""
        return (self.scope.areas[0] if self.scope.areas else self.home)[:4]


def actor_of(known: Known, *, revoked: bool = False) -> Actor:
    """Give the actor that an account is."""
    scope = Scope.of(known.areas)
    return Actor(
        id=known.id,
        user_name=known.user_name,
        display_name=known.display_name,
        role=Role(known.role),
        scope=scope,
        revoked=revoked,
        home=known.home,
    )


def fingerprint(known: Known) -> str:
    """Give what a token keeps of the password: a new password ends all logins."""
    return token_digest(known.password_hash)[:16]


def actor_of_token(session: Session, claims: dict[str, str]) -> Actor | None:
    """Give the actor that checked claims name, None where the account has changed or is closed."""
    known = _known_of(session, claims)
    return actor_of(known) if known is not None and known.is_active else None


def _known_of(session: Session, claims: dict[str, str]) -> Known | None:
    """Give the account that claims name, open or closed; None where it has a new password."""
    try:
        known = repository.by_id(session, UUID(claims["sub"]))
    except ValueError:
        return None
    return None if known is None or claims.get("pwd") != fingerprint(known) else known


def openrosa_actor(session: Session, token: str) -> Actor | None:
    """Give the actor of an OpenRosa token; None: unknown, revoked, or its account is closed."""
    known = repository.by_openrosa_token(session, token_digest(token))
    return actor_of(known) if known is not None and known.is_active else None


def openrosa_actors(session: Session, tokens: Collection[str]) -> dict[str, Actor]:
    """Give the actors of those OpenRosa tokens that are good, by token."""
    digests = {token_digest(token): token for token in tokens}
    known = repository.by_openrosa_tokens(session, digests)
    return {digests[each]: actor_of(one) for each, one in known.items() if one.is_active}


def former_openrosa_actors(session: Session, tokens: Collection[str]) -> dict[str, Actor]:
    """Give the actors of tokens that were good once and are not now, by token: all revoked."""
    digests = {token_digest(token): token for token in tokens}
    known = repository.by_openrosa_tokens(session, digests, revoked_too=True)
    return {digests[each]: actor_of(one, revoked=True) for each, one in known.items()}


def actors_of(session: Session, account_ids: Collection[UUID]) -> dict[UUID, Actor]:
    """Give the actors of accounts, by account; those of closed ones are revoked."""
    known = repository.by_ids(session, account_ids) if account_ids else {}
    return {each: actor_of(one, revoked=not one.is_active) for each, one in known.items()}


def optional_actor(
    request: Request, bearer: Annotated[str | None, Depends(_bearer)]
) -> Actor | None:
    """Give the actor by bearer token or session cookie, None where neither is good.

    Raises Forbidden where another site acts with the cookie.
    """
    cookie = request.cookies.get(SESSION_COOKIE)
    if bearer is None and cookie is not None:
        refuse_foreign(request)
    token, purpose = (bearer, API) if bearer is not None else (cookie, SESSION)
    if token is None:
        return None
    state = request.app.state
    try:
        claims = read_token(token, purpose, key=state.settings.signing_key(), now=state.clock())
    except BadToken:
        return None
    # a short session of its own: a request never waits for one connection while it holds another
    with reading(state.engine) as session:
        return actor_of_token(session, claims)


def current_actor(actor: Annotated[Actor | None, Depends(optional_actor)]) -> Actor:
    """Give the actor; raises Unauthenticated."""
    if actor is None:
        raise _stranger()
    return actor


def _stranger() -> Unauthenticated:
    return Unauthenticated(
        "Silakan masuk dengan nama pengguna dan kata sandi Anda.",
        "Please log in with your user name and password.",
    )


OptionalActor = Annotated[Actor | None, Depends(optional_actor)]
CurrentActor = Annotated[Actor, Depends(current_actor)]


def require(*roles: Role) -> Callable[[Actor], Actor]:
    """Give a dependency, for `Depends(require(Role.X, …))`: the actor, if in one of these roles."""

    def allowed(actor: CurrentActor) -> Actor:
        return _checked(actor, roles)

    return allowed


def handing_in(*roles: Role) -> Callable[..., Actor]:
    """Give a dependency as `require` does, for the doors by which work is handed in.

    There an officer whose access was revoked is known as well, by a token from before or by one
    that the token endpoint gives to a closed account for this alone.
    """

    def allowed(
        request: Request,
        actor: OptionalActor,
        bearer: Annotated[str | None, Depends(_bearer)],
    ) -> Actor:
        known = actor or (_former(request, bearer) if bearer is not None else None)
        if known is None:
            raise _stranger()
        return _checked(known, roles)

    return allowed


def _former(request: Request, bearer: str) -> Actor | None:
    """Give the actor of a closed account by its token."""
    state = request.app.state
    for purpose in (HAND_IN, API):
        try:
            claims = read_token(
                bearer, purpose, key=state.settings.signing_key(), now=state.clock()
            )
        except BadToken:
            continue
        with reading(state.engine) as session:
            known = _known_of(session, claims)
        return None if known is None else actor_of(known, revoked=not known.is_active)
    return None


def _checked(actor: Actor, roles: Collection[Role]) -> Actor:
    if actor.role not in roles:
        raise Forbidden(
            "Peran Anda tidak memiliki akses ke halaman atau data ini.",
            "Your role has no access to this page or record.",
        )
    return actor


def asking_scope(actor: CurrentActor) -> Scope:
    """Give the area scope of the actor, as a dependency."""
    return actor.scope


def set_session_cookie(response: Response, token: str, settings: Settings) -> None:
    """Log a browser in with the token of a LogIn."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(timedelta(hours=settings.session_hours).total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )


def clear_session_cookie(response: Response, settings: Settings) -> None:
    """Log a browser out."""
    response.delete_cookie(
        SESSION_COOKIE, httponly=True, samesite="lax", secure=settings.secure_cookies
    )
