"""Uploaded questionnaires, tried out before they count; who closed a version, and when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questionnaire_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("xform", sa.LargeBinary(), nullable=True),
        sa.Column("remarks", postgresql.JSONB(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_draft")),
    )
    op.create_index(
        op.f("ix_questionnaire_draft_uploaded_at"), "questionnaire_draft", ["uploaded_at"]
    )
    op.create_table(
        "questionnaire_draft_list",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["questionnaire_draft.id"],
            name=op.f("fk_questionnaire_draft_list_draft_id_questionnaire_draft"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("draft_id", "name", name=op.f("pk_questionnaire_draft_list")),
    )
    op.create_table(
        "questionnaire_trial",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["questionnaire_draft.id"],
            name=op.f("fk_questionnaire_trial_draft_id_questionnaire_draft"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_trial")),
        sa.UniqueConstraint(
            "draft_id", "sha256", name=op.f("uq_questionnaire_trial_draft_id_sha256")
        ),
    )
    op.add_column(
        "questionnaire", sa.Column("note", sa.String(), nullable=False, server_default="")
    )
    op.alter_column("questionnaire", "note", server_default=None)
    op.add_column("questionnaire", sa.Column("draft_id", sa.Uuid(), nullable=True))
    op.add_column("questionnaire", sa.Column("closed_at", sa.DateTime(timezone=True)))
    op.add_column(
        "questionnaire", sa.Column("closed_by", sa.String(), nullable=False, server_default="")
    )
    op.alter_column("questionnaire", "closed_by", server_default=None)


def downgrade() -> None:
    for column in ("closed_by", "closed_at", "draft_id", "note"):
        op.drop_column("questionnaire", column)
    op.drop_table("questionnaire_trial")
    op.drop_table("questionnaire_draft_list")
    op.drop_table("questionnaire_draft")
