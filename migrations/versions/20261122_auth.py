"""Accounts, tokens and audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_index(
        "uq_account_user_name", "account", [sa.literal_column("lower(user_name)")], unique=True
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column(
            "detail", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_table(
        "login_failure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_digest", sa.String(), nullable=False),
        sa.Column("address_digest", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failure")),
    )
    op.create_index(
        op.f("ix_login_failure_address_digest_at"),
        "login_failure",
        ["address_digest", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_login_failure_user_digest_at"),
        "login_failure",
        ["user_digest", "at"],
        unique=False,
    )
    op.create_table(
        "account_area",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_account_area_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "area_code", name=op.f("pk_account_area")),
    )
    op.create_table(
        "openrosa_token",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_openrosa_token_account_id_account")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_openrosa_token")),
    )
    op.create_index(
        op.f("ix_openrosa_token_account_id"), "openrosa_token", ["account_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_openrosa_token_account_id"), table_name="openrosa_token")
    op.drop_table("openrosa_token")
    op.drop_table("account_area")
    op.drop_index(op.f("ix_login_failure_user_digest_at"), table_name="login_failure")
    op.drop_index(op.f("ix_login_failure_address_digest_at"), table_name="login_failure")
    op.drop_table("login_failure")
    op.drop_table("audit_entry")
    op.drop_index("uq_account_user_name", table_name="account")
    op.drop_table("account")
