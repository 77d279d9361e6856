"""Units and candidates."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "candidate",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("left_id", sa.String(), nullable=False),
        sa.Column("right_id", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.CheckConstraint('left_id < right_id COLLATE "C"', name=op.f("ck_candidate_ordered")),
        sa.PrimaryKeyConstraint("lane", "left_id", "right_id", name=op.f("pk_candidate")),
    )
    op.create_index(
        op.f("ix_candidate_lane_right_id"), "candidate", ["lane", "right_id"], unique=False
    )
    op.create_table(
        "unit",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("prelist_area_code", sa.String(), nullable=True),
        sa.Column("presence", sa.String(), nullable=True),
        sa.Column("business_name", sa.String(), nullable=False),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kbli", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=True),
        sa.Column("prelist_digest", sa.String(), nullable=True),
        sa.Column("updated_position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "unit_id", name=op.f("pk_unit")),
    )
    op.create_index(
        "ix_unit_area",
        "unit",
        ["lane", "area_code"],
        unique=False,
        postgresql_ops={"area_code": "text_pattern_ops"},
    )
    op.create_index(op.f("ix_unit_lane_document_id"), "unit", ["lane", "document_id"], unique=False)
    op.create_table(
        "unit_key",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "unit_id", "kind", name=op.f("pk_unit_key")),
    )
    op.create_index(
        op.f("ix_unit_key_lane_kind_digest"), "unit_key", ["lane", "kind", "digest"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_unit_key_lane_kind_digest"), table_name="unit_key")
    op.drop_table("unit_key")
    op.drop_index(op.f("ix_unit_lane_document_id"), table_name="unit")
    op.drop_index(
        "ix_unit_area", table_name="unit", postgresql_ops={"area_code": "text_pattern_ops"}
    )
    op.drop_table("unit")
    op.drop_index(op.f("ix_candidate_lane_right_id"), table_name="candidate")
    op.drop_table("candidate")
