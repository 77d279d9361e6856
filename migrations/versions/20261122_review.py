"""Documents, findings and decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("version_position", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lane", "position", name=op.f("pk_decision")),
    )
    op.create_index(
        op.f("ix_decision_lane_document_id"), "decision", ["lane", "document_id"], unique=False
    )
    op.create_table(
        "document",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("form_version", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("presence", sa.String(), nullable=False),
        sa.Column("current_position", sa.BigInteger(), nullable=False),
        sa.Column("current_instance_id", sa.String(), nullable=False),
        sa.Column("version_count", sa.Integer(), nullable=False),
        sa.Column("rival_count", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_position", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("lane", "document_id", name=op.f("pk_document")),
    )
    op.create_index(
        "ix_document_area",
        "document",
        ["lane", "area_code"],
        unique=False,
        postgresql_ops={"area_code": "text_pattern_ops"},
    )
    op.create_index(
        op.f("ix_document_lane_current_position"),
        "document",
        ["lane", "current_position"],
        unique=False,
    )
    op.create_index(op.f("ix_document_lane_status"), "document", ["lane", "status"], unique=False)
    op.create_table(
        "document_version",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(), nullable=False),
        sa.Column("prior_instance_id", sa.String(), nullable=True),
        sa.Column("is_rival", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "position", name=op.f("pk_document_version")),
    )
    op.create_index(
        op.f("ix_document_version_lane_document_id"),
        "document_version",
        ["lane", "document_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_document_version_lane_instance_id"),
        "document_version",
        ["lane", "instance_id"],
        unique=False,
    )
    op.create_table(
        "finding",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "position", "ordinal", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_lane_rule"), "finding", ["lane", "rule"], unique=False)
    op.create_table(
        "validation",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("error_count", sa.Integer(), nullable=False),
        sa.Column("warning_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "position", name=op.f("pk_validation")),
    )


def downgrade() -> None:
    op.drop_table("validation")
    op.drop_index(op.f("ix_finding_lane_rule"), table_name="finding")
    op.drop_table("finding")
    op.drop_index(op.f("ix_document_version_lane_instance_id"), table_name="document_version")
    op.drop_index(op.f("ix_document_version_lane_document_id"), table_name="document_version")
    op.drop_table("document_version")
    op.drop_index(op.f("ix_document_lane_status"), table_name="document")
    op.drop_index(op.f("ix_document_lane_current_position"), table_name="document")
    op.drop_index(
        "ix_document_area", table_name="document", postgresql_ops={"area_code": "text_pattern_ops"}
    )
    op.drop_table("document")
    op.drop_index(op.f("ix_decision_lane_document_id"), table_name="decision")
    op.drop_table("decision")
