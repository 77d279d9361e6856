"""Look up accounts by an area that they answer for: a file of assignments asks for thousands."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_account_area_area_code"), "account_area", ["area_code"])


def downgrade() -> None:
    op.drop_index(op.f("ix_account_area_area_code"), table_name="account_area")
