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
    op.create_table(
        "assignment_word",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("idsubsls", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lane", "position", name=op.f("pk_assignment_word")),
    )
    for name in ("idsubsls", "officer"):
        op.create_index(
            op.f(f"ix_assignment_word_lane_{name}_position"),
            "assignment_word",
            ["lane", name, "position"],
        )
    op.execute(
        """
        INSERT INTO assignment_word
        SELECT entry.lane, entry.position, convert_from(body, 'UTF8')::jsonb->>'idsubsls',
            coalesce(convert_from(body, 'UTF8')::jsonb->>'officer', ''), received_at
        FROM journal_entry entry
        JOIN projector_cursor cursor
            ON cursor.lane = entry.lane AND cursor.projector = 'findings'
        WHERE entry.kind = 'assignment' AND entry.outcome <> 'rival'
            AND entry.position <= cursor.position
        """
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
    op.drop_table("assignment_word")
    op.drop_table("assignment_history")
