"""Releases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("row_counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_release")),
    )
    op.create_index(op.f("ix_release_lane"), "release", ["lane"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_release_lane"), table_name="release")
    op.drop_table("release")
