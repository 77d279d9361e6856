"""Documents held against other rules, at somebody's wish, with what would change."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "revalidation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("from_version", sa.String(), nullable=False),
        sa.Column("against_version", sa.String(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("last_document", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revalidation")),
    )
    op.create_index(op.f("ix_revalidation_asked_at"), "revalidation", ["asked_at"])
    op.create_table(
        "revalidation_change",
        sa.Column("revalidation_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("appeared", sa.Boolean(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revalidation_id"],
            ["revalidation.id"],
            name=op.f("fk_revalidation_change_revalidation_id_revalidation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "revalidation_id", "document_id", "ordinal", name=op.f("pk_revalidation_change")
        ),
    )


def downgrade() -> None:
    op.drop_table("revalidation_change")
    op.drop_table("revalidation")
