"""Who worked each sub-SLS from when on, not only who does now."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assignment_history",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("idsubsls", sa.String(), nullable=False),
        sa.Column("officer", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("assigned_by", sa.String(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lane", "position", name=op.f("pk_assignment_history")),
    )
    op.create_index(
        op.f("ix_assignment_history_lane_idsubsls_position"),
        "assignment_history",
        ["lane", "idsubsls", "position"],
    )
    op.create_index(
        op.f("ix_assignment_history_lane_officer"), "assignment_history", ["lane", "officer"]
    )
    op.execute(  # what the projector has taken in already, from where it took it
        """
        INSERT INTO assignment_history
        SELECT lane, position, said->>'idsubsls', (said->>'officer')::uuid, said->>'note',
            actor, received_at
        FROM (
            SELECT entry.*, convert_from(body, 'UTF8')::jsonb AS said
            FROM journal_entry entry
            JOIN projector_cursor cursor
                ON cursor.lane = entry.lane AND cursor.projector = 'fieldwork'
            WHERE entry.kind = 'assignment' AND entry.outcome <> 'rival'
                AND entry.position <= cursor.position
        ) told
        """
    )


def downgrade() -> None:
    op.drop_table("assignment_history")
