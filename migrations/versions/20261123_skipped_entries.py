"""Entries that a projector could not take in."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "skipped_entry",
        sa.Column("projector", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("projector", "lane", "position", name=op.f("pk_skipped_entry")),
    )


def downgrade() -> None:
    op.drop_table("skipped_entry")
