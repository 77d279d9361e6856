"""Accounts, logins and tokens; every change leaves an audit entry."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from sqlmodel import Session

from app.auth import repository, rules
from app.auth.actor import (
    API,
    HAND_IN,
    SESSION,
    Actor,
    actor_of,
    clear_session_cookie,
    fingerprint,
    openrosa_actor,
    set_session_cookie,
)
from app.auth.models import Account, AuditEntry, Role
from app.auth.repository import Known
from app.auth.scope import NATION, Scope
from app.core.db import advisory_lock
from app.core.ids import new_id, new_token
from app.core.problems import Conflict, NotFound, TooManyRequests, Unauthenticated
from app.core.security import hash_password, password_matches, sign_token, token_digest
from app.core.settings import Settings

__all__ = [
    "LogIn",
    "account_named",
    "accounts",
    "authenticate",
    "change_password",
    "clear_session_cookie",
    "create_account",
    "deactivate",
    "issue_openrosa_token",
    "log_in",
    "openrosa_actor",
    "revoke_openrosa_tokens",
    "set_session_cookie",
    "wrong_login",
]


@dataclass(frozen=True, slots=True)
class LogIn:
    """A login that succeeded: who, and the token that says so for `expires_in` seconds."""

    actor: Actor
    token: str
    expires_in: int


def create_account(  # noqa: PLR0913 - one account has these facts
    session: Session,
    *,
    user_name: str,
    display_name: str,
    password: str,
    role: Role,
    areas: Sequence[str],
    actor: str,
    now: datetime,
    account_id: UUID | None = None,
) -> Account:
    """Create an account; raises Invalid (name, password, areas) or Conflict (name taken)."""
    name = rules.checked_user_name(user_name)
    rules.check_password(password, name)
    codes = rules.checked_areas(role, areas)
    advisory_lock(session, "account", name)
    if repository.by_user_name(session, name) is not None:
        raise Conflict(
            "Nama pengguna ini sudah dipakai: pilih yang lain.",
            "This user name is taken: choose another.",
            code="user_name_taken",
        )
    account = Account(
        id=account_id or new_id(),
        user_name=name,
        display_name=display_name.strip() or name,
        password_hash=hash_password(password),
        role=role,
        created_at=now,
    )
    repository.add_account(session, account, codes)
    _audit(session, actor, "account.create", account.id, now, role=role, areas=codes)
    return account


def change_password(
    session: Session, account_id: UUID, password: str, *, actor: str, now: datetime
) -> None:
    """Set a new password; all logins and tokens of the old one end. Raises Invalid, NotFound."""
    known = _existing(session, account_id, NATION)
    rules.check_password(password, known.user_name)
    repository.set_password(session, account_id, hash_password(password))
    repository.forget_failures(
        session, user=rules.user_digest(known.user_name), before=now - rules.WINDOW
    )
    _audit(session, actor, "account.password", account_id, now)


def deactivate(
    session: Session, account_id: UUID, *, scope: Scope, actor: str, now: datetime
) -> None:
    """Close an account within `scope`: it loses access at once. Raises NotFound."""
    _existing(session, account_id, scope)
    repository.set_inactive(session, account_id)
    revoked = repository.revoke_tokens(session, account_id, now)
    _audit(session, actor, "account.deactivate", account_id, now, tokens_revoked=revoked)


def accounts(session: Session, scope: Scope) -> Sequence[Known]:
    """List the accounts that work wholly within the scope."""
    return repository.accounts(session, scope)


def account_named(session: Session, user_name: str, scope: Scope) -> Known:
    """Find an account by its name; raises NotFound, also outside the scope."""
    name = rules.known_shape(user_name)
    known = None if name is None else repository.by_user_name(session, name)
    return _within(known, scope)


def authenticate(
    session: Session,
    user_name: str,
    password: str,
    address: str,
    now: datetime,
    *,
    closed_too: bool = False,
) -> Known | None:
    """Give the open account whose name and password these are, None where they are not.

    A failure is noted in the caller's transaction, which must therefore commit: answer None, do
    not raise. Raises TooManyRequests, with how long to wait, after too many failures of the
    account or the address. An unknown name takes as long as a wrong password.
    """
    user, place = rules.user_digest(user_name), rules.address_digest(address)
    advisory_lock(session, "login", user)  # guesses at one account queue up, and so are counted
    _check_throttle(session, user, place, now)
    name = rules.known_shape(user_name)
    known = None if name is None else repository.by_user_name(session, name)
    right = _password_is(known, password)
    if right and known is not None and (known.is_active or closed_too):
        repository.forget_failures(session, user=user, before=now - rules.WINDOW)
        return known
    repository.add_failure(session, user, place, now)
    return None


def log_in(
    session: Session,
    user_name: str,
    password: str,
    *,
    address: str,
    now: datetime,
    settings: Settings,
    purpose: str = SESSION,
) -> LogIn | None:
    """Log somebody in on the pages (SESSION) or by token (API); None and TooManyRequests as above.

    By token, a closed account may still hand in what it has: its token serves for that alone.
    With None, answer `wrong_login()` without raising it, so that the failure is counted.
    """
    known = authenticate(session, user_name, password, address, now, closed_too=purpose == API)
    if known is None:
        return None
    hours, minutes = settings.session_hours, settings.access_token_minutes
    lifetime = timedelta(minutes=minutes) if purpose == API else timedelta(hours=hours)
    token = sign_token(
        str(known.id),
        purpose if known.is_active else HAND_IN,
        key=settings.signing_key(),
        now=now,
        lifetime=lifetime,
        pwd=fingerprint(known),
    )
    return LogIn(actor_of(known), token, int(lifetime.total_seconds()))


def wrong_login() -> Unauthenticated:
    """Give the one answer to a wrong name, a wrong password and a closed account."""
    return Unauthenticated(
        "Nama pengguna atau kata sandi salah.",
        "Wrong user name or password.",
        code="wrong_login",
    )


def issue_openrosa_token(
    session: Session, account_id: UUID, *, actor: str, now: datetime, token: str | None = None
) -> str:
    """Give a token for ODK Collect's address; it is told this once, only its hash is kept.

    A caller may bring the token; bringing one again changes nothing. Raises NotFound, and Conflict
    for one that is another account's or revoked.
    """
    _existing(session, account_id, NATION)
    secret = token or new_token()
    digest = token_digest(secret)
    if not repository.has_token(session, digest):
        repository.add_token(session, digest, account_id, now)
        _audit(session, actor, "openrosa_token.issue", account_id, now)
    holder = repository.by_openrosa_token(session, digest)
    if holder is None or holder.id != account_id:
        raise Conflict(
            "Token ini sudah dicabut atau milik akun lain: buat yang baru.",
            "This token was revoked or is another account's: make a new one.",
            code="token_used",
        )
    return secret


def revoke_openrosa_tokens(session: Session, account_id: UUID, *, actor: str, now: datetime) -> int:
    """Revoke all OpenRosa tokens of an account; give how many. Raises NotFound."""
    _existing(session, account_id, NATION)
    revoked = repository.revoke_tokens(session, account_id, now)
    _audit(session, actor, "openrosa_token.revoke", account_id, now, tokens_revoked=revoked)
    return revoked


def _existing(session: Session, account_id: UUID, scope: Scope) -> Known:
    return _within(repository.by_id(session, account_id), scope)


def _within(known: Known | None, scope: Scope) -> Known:
    if known is None or not all(scope.includes(code) for code in known.places):
        raise NotFound
    return known


def _check_throttle(session: Session, user: str, place: str, now: datetime) -> None:
    since = now - rules.WINDOW
    wait = max(
        rules.wait_of(
            repository.failures_of_user(session, user, since), rules.FAILURES_OF_ACCOUNT, now
        ),
        rules.wait_of(
            repository.failures_of_address(session, place, since), rules.FAILURES_OF_ADDRESS, now
        ),
    )
    if wait > timedelta(0):
        minutes = math.ceil(wait / timedelta(minutes=1))
        raise TooManyRequests(
            f"Terlalu banyak percobaan masuk yang gagal. Coba lagi dalam {minutes} menit.",
            f"Too many failed logins. Try again in {minutes} minutes.",
            retry_after=math.ceil(wait.total_seconds()),
        )


def _password_is(known: Known | None, password: str) -> bool:
    hashed = _nobody() if known is None else known.password_hash
    return password_matches(password[: rules.LONGEST_PASSWORD + 1], hashed)


@lru_cache
def _nobody() -> str:
    """Give the hash that an unknown user's password is held against, to take the same time."""
    return hash_password(new_token())


def _audit(
    session: Session, actor: str, action: str, account_id: UUID, now: datetime, **detail: object
) -> None:
    entry = AuditEntry(at=now, actor=actor, action=action, subject=str(account_id), detail=detail)
    repository.add_audit(session, entry)
