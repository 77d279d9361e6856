"""Find quickly what a lane holds from one device."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_journal_entry_lane_device"), "journal_entry", ["lane", "device"])


def downgrade() -> None:
    op.drop_index(op.f("ix_journal_entry_lane_device"), table_name="journal_entry")
