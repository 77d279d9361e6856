"""Labels of pairs, the rounds they were asked in, and models of an office's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_label",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("withdraws", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("left_id", sa.String(), nullable=False),
        sa.Column("right_id", sa.String(), nullable=False),
        sa.Column("left_area", sa.String(), nullable=False),
        sa.Column("right_area", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("bits", sa.Float(), nullable=True),
        sa.Column("levels", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("left_record", postgresql.JSONB(), nullable=False),
        sa.Column("right_record", postgresql.JSONB(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("labelled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lane", "position", name=op.f("pk_match_label")),
    )
    op.create_index(op.f("ix_match_label_lane_label_id"), "match_label", ["lane", "label_id"])
    op.create_index(
        op.f("ix_match_label_lane_left_id_right_id"), "match_label", ["lane", "left_id", "right_id"]
    )
    op.create_table(
        "label_round",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("pairs", postgresql.JSONB(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lane", "position", name=op.f("pk_label_round")),
    )
    op.create_index(op.f("ix_label_round_lane_round_id"), "label_round", ["lane", "round_id"])
    op.create_table(
        "match_model",
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("in_force_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("model_id", name=op.f("pk_match_model")),
    )
    op.create_index(op.f("ix_match_model_lane_asked_at"), "match_model", ["lane", "asked_at"])
    op.create_index(
        "uq_match_model_in_force",
        "match_model",
        ["lane"],
        unique=True,
        postgresql_where=sa.text("in_force_since IS NOT NULL"),
    )


def downgrade() -> None:
    for table in ("match_model", "label_round", "match_label"):
        op.drop_table(table)
