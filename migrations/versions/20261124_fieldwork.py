"""Who works which sub-SLS, what officers are told, and where one without areas belongs."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("idsubsls", sa.String(), nullable=False),
        sa.Column("officer", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("assigned_by", sa.String(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "idsubsls", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_lane_officer"), "assignment", ["lane", "officer"])
    op.create_table(
        "announcement",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("announcement_id", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("announced_by", sa.String(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "announcement_id", name=op.f("pk_announcement")),
    )
    op.add_column(
        "account", sa.Column("home", sa.String(), nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    op.drop_column("account", "home")
    op.drop_table("announcement")
    op.drop_table("assignment")
