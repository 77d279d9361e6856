"""Who a change of the feed reaches: an officer wherever he works, or all who work in an area."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feed_change", sa.Column("addressee", sa.Uuid(), nullable=True))
    op.add_column(
        "feed_change",
        sa.Column("is_for_all", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index(
        op.f("ix_feed_change_lane_addressee"),
        "feed_change",
        ["lane", "addressee"],
        postgresql_where=sa.text("addressee IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_feed_change_lane_seq_for_all"),
        "feed_change",
        ["lane", "seq"],
        postgresql_where=sa.text("is_for_all"),
    )
    op.execute(  # what is offered already is told at the worker's next round
        "INSERT INTO outbox_note (topic, lane, key) "
        "SELECT DISTINCT 'questionnaires-touched', '', form_id FROM questionnaire"
    )


def downgrade() -> None:
    op.drop_index("ix_feed_change_lane_seq_for_all", "feed_change")
    op.drop_index("ix_feed_change_lane_addressee", "feed_change")
    op.drop_column("feed_change", "is_for_all")
    op.drop_column("feed_change", "addressee")
