"""Matching: decisions, records, keys, edges, groups and questions instead of exact-key pairs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approval",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("version_position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "version_position", name=op.f("pk_approval")),
    )
    op.create_table(
        "edge",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("left_id", sa.String(), nullable=False),
        sa.Column("right_id", sa.String(), nullable=False),
        sa.Column("bits", sa.Float(), nullable=False),
        sa.Column("levels", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.CheckConstraint('left_id < right_id COLLATE "C"', name=op.f("ck_edge_ordered")),
        sa.PrimaryKeyConstraint("lane", "left_id", "right_id", name=op.f("pk_edge")),
    )
    op.create_index(op.f("ix_edge_lane_right_id"), "edge", ["lane", "right_id"])
    op.create_table(
        "golden_record",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("member_count", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("prelist_area_code", sa.String(), nullable=True),
        sa.Column("presence", sa.String(), nullable=True),
        sa.Column("business_name", sa.String(), nullable=False),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kbli", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("nib", sa.String(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("accuracy", sa.Float(), nullable=True),
        sa.Column("document_id", sa.String(), nullable=True),
        sa.Column("report_count", sa.Integer(), nullable=False),
        sa.Column("provenance", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "unit_id", name=op.f("pk_golden_record")),
    )
    op.create_index(
        "ix_golden_record_area",
        "golden_record",
        ["lane", "area_code"],
        postgresql_ops={"area_code": "text_pattern_ops"},
    )
    op.create_index(
        op.f("ix_golden_record_lane_prelist_area_code"),
        "golden_record",
        ["lane", "prelist_area_code"],
    )
    op.create_table(
        "match_case",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("left_id", sa.String(), nullable=False),
        sa.Column("right_id", sa.String(), nullable=False),
        sa.Column("left_group", sa.String(), nullable=False),
        sa.Column("right_group", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("bits", sa.Float(), nullable=True),
        sa.Column("gain", sa.Float(), nullable=False),
        sa.Column("said_position", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("lane", "case_id", name=op.f("pk_match_case")),
    )
    op.create_index(op.f("ix_match_case_lane_gain"), "match_case", ["lane", "gain"])
    op.create_index(op.f("ix_match_case_lane_left_group"), "match_case", ["lane", "left_group"])
    op.create_index(op.f("ix_match_case_lane_right_group"), "match_case", ["lane", "right_group"])
    op.create_table(
        "match_decision",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("left_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("right_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("withdraws", sa.String(), nullable=False),
        sa.Column("needs_second", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lane", "position", name=op.f("pk_match_decision")),
    )
    op.create_index(
        op.f("ix_match_decision_lane_decision_id"), "match_decision", ["lane", "decision_id"]
    )
    op.create_table(
        "match_reference",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_match_reference")),
    )
    op.create_table(
        "match_word",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_merge", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "unit_id", "position", name=op.f("pk_match_word")),
    )
    op.create_index(op.f("ix_match_word_lane_position"), "match_word", ["lane", "position"])
    op.create_table(
        "unit_membership",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "unit_id", name=op.f("pk_unit_membership")),
    )
    op.create_index(
        op.f("ix_unit_membership_lane_group_id"), "unit_membership", ["lane", "group_id"]
    )
    op.create_table(
        "unit_record",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("born", sa.BigInteger(), nullable=False),
        sa.Column("is_silent", sa.Boolean(), nullable=False),
        sa.Column("normaliser", sa.String(), nullable=False),
        sa.Column("features", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "unit_id", name=op.f("pk_unit_record")),
    )
    op.drop_table("candidate")
    op.drop_table("unit_key")
    op.create_table(
        "unit_key",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "key", "unit_id", name=op.f("pk_unit_key")),
    )
    op.create_index(op.f("ix_unit_key_lane_unit_id"), "unit_key", ["lane", "unit_id"])
    op.create_index(op.f("ix_unit_report_lane_position"), "unit_report", ["lane", "position"])
    # every unit that there is waits to be matched
    op.execute(
        "INSERT INTO outbox_note (topic, lane, key) SELECT 'unit-touched', lane, unit_id FROM unit"
    )


def downgrade() -> None:
    op.execute("DELETE FROM outbox_note WHERE topic = 'unit-touched'")
    op.drop_index(op.f("ix_unit_report_lane_position"), table_name="unit_report")
    for table in (
        "approval", "edge", "golden_record", "match_case", "match_decision", "match_reference",
        "match_word", "unit_membership", "unit_record", "unit_key",
    ):  # fmt: skip
        op.drop_table(table)
    op.create_table(
        "unit_key",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "unit_id", "kind", name=op.f("pk_unit_key")),
    )
    op.create_index(op.f("ix_unit_key_lane_kind_digest"), "unit_key", ["lane", "kind", "digest"])
    op.create_table(
        "candidate",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("left_id", sa.String(), nullable=False),
        sa.Column("right_id", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.CheckConstraint('left_id < right_id COLLATE "C"', name=op.f("ck_candidate_ordered")),
        sa.PrimaryKeyConstraint("lane", "left_id", "right_id", name=op.f("pk_candidate")),
    )
    op.create_index(op.f("ix_candidate_lane_right_id"), "candidate", ["lane", "right_id"])
