"""Accounts, the areas they answer for, tokens, and who did what."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.db import Moment


class Role(StrEnum):
    """What somebody may do; always together with an area scope."""

    ENUMERATOR = "enumerator"  # PPL
    SUPERVISOR = "supervisor"  # PML
    COORDINATOR = "coordinator"  # Koseka
    REGENCY_ADMIN = "regency_admin"
    NATIONAL_ADMIN = "national_admin"
    ANALYST = "analyst"
    RESPONDENT = "respondent"  # CAWI
    GOVERNMENT = "government"  # aggregates only


FIELD_STAFF = frozenset(
    {
        Role.ENUMERATOR,
        Role.SUPERVISOR,
        Role.COORDINATOR,
        Role.REGENCY_ADMIN,
        Role.NATIONAL_ADMIN,
    }
)
"""Who may see single businesses: names, addresses, answers. Analysts get releases."""


class Account(SQLModel, table=True):
    """Somebody who may log in."""

    __tablename__ = "account"
    __table_args__ = (sa.Index("uq_account_user_name", sa.text("lower(user_name)"), unique=True),)

    id: UUID = Field(primary_key=True)
    user_name: str
    display_name: str
    password_hash: str
    role: Role = Field(sa_type=sa.String)
    is_active: bool = True
    created_at: datetime = Field(sa_type=Moment)
    home: str = Field(
        default="",
        description="the area that was taken from it last: where it belongs while it has none",
        sa_column_kwargs={"server_default": ""},
    )


class AccountArea(SQLModel, table=True):
    """An area that an account answers for, with everything below it; empty code: the nation.

    Those of enumerators follow from assignments as well: `app.fieldwork` keeps them in step.
    """

    __tablename__ = "account_area"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    area_code: str = Field(primary_key=True, index=True)


class OpenRosaToken(SQLModel, table=True):
    """A token in the address that ODK Collect is set up with; only its hash is kept."""

    __tablename__ = "openrosa_token"

    digest: str = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class LoginFailure(SQLModel, table=True):
    """A failed login, to slow down guessing; user name and address are kept as hashes."""

    __tablename__ = "login_failure"
    __table_args__ = (sa.Index(None, "user_digest", "at"), sa.Index(None, "address_digest", "at"))

    id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    )
    user_digest: str
    address_digest: str
    at: datetime = Field(sa_type=Moment)


class AuditEntry(SQLModel, table=True):
    """Who changed which plain table, when; no personal data in `detail`."""

    __tablename__ = "audit_entry"

    id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    )
    at: datetime = Field(sa_type=Moment)
    actor: str
    action: str
    subject: str
    detail: dict[str, Any] = Field(
        default_factory=dict, sa_column=sa.Column(JSONB, nullable=False, server_default="{}")
    )
