"""Things put off on Today, and what tells the open cases and the last talk of each without reading them all."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "snooze",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer()),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
    )
    op.create_index("ix_snooze_student_id", "snooze", ["student_id"])
    op.create_index("ix_snooze_until", "snooze", ["until"])
    op.create_index("ix_case_file_status", "case_file", ["status"])
    op.create_index("ix_note_last", "note", ["case_id", "deleted_at", "status", "held_on"])
