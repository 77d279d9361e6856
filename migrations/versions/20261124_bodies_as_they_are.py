"""Keep what was sent as it is: to compress each form costs as much as to store it."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE journal_entry ALTER COLUMN body SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.execute("ALTER TABLE journal_entry ALTER COLUMN body SET STORAGE EXTENDED")
