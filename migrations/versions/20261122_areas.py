"""The region tree."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area_version",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("source_digest", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_version")),
    )
    op.create_table(
        "area",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.Column("kemendagri_code", sa.String(), nullable=True),
        sa.Column("kemendagri_name", sa.String(), nullable=True),
        sa.Column("postal_code", sa.String(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("area_km2", sa.Float(), nullable=True),
        sa.Column("expected_load", sa.Integer(), nullable=True),
        sa.Column("since_version", sa.Integer(), nullable=False),
        sa.Column("until_version", sa.Integer(), nullable=True),
        sa.CheckConstraint("code ~ '^[0-9]+$'", name=op.f("ck_area_digits")),
        sa.CheckConstraint("length(code) IN (2, 4, 7, 10, 14, 16)", name=op.f("ck_area_level")),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["area.code"], name=op.f("fk_area_parent_code_area")
        ),
        sa.ForeignKeyConstraint(
            ["since_version"], ["area_version.id"], name=op.f("fk_area_since_version_area_version")
        ),
        sa.ForeignKeyConstraint(
            ["until_version"], ["area_version.id"], name=op.f("fk_area_until_version_area_version")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area")),
        sa.UniqueConstraint("kemendagri_code", name=op.f("uq_area_kemendagri_code")),
    )
    op.create_index(
        "ix_area_code_prefix",
        "area",
        ["code"],
        unique=False,
        postgresql_ops={"code": "text_pattern_ops"},
    )
    op.create_index(op.f("ix_area_parent_code"), "area", ["parent_code"], unique=False)
    op.create_table(
        "area_revision",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["area.code"], name=op.f("fk_area_revision_code_area")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["area_version.id"],
            name=op.f("fk_area_revision_version_id_area_version"),
        ),
        sa.PrimaryKeyConstraint("code", "version_id", name=op.f("pk_area_revision")),
    )
    op.create_table(
        "boundary",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("geometry", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["area.code"], name=op.f("fk_boundary_code_area")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_boundary")),
    )


def downgrade() -> None:
    op.drop_table("boundary")
    op.drop_table("area_revision")
    op.drop_index(op.f("ix_area_parent_code"), table_name="area")
    op.drop_index(
        "ix_area_code_prefix", table_name="area", postgresql_ops={"code": "text_pattern_ops"}
    )
    op.drop_table("area")
    op.drop_table("area_version")
