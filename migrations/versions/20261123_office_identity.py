"""Which office a database is, and at which vault its backup lies."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    fresh = sa.text("gen_random_uuid()")
    op.add_column(
        "deployment", sa.Column("office", sa.Uuid(), nullable=False, server_default=fresh)
    )
    op.add_column("deployment", sa.Column("vault", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("deployment", "vault")
    op.drop_column("deployment", "office")
