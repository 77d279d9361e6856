"""Lists of entities, derived from the journal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entity",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("held_count", sa.Integer(), nullable=False),
        sa.Column("conflict_count", sa.Integer(), nullable=False),
        sa.Column("updated_position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "dataset", "entity_id", name=op.f("pk_entity")),
    )
    op.create_index(
        "ix_entity_area",
        "entity",
        ["lane", "dataset", "area_code"],
        postgresql_ops={"area_code": "text_pattern_ops"},
    )
    op.create_index(
        "ix_entity_open",
        "entity",
        ["lane", "dataset", "entity_id"],
        postgresql_where=sa.text("held_count > 0 OR conflict_count > 0"),
    )
    op.create_table(
        "entity_version",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(), nullable=False),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.Column("creates", sa.Boolean(), nullable=False),
        sa.Column("updates", sa.Boolean(), nullable=False),
        sa.Column("deletes", sa.Boolean(), nullable=True),
        sa.Column("base", sa.BigInteger(), nullable=True),
        sa.Column("trunk", sa.BigInteger(), nullable=True),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("lane", "position", "ordinal", name=op.f("pk_entity_version")),
    )
    op.create_index(
        op.f("ix_entity_version_lane_dataset_entity_id"),
        "entity_version",
        ["lane", "dataset", "entity_id"],
    )
    op.create_table(
        "entity_conflict",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("base_value", sa.String(), nullable=True),
        sa.Column("other_value", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "lane", "dataset", "entity_id", "number", "field", name=op.f("pk_entity_conflict")
        ),
    )


def downgrade() -> None:
    op.drop_table("entity_conflict")
    op.drop_table("entity_version")
    op.drop_table("entity")
