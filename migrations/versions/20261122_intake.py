"""The journal, quarantine, cursors and the feed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


APPEND_ONLY = """
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is only appended to: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_entry_rows_stay BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER journal_entry_table_stays BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
"""


def upgrade() -> None:
    op.create_table(
        "feed_change",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column(
            "payload", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.PrimaryKeyConstraint("lane", "kind", "key", name=op.f("pk_feed_change")),
        sa.UniqueConstraint("lane", "seq", name=op.f("uq_feed_change_lane_seq")),
    )
    op.create_index(
        "ix_feed_change_area",
        "feed_change",
        ["lane", "area_code"],
        unique=False,
        postgresql_ops={"area_code": "text_pattern_ops"},
    )
    op.create_table(
        "journal_entry",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("form_version", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("prior_instance_id", sa.String(), nullable=True),
        sa.Column(
            "attachments",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("lane ~ '^[0-9]{4}$'", name=op.f("ck_journal_entry_lane")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_journal_entry_position")),
        sa.PrimaryKeyConstraint("lane", "position", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint(
            "lane",
            "kind",
            "instance_id",
            "digest",
            name=op.f("uq_journal_entry_lane_kind_instance_id_digest"),
        ),
    )
    op.create_index(
        op.f("ix_journal_entry_lane_prior_instance_id"),
        "journal_entry",
        ["lane", "prior_instance_id"],
        unique=False,
        postgresql_where=sa.text("prior_instance_id IS NOT NULL"),
    )
    op.create_table(
        "projector_cursor",
        sa.Column("projector", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("projector", "lane", name=op.f("pk_projector_cursor")),
    )
    op.create_table(
        "quarantined",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantined")),
    )
    op.create_index(op.f("ix_quarantined_sha256"), "quarantined", ["sha256"], unique=False)
    op.create_table(
        "receipt_tally",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "outcome", name=op.f("pk_receipt_tally")),
    )
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("receipt_tally")
    op.drop_index(op.f("ix_quarantined_sha256"), table_name="quarantined")
    op.drop_table("quarantined")
    op.drop_table("projector_cursor")
    op.drop_index(
        op.f("ix_journal_entry_lane_prior_instance_id"),
        table_name="journal_entry",
        postgresql_where=sa.text("prior_instance_id IS NOT NULL"),
    )
    op.drop_table("journal_entry")
    op.drop_index(
        "ix_feed_change_area",
        table_name="feed_change",
        postgresql_ops={"area_code": "text_pattern_ops"},
    )
    op.drop_table("feed_change")
    op.execute("DROP FUNCTION journal_is_append_only")
