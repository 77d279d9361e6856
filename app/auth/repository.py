"""All SQL about accounts, tokens, failed logins and the audit log."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from app.areas.codes import LENGTHS
from app.auth.models import (
    Account,
    AccountArea,
    AuditEntry,
    LoginFailure,
    OpenRosaToken,
    Role,
)
from app.auth.scope import Scope
from app.core.db import table_of
from app.core.rows import among, insert

_account = table_of(Account)
_area = table_of(AccountArea)
_token = table_of(OpenRosaToken)
_failure = table_of(LoginFailure)
_audit = table_of(AuditEntry)
_areas_of = sa.func.array(
    sa.select(_area.c.area_code)
    .where(_area.c.account_id == _account.c.id)
    .order_by(_area.c.area_code)
    .correlate(_account)
    .scalar_subquery(),
    type_=postgresql.ARRAY(sa.String),
)

_TEXTS = postgresql.ARRAY(sa.Text)


@dataclass(frozen=True, slots=True)
class Known:
    """An account as it stands, with its areas."""

    id: UUID
    user_name: str
    display_name: str
    password_hash: str
    role: str
    is_active: bool
    created_at: datetime
    areas: tuple[str, ...]
    home: str = ""

    @property
    def places(self) -> tuple[str, ...]:
        """Give where it belongs: its areas, or the one that it had last."""
        return self.areas or (self.home,)


@dataclass(slots=True)
class Whereabouts:
    """The areas of an account, and where it belongs while it has none."""

    areas: set[str]
    home: str


def by_id(session: Session, account_id: UUID) -> Known | None:
    """Find an account, active or not."""
    return _one(session, _account.c.id == account_id)


def by_ids(session: Session, account_ids: Collection[UUID]) -> dict[UUID, Known]:
    """Find accounts, active or not, by id."""
    rows = session.execute(_select().where(_account.c.id.in_(account_ids)))
    return {row["id"]: _known(dict(row)) for row in rows.mappings()}


def by_user_name(session: Session, user_name: str) -> Known | None:
    """Find an account by its user name, whichever way it is capitalised."""
    return _one(session, sa.func.lower(_account.c.user_name) == user_name.lower())


def by_openrosa_token(session: Session, digest: str) -> Known | None:
    """Find the account of a token that is not revoked."""
    owner = sa.select(_token.c.account_id).where(
        _token.c.digest == digest, _token.c.revoked_at.is_(None)
    )
    return _one(session, _account.c.id.in_(owner))


def by_openrosa_tokens(
    session: Session, digests: Collection[str], *, revoked_too: bool = False
) -> dict[str, Known]:
    """Find the accounts of tokens, by digest, in one statement: of those not revoked, or of all."""
    wanted = (
        _select()
        .add_columns(_token.c.digest)
        .join(_token, _token.c.account_id == _account.c.id)
        .where(
            _token.c.digest == sa.any_(sa.literal(sorted(digests), _TEXTS)),
            sa.true() if revoked_too else _token.c.revoked_at.is_(None),
        )
    )
    found = [dict(row) for row in session.execute(wanted).mappings()]
    return {row.pop("digest"): _known(row) for row in found}


def accounts(session: Session, scope: Scope) -> Sequence[Known]:
    """List the accounts all of whose areas lie within the scope, by user name."""
    own = _area.c.account_id == _account.c.id
    outside = sa.exists().where(own, ~scope.covers(_area.c.area_code))
    somewhere = sa.or_(sa.exists().where(own), scope.covers(_account.c.home))
    rows = session.execute(_select().where(~outside, somewhere).order_by(_account.c.user_name))
    return [_known(dict(row)) for row in rows.mappings()]


def in_role_over(session: Session, role: Role, codes: Collection[str]) -> Sequence[Known]:
    """List the accounts of a role, open or closed, one of whose areas holds one of these areas."""
    above = {code[:digits] for code in codes for digits in (0, *LENGTHS.values())}
    holders = sa.select(_area.c.account_id).where(_area.c.area_code == among(above))
    rows = session.execute(_select().where(_account.c.role == role, _account.c.id.in_(holders)))
    return [_known(dict(row)) for row in rows.mappings()]


def set_areas(session: Session, told: Mapping[UUID, Whereabouts]) -> None:
    """Put these areas in the place of each account's, and tell where it belongs without any."""
    if not told:
        return
    session.execute(sa.delete(_area).where(_area.c.account_id.in_(told)))
    rows = [
        {"account_id": str(account), "area_code": code}
        for account, place in told.items()
        for code in sorted(place.areas)
    ]
    insert(session, _area, rows)
    homes = sa.case({account: place.home for account, place in told.items()}, value=_account.c.id)
    session.execute(sa.update(_account).where(_account.c.id.in_(told)).values(home=homes))


