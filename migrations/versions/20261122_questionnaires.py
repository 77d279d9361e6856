"""Published questionnaires."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questionnaire",
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("xform", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("form_id", "version", name=op.f("pk_questionnaire")),
    )
    op.create_table(
        "questionnaire_list",
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id", "version"],
            ["questionnaire.form_id", "questionnaire.version"],
            name=op.f("fk_questionnaire_list_form_id_version_questionnaire"),
        ),
        sa.PrimaryKeyConstraint(
            "form_id", "version", "name", "since", name=op.f("pk_questionnaire_list")
        ),
    )


def downgrade() -> None:
    op.drop_table("questionnaire_list")
    op.drop_table("questionnaire")
