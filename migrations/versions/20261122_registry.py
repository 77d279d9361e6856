"""Prelist, reports, units and candidates."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_sources()
    _create_unit()
    _create_matching()


def _create_sources() -> None:
    op.create_table(
        "prelist_unit",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("instance_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("idsbr", sa.String(), nullable=False),
        sa.Column("idsubsls", sa.String(), nullable=False),
        sa.Column("business_name", sa.String(), nullable=False),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kbli", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("nib", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "unit_id", name=op.f("pk_prelist_unit")),
    )
    op.create_index(
        "ix_prelist_unit_area",
        "prelist_unit",
        ["lane", "idsubsls"],
        unique=False,
        postgresql_ops={"idsubsls": "text_pattern_ops"},
    )
    op.create_table(
        "unit_report",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("claimed_id", sa.String(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("presence", sa.String(), nullable=True),
        sa.Column("area_code", sa.String(), nullable=True),
        sa.Column("business_name", sa.String(), nullable=False),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kbli", sa.String(), nullable=False),
        sa.Column("mobile", sa.String(), nullable=False),
        sa.Column("nib", sa.String(), nullable=False),
        sa.Column("owner_key", sa.String(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("accuracy", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("lane", "document_id", name=op.f("pk_unit_report")),
    )
    op.create_index(
        op.f("ix_unit_report_lane_unit_id_position"),
        "unit_report",
        ["lane", "unit_id", "position"],
        unique=False,
    )


def _create_unit() -> None:
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
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("document_id", sa.String(), nullable=True),
        sa.Column("report_count", sa.Integer(), nullable=False),
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
    op.create_index(
        op.f("ix_unit_lane_prelist_area_code"), "unit", ["lane", "prelist_area_code"], unique=False
    )
    op.create_index(op.f("ix_unit_lane_document_id"), "unit", ["lane", "document_id"], unique=False)


def _create_matching() -> None:
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


def downgrade() -> None:
    for table in ("candidate", "unit_key", "unit", "unit_report", "prelist_unit"):
        op.drop_table(table)
