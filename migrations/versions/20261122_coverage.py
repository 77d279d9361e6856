"""Coverage tallies."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coverage_tally",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("prelist", sa.Integer(), nullable=False),
        sa.Column("not_visited", sa.Integer(), nullable=False),
        sa.Column("not_found", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("non_response", sa.Integer(), nullable=False),
        sa.Column("submitted", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("with_errors", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "area_code", name=op.f("pk_coverage_tally")),
    )
    op.create_index(
        "ix_coverage_tally_area",
        "coverage_tally",
        ["area_code"],
        unique=False,
        postgresql_ops={"area_code": "text_pattern_ops"},
    )


def downgrade() -> None:
    op.drop_index(
        "ix_coverage_tally_area",
        table_name="coverage_tally",
        postgresql_ops={"area_code": "text_pattern_ops"},
    )
    op.drop_table("coverage_tally")