def add_account(session: Session, account: Account, areas: Sequence[str]) -> None:
    """Add an account with its areas."""
    session.execute(sa.insert(_account).values(**account.model_dump()))
    rows = [{"account_id": account.id, "area_code": code} for code in areas]
    session.execute(sa.insert(_area), rows)


def set_password(session: Session, account_id: UUID, hashed: str) -> None:
    """Replace the password's hash."""
    session.execute(
        sa.update(_account).where(_account.c.id == account_id).values(password_hash=hashed)
    )


def set_inactive(session: Session, account_id: UUID) -> None:
    """Close an account."""
    session.execute(sa.update(_account).where(_account.c.id == account_id).values(is_active=False))


def add_token(session: Session, digest: str, account_id: UUID, now: datetime) -> UUID:
    """Add a token unless it is there; give the account that it belongs to.

    A token that was revoked stays revoked.
    """
    row = {"digest": digest, "account_id": account_id, "created_at": now}
    session.execute(postgresql.insert(_token).values(row).on_conflict_do_nothing())
    owner = session.execute(sa.select(_token.c.account_id).where(_token.c.digest == digest))
    found: UUID = owner.scalar_one()
    return found


def has_token(session: Session, digest: str) -> bool:
    """Tell whether a token was ever issued."""
    found = session.execute(sa.select(_token.c.digest).where(_token.c.digest == digest))
    return found.first() is not None


def revoke_tokens(session: Session, account_id: UUID, now: datetime) -> int:
    """Revoke all tokens of an account; give how many."""
    mine = sa.and_(_token.c.account_id == account_id, _token.c.revoked_at.is_(None))
    revoked = sa.update(_token).where(mine).values(revoked_at=now).returning(_token.c.digest)
    return len(session.execute(revoked).all())


def failures_of_user(session: Session, digest: str, since: datetime) -> Sequence[datetime]:
    """List the times at which logins of a user name failed, newest first."""
    return _failures(session, _failure.c.user_digest == digest, since)


def failures_of_address(session: Session, digest: str, since: datetime) -> Sequence[datetime]:
    """List the times at which logins from an address failed, newest first."""
    return _failures(session, _failure.c.address_digest == digest, since)


def add_failure(session: Session, user: str, address: str, now: datetime) -> None:
    """Note that a login failed."""
    row = {"user_digest": user, "address_digest": address, "at": now}
    session.execute(sa.insert(_failure).values(row))


def forget_failures(session: Session, *, user: str, before: datetime) -> None:
    """Forget the failures of a user name, and of everybody those that are too old to matter."""
    session.execute(
        sa.delete(_failure).where((_failure.c.user_digest == user) | (_failure.c.at < before))
    )


def add_audit(session: Session, entry: AuditEntry) -> None:
    """Note who did what."""
    session.execute(sa.insert(_audit).values(entry.model_dump(exclude={"id"})))


def _failures(
    session: Session, of_whom: sa.ColumnElement[bool], since: datetime
) -> Sequence[datetime]:
    times = sa.select(_failure.c.at).where(of_whom, _failure.c.at > since)
    return session.execute(times.order_by(_failure.c.at.desc()).limit(100)).scalars().all()


def _select() -> sa.Select[Any]:
    return sa.select(_account, _areas_of.label("areas"))


def _one(session: Session, condition: sa.ColumnElement[bool]) -> Known | None:
    row = session.execute(_select().where(condition)).mappings().one_or_none()
    return None if row is None else _known(dict(row))


def _known(row: Mapping[str, Any]) -> Known:
    return Known(**{**row, "areas": tuple(row["areas"])})
