"""What a report calls the twin of its unit: a question for the review desk."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "unit_report",
        sa.Column("duplicate_of", sa.String(), nullable=False, server_default=""),
    )
    op.create_index(
        op.f("ix_unit_report_lane_duplicate_of"),
        "unit_report",
        ["lane", "duplicate_of"],
        postgresql_where=sa.text("duplicate_of <> ''"),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_unit_report_lane_duplicate_of"), table_name="unit_report")
    op.drop_column("unit_report", "duplicate_of")
