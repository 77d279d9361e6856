"""Up to where the backup holds each lane, and files that it waits for."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backup_mark",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_backup_mark")),
    )
    op.create_table(
        "unshipped_file",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "sha256", name=op.f("pk_unshipped_file")),
    )


def downgrade() -> None:
    op.drop_table("unshipped_file")
    op.drop_table("backup_mark")
